const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["./create.js","./rolldown-runtime.js","./base.js","./react.js","./Modal.js","./NativeScrollArea.js","./fields.js","./action.js","./FocusTrap.js","./ScrollArea.js","./Select.js","./Popover.js","./CheckIcon.js","./field.js","./Textarea.js","./grants.js","./Badge.js","./Checkbox.js","./Radio.js","./RadioIcon.js","./Skeleton.js","./risks.js","./shell.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime.js";import{t}from"./Badge.js";import{C as n,E as r,I as i,L as a,O as o,S as s,_ as c,d as l,k as u,l as d,m as f,n as p,p as m,x as h,y as g}from"./base.js";import{t as _}from"./Skeleton.js";import{d as v,l as y}from"./react.js";import{t as b}from"./confirm.js";import{t as x}from"./grants.js";import{n as S,t as C}from"./secret.js";import{r as w}from"./shell.js";var T=e(v(),1),E=y(),D=h(()=>s(()=>import(`./create.js`),__vite__mapDeps([0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22]),import.meta.url),`corner`),O=u({en:{title:`Programs`,lead:`What acts for this account without a person: each program presents an API token of its own, and can never do more than whoever made it.`,create:`New token`,empty:`No program acts for this account`,emptyText:`Make a token for each program that is to, with just what it needs. If one gets out, you revoke that one and nothing else stops.`,ACTIVE:`Works`,EXPIRED:`Expired`,ACCOUNT_CLOSED:`Account closed`,CREATOR_LOST_ACCESS:`Does nothing now`,lost:e=>`${e}, who made it, has lost what it was made for. It works again if that changes.`,less:(e,t)=>`Can do ${e} of these ${t} now: whoever made it has lost the rest.`,ends:e=>`ends in ${e}`,made:(e,t)=>`made by ${e} on ${t}`,until:e=>`good until ${e}`,was:e=>`expired on ${e}`,endless:`never expires`,soon:`expires soon`,used:`last used`,from:e=>`from ${e}`,unused:`never used yet`,here:`in this account only`,ALL:`in all sub-accounts as well`,in:e=>`in ${e} as well`,revoke:`Revoke`,revokeTitle:e=>`Revoke ${e}?`,revokeText:`Whatever uses it is refused from the next request on. That cannot be taken back: it would need a new token.`,revoked:e=>`${e} no longer works.`,made2:e=>`${e} is made`,token:`Token`,try:`Try it`,tryText:`Programs send it as a bearer token with each request. This asks what it may do:`},de:{title:`Programme`,lead:`Was ohne eine Person für dieses Konto handelt: Jedes Programm zeigt ein eigenes API-Token vor und kann nie mehr, als wer es gemacht hat.`,create:`Neues Token`,empty:`Kein Programm handelt für dieses Konto`,emptyText:`Machen Sie für jedes Programm ein eigenes Token, mit genau dem, was es braucht. Gerät eines in falsche Hände, widerrufen Sie dieses, und sonst hört nichts auf.`,ACTIVE:`Gilt`,EXPIRED:`Abgelaufen`,ACCOUNT_CLOSED:`Konto geschlossen`,CREATOR_LOST_ACCESS:`Kann gerade nichts`,lost:e=>`${e} hat es gemacht und das verloren, wofür es da ist. Ändert sich das, gilt es wieder.`,less:(e,t)=>`Kann jetzt ${e} von diesen ${t}: Den Rest hat verloren, wer es gemacht hat.`,ends:e=>`endet auf ${e}`,made:(e,t)=>`gemacht von ${e} am ${t}`,until:e=>`gilt bis ${e}`,was:e=>`abgelaufen am ${e}`,endless:`läuft nie ab`,soon:`läuft bald ab`,used:`zuletzt benutzt`,from:e=>`von ${e}`,unused:`noch nie benutzt`,here:`nur in diesem Konto`,ALL:`auch in allen Unterkonten`,in:e=>`auch in ${e}`,revoke:`Widerrufen`,revokeTitle:e=>`${e} widerrufen?`,revokeText:`Was es benutzt, wird ab der nächsten Anfrage abgewiesen. Das lässt sich nicht zurücknehmen: Es bräuchte ein neues Token.`,revoked:e=>`${e} gilt nicht mehr.`,made2:e=>`${e} ist gemacht`,token:`Token`,try:`Ausprobieren`,tryText:`Programme schicken es mit jeder Anfrage als Bearer-Token. Dies fragt, was es darf:`}}),k=i(`
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
`),A=i(`
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
`),j=12096e5,M=JSON.stringify({query:`{ apiToken { name effectivePermissions account { id name } } }`});function N(){let e=o(O),t=d(),{account:n,open:r}=w(),i={accountId:n.id},{data:s,error:u,loading:h,refetch:v}=g(k,{variables:i,fetchPolicy:`cache-and-network`}),[y]=p(A),[x,j]=(0,T.useState)(!1),[N,F]=(0,T.useState)(null),[I,L]=(0,T.useState)(null),R=s?.account?.apiTokens?.nodes,z=(0,E.jsx)(a,{leftSection:(0,E.jsx)(c,{name:`plus`,size:16}),onClick:()=>j(!0),disabled:!r,children:e.create});return(0,E.jsxs)(f,{title:e.title,lead:e.lead,shown:{document:k,variables:i},actions:!!R?.length&&z,children:[!R&&!h?(0,E.jsx)(m,{error:u,again:()=>void v()}):(0,E.jsx)(`section`,{className:`panel`,"aria-busy":h,children:R?R.length?(0,E.jsx)(`ul`,{className:`list`,children:R.map(e=>(0,E.jsx)(P,{token:e,revoke:()=>L(e)},e.id))}):(0,E.jsx)(l,{icon:`code`,title:e.empty,text:e.emptyText,children:z}):(0,E.jsxs)(`div`,{className:`body stack`,children:[(0,E.jsx)(_,{h:64}),(0,E.jsx)(_,{h:64})]})}),(0,E.jsx)(T.Suspense,{children:x&&(0,E.jsx)(D,{special:typeof s?.account?.policies?.membersWithoutTwoFactor==`number`,close:(e,t)=>{j(!1),e&&(t&&F({name:e,secret:t}),v())}})}),N&&(0,E.jsxs)(S,{title:e.made2(N.name),label:e.token,secret:N.secret,close:()=>F(null),children:[(0,E.jsx)(`p`,{className:`faint`,children:e.tryText}),(0,E.jsx)(C,{label:e.try,text:`curl ${location.origin}/graphql \\\n  -H 'Authorization: Bearer ${N.secret}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${M}'`})]}),I&&(0,E.jsx)(b,{title:e.revokeTitle(I.name),label:e.revoke,danger:!0,close:()=>L(null),act:async()=>{let{refusals:n}=await y({input:{tokenId:I.id}});return n.length?n:(t({text:e.revoked(I.name)}),await v(),[])},children:e.revokeText})]})}function P({token:e,revoke:i}){let s=o(O),l=r(),{account:u}=w(),{data:d}=g(x,{variables:{accountId:u.id}}),f=e=>d?.permissionCatalog?.permissions.find(t=>t.key===e)?.label??e,p=e.state===`ACTIVE`,m=p&&!!e.expiresAt&&new Date(e.expiresAt).getTime()-Date.now()<j,h=e.selectedSubAccounts??[];return(0,E.jsxs)(`li`,{className:`todo split`,children:[(0,E.jsx)(`span`,{className:`sign ${p?m?`care`:`new`:`wrong`}`,children:(0,E.jsx)(c,{name:`code`})}),(0,E.jsxs)(`div`,{className:`grow stack tight`,children:[(0,E.jsxs)(`span`,{className:`row tight`,children:[(0,E.jsx)(`strong`,{className:`wrap`,children:e.name}),(0,E.jsx)(t,{size:`sm`,variant:`light`,color:p?m?`yellow`:`green`:`red`,children:m?s.soon:s[e.state]}),(0,E.jsx)(`span`,{className:`faint small`,children:s.ends(e.hint)})]}),(0,E.jsxs)(`p`,{className:`wrap`,children:[e.permissions.map(f).join(` · `),` `,(0,E.jsx)(`span`,{className:`faint`,children:e.subAccountAccess===`ALL`?s.ALL:h.length?s.in(l.list(h.map(e=>e.name))):s.here})]}),e.state===`CREATOR_LOST_ACCESS`&&(0,E.jsx)(`p`,{className:`small`,children:s.lost(e.createdBy.name)}),p&&e.effectivePermissions.length<e.permissions.length&&(0,E.jsx)(`p`,{className:`small`,children:s.less(e.effectivePermissions.length,e.permissions.length)}),(0,E.jsxs)(`p`,{className:`faint small wrap`,children:[s.made(e.createdBy.name,l.date(e.createdAt)),` · `,e.expiresAt?(e.state===`EXPIRED`?s.was:s.until)(l.date(e.expiresAt)):s.endless,` ·`,` `,e.lastUsedAt?(0,E.jsxs)(E.Fragment,{children:[s.used,` `,(0,E.jsx)(n,{at:e.lastUsedAt}),` `,e.lastUsedAddress&&s.from(e.lastUsedAddress)]}):s.unused]})]}),(0,E.jsx)(`div`,{className:`row`,children:(0,E.jsx)(a,{size:`sm`,variant:`outline`,color:`red`,onClick:i,"aria-label":`${s.revoke}: ${e.name}`,children:s.revoke})})]})}export{N as default};