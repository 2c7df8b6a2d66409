import{C as e,D as t,E as n,L as r,M as i,N as a,S as o,Z as s,_ as c,b as l,ct as u,d,f,h as p,i as m,l as h,n as g,p as _,q as v,s as y,ut as b,vt as x,x as S,z as C}from"./base.js";import{c as w,t as T}from"./react.js";import{t as E}from"./Skeleton.js";import{n as D}from"./shell.js";var O={root:`m_347db0ec`,"root--dot":`m_fbd81e3d`,label:`m_5add502a`,section:`m_91fdda9b`},k=w(),A=s((e,{radius:t,color:n,gradient:r,variant:i,size:a,autoContrast:o,circle:s})=>{let c=e.variantColorResolver({color:n||e.primaryColor,theme:e,gradient:r,variant:i||`filled`,autoContrast:o});return{root:{"--badge-height":b(a,`badge-height`),"--badge-padding-x":b(a,`badge-padding-x`),"--badge-fz":b(a,`badge-fz`),"--badge-radius":s||t===void 0?void 0:u(t),"--badge-bg":n||i?c.background:void 0,"--badge-color":n||i?c.color:void 0,"--badge-bd":n||i?c.border:void 0,"--badge-dot-color":i===`dot`?v(n,e):void 0}}}),j=a(e=>{let t=C(`Badge`,null,e),{classNames:n,className:a,style:o,styles:s,unstyled:c,vars:l,radius:u,color:d,gradient:f,leftSection:p,rightSection:m,children:h,variant:g,fullWidth:_,autoContrast:v,circle:y,mod:b,attributes:x,...S}=t,w=r({name:`Badge`,props:t,classes:O,className:a,style:o,classNames:n,styles:s,unstyled:c,attributes:x,vars:l,varsResolver:A});return(0,k.jsxs)(i,{variant:g,mod:[{block:_,circle:y,"with-right-section":!!m,"with-left-section":!!p},b],...w(`root`,{variant:g}),...S,children:[p&&(0,k.jsx)(`span`,{...w(`section`),"data-position":`left`,children:p}),(0,k.jsx)(`span`,{...w(`label`),children:h}),m&&(0,k.jsx)(`span`,{...w(`section`),"data-position":`right`,children:m})]})});j.classes=O,j.varsResolver=A,j.displayName=`@mantine/core/Badge`;var M={"account.created":e=>`${e} opened the account`,"account.updated":e=>`${e} changed the details of the account`,"account.closed":e=>`${e} closed the account`,"account.reopened":e=>`${e} opened the account again`,"account.suspended":e=>`${e} suspended the account`,"account.reinstated":e=>`${e} reinstated the account`,"account.sub_account_created":(e,t)=>`${e} opened the sub-account ${t}`,"account.policies_changed":e=>`${e} changed the policies`,"account.policies_reminded":(e,t)=>`${e} reminded ${t||`members`} of the second factor`,"account.owner_changed":(e,t)=>`${t||`Somebody else`} owns the account now`,"ownership_transfer.requested":(e,t)=>`${e} offered the account to ${t||`somebody`}`,"ownership_transfer.accepted":e=>`${e} took the account over`,"ownership_transfer.declined":e=>`${e} declined the account`,"ownership_transfer.canceled":e=>`${e} took the offer of the account back`,"ownership_transfer.noticed":(e,t)=>`${e} told ${t||`people`} of the transfer`,"invitation.sent":(e,t)=>`${e} invited ${t||`somebody`}`,"invitation.resent":(e,t)=>`${e} invited ${t||`somebody`} again`,"invitation.canceled":(e,t)=>`${e} withdrew the invitation of ${t||`somebody`}`,"invitation.accepted":e=>`${e} accepted the invitation`,"invitation.declined":e=>`${e} declined the invitation`,"invitation.reminded":(e,t)=>`${e} reminded ${t||`somebody`} of the invitation`,"invitation.reported":e=>`${e} does not know who invited them`,"member.joined":(e,t)=>`${t||e} joined`,"member.permissions_changed":(e,t)=>`${e} changed what ${t||`somebody`} may do`,"member.deactivated":(e,t)=>`${e} deactivated ${t||`somebody`}`,"member.reactivated":(e,t)=>`${e} reactivated ${t||`somebody`}`,"member.removed":(e,t)=>`${e} removed ${t||`somebody`}`,"member.left":e=>`${e} left`,"role.created":(e,t)=>`${e} made the role ${t}`,"role.updated":(e,t)=>`${e} changed the role ${t}`,"role.deleted":(e,t)=>`${e} deleted the role ${t}`,"contact.created":(e,t)=>`${e} added the contact ${t}`,"contact.updated":(e,t)=>`${e} changed the contact ${t}`,"contact.deleted":(e,t)=>`${e} deleted the contact ${t}`,"contact.linked":(e,t)=>`${t||e} signs in as a contact`,"contact.unlinked":(e,t)=>`${t||`A contact`} no longer signs in`,"contact.login_revoked":(e,t)=>`${e} took the login of ${t||`a contact`} away`,"contact.suppressed":(e,t)=>`Mail to ${t||`a contact`} came back`,"contact.suppression_cleared":(e,t)=>`${e} lets mail go to ${t||`a contact`} again`,"contact.unsubscribed":(e,t)=>`${t||e} unsubscribed`,"contact.resubscribed":(e,t)=>`${t||e} subscribed again`,"contact.complained":(e,t)=>`${t||e} called a mail spam`,"contact.verification_requested":(e,t)=>`${e} asked ${t||`a contact`} whether the address is right`,"contact.verified":(e,t)=>`${t||e} said that the address is right`,"contact.disowned":(e,t)=>`${t||e} said that the address is not theirs`,"notification.sent":(e,t)=>`${e} sent “${t}”`,"notification.tested":(e,t)=>`${e} sent ${t||`a contact`} a test`,"delivery.retried":e=>`${e} sent a mail again`,"api_token.created":(e,t)=>`${e} made the API token ${t}`,"api_token.revoked":(e,t)=>`${e} revoked the API token ${t}`},N={"account.created":e=>`${e} hat das Konto eröffnet`,"account.updated":e=>`${e} hat die Angaben zum Konto geändert`,"account.closed":e=>`${e} hat das Konto geschlossen`,"account.reopened":e=>`${e} hat das Konto wieder geöffnet`,"account.suspended":e=>`${e} hat das Konto gesperrt`,"account.reinstated":e=>`${e} hat das Konto wieder freigegeben`,"account.sub_account_created":(e,t)=>`${e} hat das Unterkonto ${t} eröffnet`,"account.policies_changed":e=>`${e} hat die Richtlinien geändert`,"account.policies_reminded":(e,t)=>`${e} hat ${t||`Mitglieder`} an den zweiten Faktor erinnert`,"account.owner_changed":(e,t)=>`Das Konto gehört jetzt ${t||`jemand anderem`}`,"ownership_transfer.requested":(e,t)=>`${e} hat ${t||`jemandem`} das Konto angeboten`,"ownership_transfer.accepted":e=>`${e} hat das Konto übernommen`,"ownership_transfer.declined":e=>`${e} hat das Konto abgelehnt`,"ownership_transfer.canceled":e=>`${e} hat das Angebot des Kontos zurückgezogen`,"ownership_transfer.noticed":(e,t)=>`${e} hat ${t||`Beteiligte`} an die Übergabe erinnert`,"invitation.sent":(e,t)=>`${e} hat ${t||`jemanden`} eingeladen`,"invitation.resent":(e,t)=>`${e} hat ${t||`jemanden`} noch einmal eingeladen`,"invitation.canceled":(e,t)=>`${e} hat die Einladung von ${t||`jemandem`} zurückgezogen`,"invitation.accepted":e=>`${e} hat die Einladung angenommen`,"invitation.declined":e=>`${e} hat die Einladung abgelehnt`,"invitation.reminded":(e,t)=>`${e} hat ${t||`jemanden`} an die Einladung erinnert`,"invitation.reported":e=>`${e} kennt nicht, wer eingeladen hat`,"member.joined":(e,t)=>`${t||e} ist beigetreten`,"member.permissions_changed":(e,t)=>`${e} hat geändert, was ${t||`jemand`} darf`,"member.deactivated":(e,t)=>`${e} hat ${t||`jemanden`} deaktiviert`,"member.reactivated":(e,t)=>`${e} hat ${t||`jemanden`} wieder aktiviert`,"member.removed":(e,t)=>`${e} hat ${t||`jemanden`} entfernt`,"member.left":e=>`${e} ist ausgetreten`,"role.created":(e,t)=>`${e} hat die Rolle ${t} angelegt`,"role.updated":(e,t)=>`${e} hat die Rolle ${t} geändert`,"role.deleted":(e,t)=>`${e} hat die Rolle ${t} gelöscht`,"contact.created":(e,t)=>`${e} hat den Kontakt ${t} angelegt`,"contact.updated":(e,t)=>`${e} hat den Kontakt ${t} geändert`,"contact.deleted":(e,t)=>`${e} hat den Kontakt ${t} gelöscht`,"contact.linked":(e,t)=>`${t||e} meldet sich als Kontakt an`,"contact.unlinked":(e,t)=>`${t||`Ein Kontakt`} meldet sich nicht mehr an`,"contact.login_revoked":(e,t)=>`${e} hat ${t||`einem Kontakt`} die Anmeldung genommen`,"contact.suppressed":(e,t)=>`Post an ${t||`einen Kontakt`} kam zurück`,"contact.suppression_cleared":(e,t)=>`${e} lässt wieder Post an ${t||`einen Kontakt`} gehen`,"contact.unsubscribed":(e,t)=>`${t||e} hat sich abgemeldet`,"contact.resubscribed":(e,t)=>`${t||e} hat sich wieder angemeldet`,"contact.complained":(e,t)=>`${t||e} hat eine Mail als Spam gemeldet`,"contact.verification_requested":(e,t)=>`${e} hat ${t||`einen Kontakt`} gefragt, ob die Adresse stimmt`,"contact.verified":(e,t)=>`${t||e} hat die Adresse bestätigt`,"contact.disowned":(e,t)=>`${t||e} sagt, die Adresse gehört jemand anderem`,"notification.sent":(e,t)=>`${e} hat „${t}“ verschickt`,"notification.tested":(e,t)=>`${e} hat ${t||`einem Kontakt`} eine Probe geschickt`,"delivery.retried":e=>`${e} hat eine Mail noch einmal geschickt`,"api_token.created":(e,t)=>`${e} hat das API-Token ${t} angelegt`,"api_token.revoked":(e,t)=>`${e} hat das API-Token ${t} widerrufen`};function P(){let e=S().language===`de`?N:M;return t=>e[t.action]?.(t.actor.name,t.targetName??``)??`${t.actor.name}: ${t.action.replaceAll(/[._]/g,` `)}${t.targetName?` (${t.targetName})`:``}`}var F={invitation:`mail`,member:`people`,role:`key`,contact:`person`,account:`building`,ownership_transfer:`hand`,notification:`bell`,delivery:`bell`,api_token:`code`},I=e=>F[e.split(`.`)[0]??``]??`clock`,L=e({en:{owner:`You own this account.`,member:e=>e?`You are here as ${e}.`:`You are a member of this account.`,through:e=>`A sub-account of ${e}, which you reach through it.`,attention:`Needs attention`,fine:`Nothing needs your attention`,fineText:`Invitations, addresses and second factors are as they should be.`,history:`What happened lately`,quiet:`Nothing has happened yet`,quietText:`What people do in this account is written down here.`,about:`This account`,ownerIs:`Owner`,yours:`Your permissions`,permissions:e=>e===1?`one permission`:`${e} permissions`,none:`none yet`,subs:`Sub-accounts`,people:`People`,active:e=>`${e} active`,invited:e=>`${e} invited`,look:`See them`,offered:e=>`${e} offers you this account`,offeredText:e=>`If you accept, it is yours at once, with everything it owes and owns. The offer stands until ${e}.`,assigned:e=>`This account goes to ${e}`,assignedText:e=>`The company started it since the owner is gone. It takes effect on ${e}, unless owner or nominee say no.`,offering:e=>`You offered this account to ${e}`,offeringText:e=>`It is yours until they accept. The offer stands until ${e}.`,accept:`Accept`,decline:`Decline`,takeBack:`Take it back`,accepted:`The account is yours.`,declined:`You declined the account.`,takenBack:`The offer is taken back.`,lapsing:e=>e===1?`An invitation lapses soon`:`${e} invitations lapse soon`,waiting:e=>e===1?`An invitation waits for its answer`:`${e} invitations wait for an answer`,gap:e=>`Nobody gets “${e}” notifications`,gapText:`Choose a contact for them, or nobody will hear of it.`,fallback:e=>`“${e}” notifications go to the owner`,fallbackText:`No contact gets this mandatory category.`,bounced:e=>`Mail to ${e} comes back`,factors:e=>e===1?`One member has no second factor`:`${e} members have no second factor`,factorsText:e=>`This account asks for one from ${e} on; without it they are kept out.`,token:e=>`The API token “${e}” stops working soon`,tokenText:e=>`It is good until ${e}. What uses it needs a new one.`},de:{owner:`Dieses Konto gehört Ihnen.`,member:e=>e?`Sie sind hier als ${e}.`:`Sie sind Mitglied dieses Kontos.`,through:e=>`Ein Unterkonto von ${e}, über das Sie es erreichen.`,attention:`Braucht Aufmerksamkeit`,fine:`Nichts braucht Ihre Aufmerksamkeit`,fineText:`Einladungen, Adressen und zweite Faktoren sind, wie sie sein sollen.`,history:`Was zuletzt geschah`,quiet:`Noch ist nichts geschehen`,quietText:`Was in diesem Konto getan wird, steht dann hier.`,about:`Dieses Konto`,ownerIs:`Inhaber`,yours:`Ihre Rechte`,permissions:e=>e===1?`ein Recht`:`${e} Rechte`,none:`noch keine`,subs:`Unterkonten`,people:`Personen`,active:e=>`${e} aktiv`,invited:e=>`${e} eingeladen`,look:`Ansehen`,offered:e=>`${e} bietet Ihnen dieses Konto an`,offeredText:e=>`Wenn Sie annehmen, gehört es sofort Ihnen, mit allem, was es hat und schuldet. Das Angebot gilt bis ${e}.`,assigned:e=>`Dieses Konto geht an ${e}`,assignedText:e=>`Das Unternehmen hat es begonnen, weil der Inhaber nicht mehr da ist. Es gilt ab ${e}, außer jemand von beiden sagt Nein.`,offering:e=>`Sie haben dieses Konto ${e} angeboten`,offeringText:e=>`Bis zur Annahme gehört es Ihnen. Das Angebot gilt bis ${e}.`,accept:`Annehmen`,decline:`Ablehnen`,takeBack:`Zurückziehen`,accepted:`Das Konto gehört jetzt Ihnen.`,declined:`Sie haben das Konto abgelehnt.`,takenBack:`Das Angebot ist zurückgezogen.`,lapsing:e=>e===1?`Eine Einladung läuft bald ab`:`${e} Einladungen laufen bald ab`,waiting:e=>e===1?`Eine Einladung wartet auf Antwort`:`${e} Einladungen warten auf Antwort`,gap:e=>`Niemand bekommt Benachrichtigungen über „${e}“`,gapText:`Wählen Sie einen Kontakt dafür, sonst erfährt es niemand.`,fallback:e=>`Benachrichtigungen über „${e}“ gehen an den Inhaber`,fallbackText:`Kein Kontakt bekommt diese Pflichtkategorie.`,bounced:e=>`Post an ${e} kommt zurück`,factors:e=>e===1?`Ein Mitglied hat keinen zweiten Faktor`:`${e} Mitglieder haben keinen zweiten Faktor`,factorsText:e=>`Dieses Konto verlangt ihn ab ${e}; ohne ihn bleibt man draußen.`,token:e=>`Das API-Token „${e}“ gilt nicht mehr lange`,tokenText:e=>`Es gilt bis ${e}. Was es benutzt, braucht ein neues.`}}),R=n(`
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
`),z=n(`
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
`),B=n(`
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
`),V=n(`
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
`),H=1728e5,U=12096e5,W=(e,t)=>new Date(e).getTime()-Date.now()<t;function G(){let e=o(L),{account:n,base:r,can:i}=D(),a={accountId:n.id,users:i(`users`),contacts:i(`contacts`),audit:i(`audit`),developer:i(`developer`)},{data:s,error:l,loading:u,refetch:m}=x(R,{variables:a,fetchPolicy:`cache-and-network`}),g=s?.account,v=q(s,r,()=>void m()),y=P(),b=n.viewerMembership?.roles?.map(e=>e.name).join(`, `)??``,S=n.viewerMembership?.isOwner?e.owner:n.viewerMembership?e.member(b):n.parent?e.through(n.parent.name):e.owner;return(0,k.jsx)(f,{title:n.name,lead:S,shown:{document:R,variables:a},children:!g&&!u?(0,k.jsx)(d,{error:l,again:()=>void m()}):(0,k.jsxs)(k.Fragment,{children:[(0,k.jsx)(_,{title:e.attention,body:!1,actions:v.length>0&&(0,k.jsx)(j,{color:`yellow`,variant:`light`,children:v.length}),children:g?v.length?(0,k.jsx)(`ul`,{className:`list`,children:v.map(n=>(0,k.jsxs)(`li`,{className:`todo split`,children:[(0,k.jsx)(`span`,{className:`sign ${n.tone}`,children:(0,k.jsx)(p,{name:n.icon})}),(0,k.jsxs)(`div`,{className:`grow`,children:[(0,k.jsx)(`strong`,{className:`wrap`,children:n.title}),(0,k.jsx)(`p`,{className:`faint small wrap`,children:n.text})]}),n.actions??(n.to&&(0,k.jsx)(`div`,{className:`row`,children:(0,k.jsx)(t,{component:T,href:n.to,size:`sm`,variant:`default`,"aria-label":`${e.look}: ${n.title}`,children:e.look})}))]},n.key))}):(0,k.jsx)(h,{icon:`check`,title:e.fine,text:e.fineText}):(0,k.jsx)(K,{rows:3})}),(0,k.jsxs)(`div`,{className:`two`,children:[a.audit&&(0,k.jsx)(_,{title:e.history,body:!1,children:g?g.auditLog?.nodes.length?(0,k.jsx)(`ul`,{className:`list events`,children:g.auditLog.nodes.map(e=>(0,k.jsxs)(`li`,{children:[(0,k.jsx)(`span`,{className:`sign`,children:(0,k.jsx)(p,{name:I(e.action)})}),(0,k.jsx)(`span`,{className:`grow wrap`,children:y(e)}),(0,k.jsx)(`span`,{className:`faint small`,children:(0,k.jsx)(c,{at:e.createdAt})})]},e.id))}):(0,k.jsx)(h,{icon:`clock`,title:e.quiet,text:e.quietText}):(0,k.jsx)(K,{rows:6})}),(0,k.jsx)(_,{title:e.about,children:(0,k.jsxs)(`dl`,{className:`facts`,children:[(0,k.jsx)(`dt`,{children:e.ownerIs}),(0,k.jsx)(`dd`,{children:n.owner?.name}),(0,k.jsx)(`dt`,{children:e.yours}),(0,k.jsx)(`dd`,{children:n.viewerPermissions.length?e.permissions(n.viewerPermissions.length):e.none}),a.users&&(0,k.jsxs)(k.Fragment,{children:[(0,k.jsx)(`dt`,{children:e.people}),(0,k.jsx)(`dd`,{children:g?(0,k.jsxs)(T,{href:`${r}/people`,children:[e.active(g.active?.totalCount??0),(g.pending?.totalCount??0)>0&&`, ${e.invited(g.pending?.totalCount??0)}`]}):(0,k.jsx)(E,{h:22,w:120})})]}),!!g?.subAccounts?.nodes.length&&(0,k.jsxs)(k.Fragment,{children:[(0,k.jsx)(`dt`,{children:e.subs}),(0,k.jsx)(`dd`,{children:(0,k.jsx)(`ul`,{children:g.subAccounts.nodes.map(e=>(0,k.jsx)(`li`,{children:(0,k.jsx)(T,{href:`/accounts/${e.id}`,children:e.name})},e.id))})})]})]})})]})]})})}function K({rows:e}){return(0,k.jsx)(`div`,{className:`body stack`,"aria-busy":`true`,children:Array.from({length:e},(e,t)=>(0,k.jsx)(E,{h:38},t))})}function q(e,t,n){let r=o(L),i=l(),a=e?.account;if(!a)return[];let s=[],c=`${t}/people`,u=a.pendingOwnershipTransfer;if(u){let t=u.to.id===e?.viewer?.id,a=u.from.id===e?.viewer?.id,o=i.moment(u.takesEffectAt??u.expiresAt??``);s.push({key:u.id,tone:`new`,icon:`hand`,title:u.takesEffectAt?r.assigned(u.to.name):t?r.offered(u.from.name):a?r.offering(u.to.name):r.assigned(u.to.name),text:u.takesEffectAt?r.assignedText(o):t?r.offeredText(o):r.offeringText(o),actions:(t||a)&&(0,k.jsx)(J,{transfer:u,mine:t,changed:n})})}let d=a.policies?.requireTwoFactor||a.policies?.parentTwoFactorFrom,f=a.policies?.membersWithoutTwoFactor??0;if(d&&f){let e=[a.policies?.twoFactorFrom,a.policies?.parentTwoFactorFrom].filter(e=>e!=null).sort()[0];s.push({key:`factors`,tone:`wrong`,icon:`unshielded`,title:r.factors(f),text:r.factorsText(e?i.date(e):``),to:`${c}?factor=no`})}for(let e of a.contacts?.nodes??[])e.suppression&&s.push({key:e.id,tone:`wrong`,icon:`mail`,title:r.bounced(e.email),text:e.suppression.reason});for(let e of a.notificationCoverage??[])e.gap&&e.ownerFallback?s.push({key:e.category.key,tone:`care`,icon:`bell`,title:r.fallback(e.category.label),text:r.fallbackText}):e.gap&&s.push({key:e.category.key,tone:e.category.mandatory?`wrong`:`care`,icon:`bell`,title:r.gap(e.category.label),text:r.gapText});for(let e of a.apiTokens?.nodes??[])e.state===`ACTIVE`&&e.expiresAt&&W(e.expiresAt,U)&&s.push({key:e.id,tone:`care`,icon:`code`,title:r.token(e.name),text:r.tokenText(i.date(e.expiresAt))});let p=e=>i.list(e.map(e=>e.name||e.email)),m=a.pending?.nodes??[],h=m.filter(e=>W(e.expiresAt,H)),g=(a.pending?.totalCount??0)-h.length;return h.length&&s.push({key:`lapsing`,tone:`care`,icon:`clock`,title:r.lapsing(h.length),text:p(h),to:`${c}?state=INVITED`}),g>0&&s.push({key:`waiting`,tone:`new`,icon:`mail`,title:r.waiting(g),text:p(m.filter(e=>!h.includes(e))),to:`${c}?state=INVITED`}),s}function J({transfer:e,mine:n,changed:r}){let i=o(L),a=y(),s=m(),[c,l]=g(z),[u,d]=g(B),[f,p]=g(V),h={transferId:e.id},_=(e,t)=>{a({text:e.length?e.map(s).join(` `):t}),r()};return(0,k.jsx)(`div`,{className:`row`,children:n?(0,k.jsxs)(k.Fragment,{children:[!e.takesEffectAt&&(0,k.jsx)(t,{size:`sm`,loading:l,onClick:async()=>_((await c({input:h})).refusals,i.accepted),children:i.accept}),(0,k.jsx)(t,{size:`sm`,variant:`default`,loading:d,onClick:async()=>_((await u({input:h})).refusals,i.declined),children:i.decline})]}):(0,k.jsx)(t,{size:`sm`,variant:`default`,loading:p,onClick:async()=>_((await f({input:h})).refusals,i.takenBack),children:i.takeBack})})}export{G as default};