const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["./transfer.js","./rolldown-runtime.js","./base.js","./react.js","./shell.js","./action.js","./confirm.js","./Modal.js","./NativeScrollArea.js","./fields.js","./FocusTrap.js","./ScrollArea.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime.js";import{C as t,E as n,I as r,L as i,O as a,S as o,_ as s,d as c,h as l,k as u,m as d,p as f,x as p,y as m}from"./base.js";import{t as h}from"./Skeleton.js";import{d as g,l as _,t as v}from"./react.js";import{n as y,t as b}from"./events.js";import{r as x}from"./shell.js";var S=e(g(),1),C=_(),w=p(()=>o(()=>import(`./transfer.js`).then(e=>e.n),__vite__mapDeps([0,1,2,3,4,5,6,7,8,9,10,11]),import.meta.url),`corner`),T=u({en:{owner:`You own this account.`,member:e=>e?`You are here as ${e}.`:`You are a member of this account.`,through:e=>`A sub-account of ${e}, which you reach through it.`,attention:`Needs attention`,fine:`Nothing needs your attention`,fineText:`Invitations, addresses and second factors are as they should be.`,history:`What happened lately`,quiet:`Nothing has happened yet`,quietText:`What people do in this account is written down here.`,about:`This account`,ownerIs:`Owner`,yours:`Your permissions`,permissions:e=>e===1?`one permission`:`${e} permissions`,none:`none yet`,subs:`Sub-accounts`,people:`People`,active:e=>`${e} active`,invited:e=>`${e} invited`,look:`See them`,offered:e=>`${e} offers you this account`,offeredText:e=>`If you accept, it is yours at once, with everything it owes and owns. The offer stands until ${e}.`,assigned:e=>`This account goes to ${e}`,assignedText:e=>`The company started it since the owner is gone. It takes effect on ${e}, unless owner or nominee say no.`,offering:e=>`You offered this account to ${e}`,offeringText:e=>`It is yours until they accept. The offer stands until ${e}.`,lapsing:e=>e===1?`An invitation lapses soon`:`${e} invitations lapse soon`,waiting:e=>e===1?`An invitation waits for its answer`:`${e} invitations wait for an answer`,gap:e=>`Nobody gets notifications about ${e}`,quoted:e=>`“${e}”`,gapText:`Choose a contact for them, or nobody will hear of it.`,fallback:e=>`Notifications about ${e} go to the owner`,fallbackText:`Somebody has to get them, and no contact does.`,bounced:e=>`Mail to ${e} comes back`,factors:e=>e===1?`One member has no second factor`:`${e} members have no second factor`,factorsText:e=>`This account asks for one from ${e} on; without it they are kept out.`,token:e=>`The API token “${e}” stops working soon`,tokenText:e=>`It is good until ${e}. What uses it needs a new one.`,tokenOver:e=>`The API token “${e}” no longer works`,tokenExpired:e=>`It was good until ${e}.`,tokenLost:`Whoever made it has lost what it was made for.`,webhook:e=>`The webhook “${e}” was switched off`,webhookText:`It accepted no call for five days.`},de:{owner:`Dieses Konto gehört Ihnen.`,member:e=>e?`Sie sind hier als ${e}.`:`Sie sind Mitglied dieses Kontos.`,through:e=>`Ein Unterkonto von ${e}, über das Sie es erreichen.`,attention:`Braucht Aufmerksamkeit`,fine:`Nichts braucht Ihre Aufmerksamkeit`,fineText:`Einladungen, Adressen und zweite Faktoren sind, wie sie sein sollen.`,history:`Was zuletzt geschah`,quiet:`Noch ist nichts geschehen`,quietText:`Was in diesem Konto getan wird, steht dann hier.`,about:`Dieses Konto`,ownerIs:`Inhaber`,yours:`Ihre Rechte`,permissions:e=>e===1?`ein Recht`:`${e} Rechte`,none:`noch keine`,subs:`Unterkonten`,people:`Personen`,active:e=>`${e} aktiv`,invited:e=>`${e} eingeladen`,look:`Ansehen`,offered:e=>`${e} bietet Ihnen dieses Konto an`,offeredText:e=>`Wenn Sie annehmen, gehört es sofort Ihnen, mit allem, was es hat und schuldet. Das Angebot gilt bis ${e}.`,assigned:e=>`Dieses Konto geht an ${e}`,assignedText:e=>`Das Unternehmen hat es begonnen, weil der Inhaber nicht mehr da ist. Es gilt ab ${e}, außer jemand von beiden sagt Nein.`,offering:e=>`Sie haben dieses Konto ${e} angeboten`,offeringText:e=>`Bis zur Annahme gehört es Ihnen. Das Angebot gilt bis ${e}.`,lapsing:e=>e===1?`Eine Einladung läuft bald ab`:`${e} Einladungen laufen bald ab`,waiting:e=>e===1?`Eine Einladung wartet auf Antwort`:`${e} Einladungen warten auf Antwort`,gap:e=>`Niemand bekommt Benachrichtigungen über ${e}`,quoted:e=>`„${e}“`,gapText:`Wählen Sie einen Kontakt dafür, sonst erfährt es niemand.`,fallback:e=>`Benachrichtigungen über ${e} gehen an den Inhaber`,fallbackText:`Jemand muss sie bekommen, und kein Kontakt tut es.`,bounced:e=>`Post an ${e} kommt zurück`,factors:e=>e===1?`Ein Mitglied hat keinen zweiten Faktor`:`${e} Mitglieder haben keinen zweiten Faktor`,factorsText:e=>`Dieses Konto verlangt ihn ab ${e}; ohne ihn bleibt man draußen.`,token:e=>`Das API-Token „${e}“ gilt nicht mehr lange`,tokenText:e=>`Es gilt bis ${e}. Was es benutzt, braucht ein neues.`,tokenOver:e=>`Das API-Token „${e}“ gilt nicht mehr`,tokenExpired:e=>`Es galt bis ${e}.`,tokenLost:`Wer es gemacht hat, hat das verloren, wofür es da ist.`,webhook:e=>`Der Webhook „${e}“ wurde abgeschaltet`,webhookText:`Er nahm fünf Tage lang keinen Aufruf an.`}}),E=r(`
  query Overview($accountId: ID!, $users: Boolean!, $contacts: Boolean!, $audit: Boolean!, $developer: Boolean!, $locale: String) {
    account(id: $accountId) {
      id
      subAccounts(first: 25) {
        nodes {
          id
          name
        }
      }
      pendingOwnershipTransfer {
        id
        from {
          id
          name
        }
        to {
          id
          name
        }
        expiresAt
        takesEffectAt
      }
      policies {
        requireTwoFactor
        twoFactorFrom
        parentTwoFactorFrom
        membersWithoutTwoFactor
      }
      active: memberships(state: ACTIVE, first: 1) @include(if: $users) {
        totalCount
      }
      pending: invitations(state: PENDING, first: 25) @include(if: $users) {
        nodes {
          id
          email
          name
          expiresAt
        }
        totalCount
      }
      notificationCoverage @include(if: $contacts) {
        category {
          key
          label(locale: $locale)
          mandatory
        }
        gap
        ownerFallback
      }
      contacts(first: 100) @include(if: $contacts) {
        nodes {
          id
          email
          suppression {
            reason
            suppressedAt
          }
        }
      }
      apiTokens(first: 50) @include(if: $developer) {
        nodes {
          id
          name
          state
          expiresAt
        }
      }
      webhooks(first: 10) @include(if: $developer) {
        nodes {
          id
          url
          description
          state
        }
      }
      auditLog(first: 10) @include(if: $audit) {
        nodes {
          id
          action
          actor {
            kind
            name
          }
          targetName
          createdAt
        }
      }
    }
    viewer {
      id
    }
  }
`),D=1728e5,O=12096e5,k=(e,t)=>new Date(e).getTime()-Date.now()<t;function A(){let e=a(T),{account:n,base:r,can:o}=x(),u={accountId:n.id,users:o(`users`),contacts:o(`contacts`),audit:o(`audit`),developer:o(`developer`)},{data:p,error:g,loading:_,refetch:S}=m(E,{variables:u,fetchPolicy:`cache-and-network`}),w=p?.account,D=M(p,r,()=>void S()),O=y(),k=n.viewerMembership?.roles?.map(e=>e.name).join(`, `)??``,A=n.viewerMembership?.isOwner?e.owner:n.viewerMembership?e.member(k):n.parent?e.through(n.parent.name):e.owner;return(0,C.jsx)(d,{title:n.name,lead:A,shown:{document:E,variables:u},children:!w&&!_?(0,C.jsx)(f,{error:g,again:()=>void S()}):(0,C.jsxs)(C.Fragment,{children:[(0,C.jsx)(l,{title:e.attention,body:!1,actions:D.length>0&&(0,C.jsx)(`span`,{className:`many`,children:D.length}),children:w?D.length?(0,C.jsx)(`ul`,{className:`list`,children:D.map(t=>(0,C.jsxs)(`li`,{className:`todo split`,children:[(0,C.jsx)(`span`,{className:`sign ${t.tone}`,children:(0,C.jsx)(s,{name:t.icon})}),(0,C.jsxs)(`div`,{className:`grow`,children:[(0,C.jsx)(`strong`,{className:`wrap`,children:t.title}),(0,C.jsx)(`p`,{className:`faint small wrap`,children:t.text})]}),t.actions??(t.to&&(0,C.jsx)(`div`,{className:`row`,children:(0,C.jsx)(i,{component:v,href:t.to,size:`sm`,variant:`default`,"aria-label":`${e.look}: ${t.title}`,children:e.look})}))]},t.key))}):(0,C.jsx)(c,{icon:`check`,title:e.fine,text:e.fineText}):(0,C.jsx)(j,{rows:3})}),(0,C.jsxs)(`div`,{className:`two`,children:[u.audit&&(0,C.jsx)(l,{title:e.history,body:!1,children:w?w.auditLog?.nodes.length?(0,C.jsx)(`ul`,{className:`list events`,children:w.auditLog.nodes.map(e=>(0,C.jsxs)(`li`,{children:[(0,C.jsx)(`span`,{className:`sign`,children:(0,C.jsx)(s,{name:b(e.action)})}),(0,C.jsx)(`span`,{className:`grow wrap`,children:O(e)}),(0,C.jsx)(`span`,{className:`faint small`,children:(0,C.jsx)(t,{at:e.createdAt})})]},e.id))}):(0,C.jsx)(c,{icon:`clock`,title:e.quiet,text:e.quietText}):(0,C.jsx)(j,{rows:6})}),(0,C.jsx)(l,{title:e.about,children:(0,C.jsxs)(`dl`,{className:`facts`,children:[(0,C.jsx)(`dt`,{children:e.ownerIs}),(0,C.jsx)(`dd`,{children:n.owner?.name}),(0,C.jsx)(`dt`,{children:e.yours}),(0,C.jsx)(`dd`,{children:n.viewerPermissions.length?e.permissions(n.viewerPermissions.length):e.none}),u.users&&(0,C.jsxs)(C.Fragment,{children:[(0,C.jsx)(`dt`,{children:e.people}),(0,C.jsx)(`dd`,{children:w?(0,C.jsxs)(v,{href:`${r}/people`,children:[e.active(w.active?.totalCount??0),(w.pending?.totalCount??0)>0&&`, ${e.invited(w.pending?.totalCount??0)}`]}):(0,C.jsx)(h,{h:22,w:120})})]}),!!w?.subAccounts?.nodes.length&&(0,C.jsxs)(C.Fragment,{children:[(0,C.jsx)(`dt`,{children:e.subs}),(0,C.jsx)(`dd`,{children:(0,C.jsx)(`ul`,{children:w.subAccounts.nodes.map(e=>(0,C.jsx)(`li`,{children:(0,C.jsx)(v,{href:`/accounts/${e.id}`,children:e.name})},e.id))})})]})]})})]})]})})}function j({rows:e}){return(0,C.jsx)(`div`,{className:`body stack`,"aria-busy":`true`,children:Array.from({length:e},(e,t)=>(0,C.jsx)(h,{h:38},t))})}function M(e,t,r){let i=a(T),o=n(),s=e?.account;if(!s)return[];let c=[],l=`${t}/people`,u=`${t}/contacts`,d=e=>`${u}?view=coverage&category=${e[0]?.category.key}`,f=s.pendingOwnershipTransfer;if(f){let t=f.to.id===e?.viewer?.id,n=f.from.id===e?.viewer?.id,a=o.moment(f.takesEffectAt??f.expiresAt??``);c.push({key:f.id,tone:`new`,icon:`hand`,title:f.takesEffectAt?i.assigned(f.to.name):t?i.offered(f.from.name):n?i.offering(f.to.name):i.assigned(f.to.name),text:f.takesEffectAt?i.assignedText(a):t?i.offeredText(a):i.offeringText(a),actions:(t||n)&&(0,C.jsx)(S.Suspense,{children:(0,C.jsx)(w,{transfer:f,mine:t,changed:r})})})}let p=s.policies?.requireTwoFactor||s.policies?.parentTwoFactorFrom,m=s.policies?.membersWithoutTwoFactor??0;if(p&&m){let e=[s.policies?.twoFactorFrom,s.policies?.parentTwoFactorFrom].filter(e=>e!=null).sort()[0];c.push({key:`factors`,tone:`wrong`,icon:`unshielded`,title:i.factors(m),text:i.factorsText(e?o.date(e):``),to:`${l}?factor=no`})}for(let e of s.contacts?.nodes??[])e.suppression&&c.push({key:e.id,tone:`wrong`,icon:`mail`,title:i.bounced(e.email),text:e.suppression.reason,to:`${u}/${e.id}`});let h=(s.notificationCoverage??[]).filter(e=>e.gap),g=e=>o.list(e.map(e=>i.quoted(e.category.label))),_=h.filter(e=>!e.ownerFallback),v=h.filter(e=>e.ownerFallback);_.length&&c.push({key:`gap`,tone:_.some(e=>e.category.mandatory)?`wrong`:`care`,icon:`bell`,title:i.gap(g(_)),text:i.gapText,to:d(_)}),v.length&&c.push({key:`fallback`,tone:`care`,icon:`bell`,title:i.fallback(g(v)),text:i.fallbackText,to:d(v)});for(let{id:e,url:n,description:r,state:a}of s.webhooks?.nodes??[])a===`FAILING`&&c.push({key:e,tone:`wrong`,icon:`link`,title:i.webhook(r||n),text:i.webhookText,to:`${t}/webhooks/${e}`});for(let{id:e,name:n,state:r,expiresAt:a}of s.apiTokens?.nodes??[]){let s={key:e,icon:`code`,to:`${t}/programs`},l=r===`CREATOR_LOST_ACCESS`;l||r===`EXPIRED`&&!k(a,-12096e5)?c.push({...s,tone:`wrong`,title:i.tokenOver(n),text:l?i.tokenLost:i.tokenExpired(o.date(a))}):r===`ACTIVE`&&a&&k(a,O)&&c.push({...s,tone:`care`,title:i.token(n),text:i.tokenText(o.date(a))})}let y=e=>o.list(e.map(e=>e.name||e.email)),b=s.pending?.nodes??[],x=b.filter(e=>k(e.expiresAt,D)),E=(s.pending?.totalCount??0)-x.length;return x.length&&c.push({key:`lapsing`,tone:`care`,icon:`clock`,title:i.lapsing(x.length),text:y(x),to:`${l}?state=INVITED`}),E>0&&c.push({key:`waiting`,tone:`new`,icon:`mail`,title:i.waiting(E),text:y(b.filter(e=>!x.includes(e))),to:`${l}?state=INVITED`}),c}export{A as default};