const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["create.js","rolldown-runtime.js","base.js","react.js","Modal.js","NativeScrollArea.js","fields.js","action.js","FocusTrap.js","ScrollArea.js","Select.js","Popover.js","CheckIcon.js","field.js","Textarea.js","grants.js","Badge.js","Checkbox.js","Radio.js","RadioIcon.js","Skeleton.js","risks.js","shell.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime.js";import{C as t,E as n,M as r,Ot as i,T as a,_ as o,b as s,d as c,j as l,l as u,m as d,n as f,p,v as m}from"./base.js";import{t as h}from"./Badge.js";import{t as g}from"./Skeleton.js";import{d as _,l as v}from"./react.js";import{t as y}from"./confirm.js";import{t as b}from"./grants.js";import{n as x,t as S}from"./secret.js";import{r as C}from"./shell.js";var w=e(_(),1),T=v(),E=(0,w.lazy)(()=>o(()=>import(`./create.js`),__vite__mapDeps([0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22]))),D=n({en:{title:`Programs`,lead:`What acts for this account without a person: each program presents an API token of its own, and can never do more than whoever made it.`,create:`New token`,empty:`No program acts for this account`,emptyText:`Make a token for each program that is to, with just what it needs. If one gets out, you revoke that one and nothing else stops.`,ACTIVE:`Works`,EXPIRED:`Expired`,ACCOUNT_CLOSED:`Account closed`,CREATOR_LOST_ACCESS:`Does nothing now`,lost:e=>`${e}, who made it, has lost what it was made for. It works again if that changes.`,less:(e,t)=>`Can do ${e} of these ${t} now: whoever made it has lost the rest.`,ends:e=>`ends in ${e}`,made:(e,t)=>`made by ${e} on ${t}`,until:e=>`good until ${e}`,was:e=>`expired on ${e}`,endless:`never expires`,soon:`expires soon`,used:`last used`,from:e=>`from ${e}`,unused:`never used yet`,here:`in this account only`,ALL:`in all sub-accounts as well`,in:e=>`in ${e} as well`,revoke:`Revoke`,revokeTitle:e=>`Revoke ${e}?`,revokeText:`Whatever uses it is refused from the next request on. That cannot be taken back: it would need a new token.`,revoked:e=>`${e} no longer works.`,made2:e=>`${e} is made`,token:`Token`,try:`Try it`,tryText:`Programs send it as a bearer token with each request. This asks what it may do:`},de:{title:`Programme`,lead:`Was ohne eine Person für dieses Konto handelt: Jedes Programm zeigt ein eigenes API-Token vor und kann nie mehr, als wer es gemacht hat.`,create:`Neues Token`,empty:`Kein Programm handelt für dieses Konto`,emptyText:`Machen Sie für jedes Programm ein eigenes Token, mit genau dem, was es braucht. Gerät eines in falsche Hände, widerrufen Sie dieses, und sonst hört nichts auf.`,ACTIVE:`Gilt`,EXPIRED:`Abgelaufen`,ACCOUNT_CLOSED:`Konto geschlossen`,CREATOR_LOST_ACCESS:`Kann gerade nichts`,lost:e=>`${e} hat es gemacht und das verloren, wofür es da ist. Ändert sich das, gilt es wieder.`,less:(e,t)=>`Kann jetzt ${e} von diesen ${t}: Den Rest hat verloren, wer es gemacht hat.`,ends:e=>`endet auf ${e}`,made:(e,t)=>`gemacht von ${e} am ${t}`,until:e=>`gilt bis ${e}`,was:e=>`abgelaufen am ${e}`,endless:`läuft nie ab`,soon:`läuft bald ab`,used:`zuletzt benutzt`,from:e=>`von ${e}`,unused:`noch nie benutzt`,here:`nur in diesem Konto`,ALL:`auch in allen Unterkonten`,in:e=>`auch in ${e}`,revoke:`Widerrufen`,revokeTitle:e=>`${e} widerrufen?`,revokeText:`Was es benutzt, wird ab der nächsten Anfrage abgewiesen. Das lässt sich nicht zurücknehmen: Es bräuchte ein neues Token.`,revoked:e=>`${e} gilt nicht mehr.`,made2:e=>`${e} ist gemacht`,token:`Token`,try:`Ausprobieren`,tryText:`Programme schicken es mit jeder Anfrage als Bearer-Token. Dies fragt, was es darf:`}}),O=l(`
  query Programs($accountId: ID!) {
    account(id: $accountId) {
      id
      policies {
        membersWithoutTwoFactor
      }
      apiTokens(first: 50) {
        nodes {
          id
          name
          hint
          permissions
          effectivePermissions
          state
          subAccountAccess
          selectedSubAccounts {
            id
            name
          }
          createdBy {
            id
            name
          }
          createdAt
          expiresAt
          lastUsedAt
          lastUsedAddress
        }
      }
    }
  }
`),k=l(`
  mutation RevokeApiToken($input: RevokeApiTokenInput!) {
    revokeApiToken(input: $input) {
      revokedTokenId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),A=12096e5,j=JSON.stringify({query:`{ apiToken { name effectivePermissions account { id name } } }`});function M(){let e=a(D),t=u(),{account:n,open:o}=C(),s={accountId:n.id},{data:l,error:h,loading:_,refetch:v}=i(O,{variables:s,fetchPolicy:`cache-and-network`}),[b]=f(k),[A,M]=(0,w.useState)(!1),[P,F]=(0,w.useState)(null),[I,L]=(0,w.useState)(null),R=l?.account?.apiTokens?.nodes,z=(0,T.jsx)(r,{leftSection:(0,T.jsx)(m,{name:`plus`,size:16}),onClick:()=>M(!0),disabled:!o,children:e.create});return(0,T.jsxs)(d,{title:e.title,lead:e.lead,shown:{document:O,variables:s},actions:!!R?.length&&z,children:[!R&&!_?(0,T.jsx)(p,{error:h,again:()=>void v()}):(0,T.jsx)(`section`,{className:`panel`,"aria-busy":_,children:R?R.length?(0,T.jsx)(`ul`,{className:`list`,children:R.map(e=>(0,T.jsx)(N,{token:e,revoke:()=>L(e)},e.id))}):(0,T.jsx)(c,{icon:`code`,title:e.empty,text:e.emptyText,children:z}):(0,T.jsxs)(`div`,{className:`body stack`,children:[(0,T.jsx)(g,{h:64}),(0,T.jsx)(g,{h:64})]})}),(0,T.jsx)(w.Suspense,{children:A&&(0,T.jsx)(E,{special:typeof l?.account?.policies?.membersWithoutTwoFactor==`number`,close:(e,t)=>{M(!1),e&&(t&&F({name:e,secret:t}),v())}})}),P&&(0,T.jsxs)(x,{title:e.made2(P.name),label:e.token,secret:P.secret,close:()=>F(null),children:[(0,T.jsx)(`p`,{className:`faint`,children:e.tryText}),(0,T.jsx)(S,{label:e.try,text:`curl ${location.origin}/graphql \\\n  -H 'Authorization: Bearer ${P.secret}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${j}'`})]}),I&&(0,T.jsx)(y,{title:e.revokeTitle(I.name),label:e.revoke,danger:!0,close:()=>L(null),act:async()=>{let{refusals:n}=await b({input:{tokenId:I.id}});return n.length?n:(t({text:e.revoked(I.name)}),await v(),[])},children:e.revokeText})]})}function N({token:e,revoke:n}){let o=a(D),c=t(),{account:l}=C(),{data:u}=i(b,{variables:{accountId:l.id}}),d=e=>u?.permissionCatalog?.permissions.find(t=>t.key===e)?.label??e,f=e.state===`ACTIVE`,p=f&&!!e.expiresAt&&new Date(e.expiresAt).getTime()-Date.now()<A,g=e.selectedSubAccounts??[];return(0,T.jsxs)(`li`,{className:`todo split`,children:[(0,T.jsx)(`span`,{className:`sign ${f?p?`care`:`new`:`wrong`}`,children:(0,T.jsx)(m,{name:`code`})}),(0,T.jsxs)(`div`,{className:`grow stack tight`,children:[(0,T.jsxs)(`span`,{className:`row tight`,children:[(0,T.jsx)(`strong`,{className:`wrap`,children:e.name}),(0,T.jsx)(h,{size:`sm`,variant:`light`,color:f?p?`yellow`:`green`:`red`,children:p?o.soon:o[e.state]}),(0,T.jsx)(`span`,{className:`faint small`,children:o.ends(e.hint)})]}),(0,T.jsxs)(`p`,{className:`wrap`,children:[e.permissions.map(d).join(` · `),` `,(0,T.jsx)(`span`,{className:`faint`,children:e.subAccountAccess===`ALL`?o.ALL:g.length?o.in(c.list(g.map(e=>e.name))):o.here})]}),e.state===`CREATOR_LOST_ACCESS`&&(0,T.jsx)(`p`,{className:`small`,children:o.lost(e.createdBy.name)}),f&&e.effectivePermissions.length<e.permissions.length&&(0,T.jsx)(`p`,{className:`small`,children:o.less(e.effectivePermissions.length,e.permissions.length)}),(0,T.jsxs)(`p`,{className:`faint small wrap`,children:[o.made(e.createdBy.name,c.date(e.createdAt)),` · `,e.expiresAt?(e.state===`EXPIRED`?o.was:o.until)(c.date(e.expiresAt)):o.endless,` ·`,` `,e.lastUsedAt?(0,T.jsxs)(T.Fragment,{children:[o.used,` `,(0,T.jsx)(s,{at:e.lastUsedAt}),` `,e.lastUsedAddress&&o.from(e.lastUsedAddress)]}):o.unused]})]}),(0,T.jsx)(`div`,{className:`row`,children:(0,T.jsx)(r,{size:`sm`,variant:`outline`,color:`red`,onClick:n,"aria-label":`${o.revoke}: ${e.name}`,children:o.revoke})})]})}export{M as default};