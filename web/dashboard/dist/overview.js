import{At as e,C as t,E as n,M as r,Ot as i,T as a,b as o,d as s,h as c,j as l,l as u,m as d,n as f,o as p,p as m,v as h}from"./base.js";import{t as g}from"./Badge.js";import{t as _}from"./Skeleton.js";import{l as v,t as y}from"./react.js";import{n as b,t as x}from"./events.js";import{n as S,r as C}from"./shell.js";var w=v(),T=n({en:{owner:`You own this account.`,member:e=>e?`You are here as ${e}.`:`You are a member of this account.`,through:e=>`A sub-account of ${e}, which you reach through it.`,attention:`Needs attention`,fine:`Nothing needs your attention`,fineText:`Invitations, addresses and second factors are as they should be.`,history:`What happened lately`,quiet:`Nothing has happened yet`,quietText:`What people do in this account is written down here.`,about:`This account`,ownerIs:`Owner`,yours:`Your permissions`,permissions:e=>e===1?`one permission`:`${e} permissions`,none:`none yet`,subs:`Sub-accounts`,people:`People`,active:e=>`${e} active`,invited:e=>`${e} invited`,look:`See them`,offered:e=>`${e} offers you this account`,offeredText:e=>`If you accept, it is yours at once, with everything it owes and owns. The offer stands until ${e}.`,assigned:e=>`This account goes to ${e}`,assignedText:e=>`The company started it since the owner is gone. It takes effect on ${e}, unless owner or nominee say no.`,offering:e=>`You offered this account to ${e}`,offeringText:e=>`It is yours until they accept. The offer stands until ${e}.`,accept:`Accept`,decline:`Decline`,takeBack:`Take it back`,accepted:`The account is yours.`,declined:`You declined the account.`,takenBack:`The offer is taken back.`,lapsing:e=>e===1?`An invitation lapses soon`:`${e} invitations lapse soon`,waiting:e=>e===1?`An invitation waits for its answer`:`${e} invitations wait for an answer`,gap:e=>`Nobody gets notifications about ${e}`,quoted:e=>`“${e}”`,gapText:`Choose a contact for them, or nobody will hear of it.`,fallback:e=>`Notifications about ${e} go to the owner`,fallbackText:`Somebody has to get them, and no contact does.`,bounced:e=>`Mail to ${e} comes back`,factors:e=>e===1?`One member has no second factor`:`${e} members have no second factor`,factorsText:e=>`This account asks for one from ${e} on; without it they are kept out.`,token:e=>`The API token “${e}” stops working soon`,tokenText:e=>`It is good until ${e}. What uses it needs a new one.`},de:{owner:`Dieses Konto gehört Ihnen.`,member:e=>e?`Sie sind hier als ${e}.`:`Sie sind Mitglied dieses Kontos.`,through:e=>`Ein Unterkonto von ${e}, über das Sie es erreichen.`,attention:`Braucht Aufmerksamkeit`,fine:`Nichts braucht Ihre Aufmerksamkeit`,fineText:`Einladungen, Adressen und zweite Faktoren sind, wie sie sein sollen.`,history:`Was zuletzt geschah`,quiet:`Noch ist nichts geschehen`,quietText:`Was in diesem Konto getan wird, steht dann hier.`,about:`Dieses Konto`,ownerIs:`Inhaber`,yours:`Ihre Rechte`,permissions:e=>e===1?`ein Recht`:`${e} Rechte`,none:`noch keine`,subs:`Unterkonten`,people:`Personen`,active:e=>`${e} aktiv`,invited:e=>`${e} eingeladen`,look:`Ansehen`,offered:e=>`${e} bietet Ihnen dieses Konto an`,offeredText:e=>`Wenn Sie annehmen, gehört es sofort Ihnen, mit allem, was es hat und schuldet. Das Angebot gilt bis ${e}.`,assigned:e=>`Dieses Konto geht an ${e}`,assignedText:e=>`Das Unternehmen hat es begonnen, weil der Inhaber nicht mehr da ist. Es gilt ab ${e}, außer jemand von beiden sagt Nein.`,offering:e=>`Sie haben dieses Konto ${e} angeboten`,offeringText:e=>`Bis zur Annahme gehört es Ihnen. Das Angebot gilt bis ${e}.`,accept:`Annehmen`,decline:`Ablehnen`,takeBack:`Zurückziehen`,accepted:`Das Konto gehört jetzt Ihnen.`,declined:`Sie haben das Konto abgelehnt.`,takenBack:`Das Angebot ist zurückgezogen.`,lapsing:e=>e===1?`Eine Einladung läuft bald ab`:`${e} Einladungen laufen bald ab`,waiting:e=>e===1?`Eine Einladung wartet auf Antwort`:`${e} Einladungen warten auf Antwort`,gap:e=>`Niemand bekommt Benachrichtigungen über ${e}`,quoted:e=>`„${e}“`,gapText:`Wählen Sie einen Kontakt dafür, sonst erfährt es niemand.`,fallback:e=>`Benachrichtigungen über ${e} gehen an den Inhaber`,fallbackText:`Jemand muss sie bekommen, und kein Kontakt tut es.`,bounced:e=>`Post an ${e} kommt zurück`,factors:e=>e===1?`Ein Mitglied hat keinen zweiten Faktor`:`${e} Mitglieder haben keinen zweiten Faktor`,factorsText:e=>`Dieses Konto verlangt ihn ab ${e}; ohne ihn bleibt man draußen.`,token:e=>`Das API-Token „${e}“ gilt nicht mehr lange`,tokenText:e=>`Es gilt bis ${e}. Was es benutzt, braucht ein neues.`}}),E=l(`
  query Overview($accountId: ID!, $users: Boolean!, $contacts: Boolean!, $audit: Boolean!, $developer: Boolean!) {
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
          label
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
`),D=l(`
  mutation AcceptOwnershipTransfer($input: AcceptOwnershipTransferInput!) {
    acceptOwnershipTransfer(input: $input) {
      transfer {
        id
        state
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),O=l(`
  mutation DeclineOwnershipTransfer($input: DeclineOwnershipTransferInput!) {
    declineOwnershipTransfer(input: $input) {
      transfer {
        id
        state
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),k=l(`
  mutation CancelOwnershipTransfer($input: CancelOwnershipTransferInput!) {
    cancelOwnershipTransfer(input: $input) {
      transfer {
        id
        state
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),A=1728e5,j=12096e5,M=(e,t)=>new Date(e).getTime()-Date.now()<t;function N(){let e=a(T),{account:t,base:n,can:l}=C(),u={accountId:t.id,users:l(`users`),contacts:l(`contacts`),audit:l(`audit`),developer:l(`developer`)},{data:f,error:p,loading:v,refetch:S}=i(E,{variables:u,fetchPolicy:`cache-and-network`}),D=f?.account,O=F(f,n,()=>void S()),k=b(),A=t.viewerMembership?.roles?.map(e=>e.name).join(`, `)??``,j=t.viewerMembership?.isOwner?e.owner:t.viewerMembership?e.member(A):t.parent?e.through(t.parent.name):e.owner;return(0,w.jsx)(d,{title:t.name,lead:j,shown:{document:E,variables:u},children:!D&&!v?(0,w.jsx)(m,{error:p,again:()=>void S()}):(0,w.jsxs)(w.Fragment,{children:[(0,w.jsx)(c,{title:e.attention,body:!1,actions:O.length>0&&(0,w.jsx)(g,{color:`yellow`,variant:`light`,children:O.length}),children:D?O.length?(0,w.jsx)(`ul`,{className:`list`,children:O.map(t=>(0,w.jsxs)(`li`,{className:`todo split`,children:[(0,w.jsx)(`span`,{className:`sign ${t.tone}`,children:(0,w.jsx)(h,{name:t.icon})}),(0,w.jsxs)(`div`,{className:`grow`,children:[(0,w.jsx)(`strong`,{className:`wrap`,children:t.title}),(0,w.jsx)(`p`,{className:`faint small wrap`,children:t.text})]}),t.actions??(t.to&&(0,w.jsx)(`div`,{className:`row`,children:(0,w.jsx)(r,{component:y,href:t.to,size:`sm`,variant:`default`,"aria-label":`${e.look}: ${t.title}`,children:e.look})}))]},t.key))}):(0,w.jsx)(s,{icon:`check`,title:e.fine,text:e.fineText}):(0,w.jsx)(P,{rows:3})}),(0,w.jsxs)(`div`,{className:`two`,children:[u.audit&&(0,w.jsx)(c,{title:e.history,body:!1,children:D?D.auditLog?.nodes.length?(0,w.jsx)(`ul`,{className:`list events`,children:D.auditLog.nodes.map(e=>(0,w.jsxs)(`li`,{children:[(0,w.jsx)(`span`,{className:`sign`,children:(0,w.jsx)(h,{name:x(e.action)})}),(0,w.jsx)(`span`,{className:`grow wrap`,children:k(e)}),(0,w.jsx)(`span`,{className:`faint small`,children:(0,w.jsx)(o,{at:e.createdAt})})]},e.id))}):(0,w.jsx)(s,{icon:`clock`,title:e.quiet,text:e.quietText}):(0,w.jsx)(P,{rows:6})}),(0,w.jsx)(c,{title:e.about,children:(0,w.jsxs)(`dl`,{className:`facts`,children:[(0,w.jsx)(`dt`,{children:e.ownerIs}),(0,w.jsx)(`dd`,{children:t.owner?.name}),(0,w.jsx)(`dt`,{children:e.yours}),(0,w.jsx)(`dd`,{children:t.viewerPermissions.length?e.permissions(t.viewerPermissions.length):e.none}),u.users&&(0,w.jsxs)(w.Fragment,{children:[(0,w.jsx)(`dt`,{children:e.people}),(0,w.jsx)(`dd`,{children:D?(0,w.jsxs)(y,{href:`${n}/people`,children:[e.active(D.active?.totalCount??0),(D.pending?.totalCount??0)>0&&`, ${e.invited(D.pending?.totalCount??0)}`]}):(0,w.jsx)(_,{h:22,w:120})})]}),!!D?.subAccounts?.nodes.length&&(0,w.jsxs)(w.Fragment,{children:[(0,w.jsx)(`dt`,{children:e.subs}),(0,w.jsx)(`dd`,{children:(0,w.jsx)(`ul`,{children:D.subAccounts.nodes.map(e=>(0,w.jsx)(`li`,{children:(0,w.jsx)(y,{href:`/accounts/${e.id}`,children:e.name})},e.id))})})]})]})})]})]})})}function P({rows:e}){return(0,w.jsx)(`div`,{className:`body stack`,"aria-busy":`true`,children:Array.from({length:e},(e,t)=>(0,w.jsx)(_,{h:38},t))})}function F(e,n,r){let i=a(T),o=t(),s=e?.account;if(!s)return[];let c=[],l=`${n}/people`,u=`${n}/contacts`,d=e=>`${u}?view=coverage&category=${e[0]?.category.key}`,f=s.pendingOwnershipTransfer;if(f){let t=f.to.id===e?.viewer?.id,n=f.from.id===e?.viewer?.id,a=o.moment(f.takesEffectAt??f.expiresAt??``);c.push({key:f.id,tone:`new`,icon:`hand`,title:f.takesEffectAt?i.assigned(f.to.name):t?i.offered(f.from.name):n?i.offering(f.to.name):i.assigned(f.to.name),text:f.takesEffectAt?i.assignedText(a):t?i.offeredText(a):i.offeringText(a),actions:(t||n)&&(0,w.jsx)(I,{transfer:f,mine:t,changed:r})})}let p=s.policies?.requireTwoFactor||s.policies?.parentTwoFactorFrom,m=s.policies?.membersWithoutTwoFactor??0;if(p&&m){let e=[s.policies?.twoFactorFrom,s.policies?.parentTwoFactorFrom].filter(e=>e!=null).sort()[0];c.push({key:`factors`,tone:`wrong`,icon:`unshielded`,title:i.factors(m),text:i.factorsText(e?o.date(e):``),to:`${l}?factor=no`})}for(let e of s.contacts?.nodes??[])e.suppression&&c.push({key:e.id,tone:`wrong`,icon:`mail`,title:i.bounced(e.email),text:e.suppression.reason,to:`${u}/${e.id}`});let h=(s.notificationCoverage??[]).filter(e=>e.gap),g=e=>o.list(e.map(e=>i.quoted(e.category.label))),_=h.filter(e=>!e.ownerFallback),v=h.filter(e=>e.ownerFallback);_.length&&c.push({key:`gap`,tone:_.some(e=>e.category.mandatory)?`wrong`:`care`,icon:`bell`,title:i.gap(g(_)),text:i.gapText,to:d(_)}),v.length&&c.push({key:`fallback`,tone:`care`,icon:`bell`,title:i.fallback(g(v)),text:i.fallbackText,to:d(v)});for(let e of s.apiTokens?.nodes??[])e.state===`ACTIVE`&&e.expiresAt&&M(e.expiresAt,j)&&c.push({key:e.id,tone:`care`,icon:`code`,title:i.token(e.name),text:i.tokenText(o.date(e.expiresAt))});let y=e=>o.list(e.map(e=>e.name||e.email)),b=s.pending?.nodes??[],x=b.filter(e=>M(e.expiresAt,A)),S=(s.pending?.totalCount??0)-x.length;return x.length&&c.push({key:`lapsing`,tone:`care`,icon:`clock`,title:i.lapsing(x.length),text:y(x),to:`${l}?state=INVITED`}),S>0&&c.push({key:`waiting`,tone:`new`,icon:`mail`,title:i.waiting(S),text:y(b.filter(e=>!x.includes(e))),to:`${l}?state=INVITED`}),c}function I({transfer:t,mine:n,changed:i}){let o=a(T),s=u(),c=p(),l=e(),[d,m]=f(D),[h,g]=f(O),[_,v]=f(k),y={transferId:t.id},b=(e,t)=>{l.refetchQueries({include:[S]}),s({text:e.length?e.map(c).join(` `):t}),i()};return(0,w.jsx)(`div`,{className:`row`,children:n?(0,w.jsxs)(w.Fragment,{children:[!t.takesEffectAt&&(0,w.jsx)(r,{size:`sm`,loading:m,onClick:async()=>b((await d({input:y})).refusals,o.accepted),children:o.accept}),(0,w.jsx)(r,{size:`sm`,variant:`default`,loading:g,onClick:async()=>b((await h({input:y})).refusals,o.declined),children:o.decline})]}):(0,w.jsx)(r,{size:`sm`,variant:`default`,loading:v,onClick:async()=>b((await _({input:y})).refusals,o.takenBack),children:o.takeBack})})}export{N as default};