import{C as e,D as t,O as n,S as r,Tt as i,d as a,f as o,g as s,i as c,l,n as u,p as d,s as f,v as p,w as m,wt as h,x as g}from"./base.js";import{t as _}from"./Badge.js";import{t as v}from"./Skeleton.js";import{l as y,t as b}from"./react.js";import{n as x,r as S}from"./shell.js";var C={"account.created":e=>`${e} opened the account`,"account.updated":e=>`${e} changed the details of the account`,"account.closed":e=>`${e} closed the account`,"account.reopened":e=>`${e} opened the account again`,"account.suspended":e=>`${e} suspended the account`,"account.reinstated":e=>`${e} reinstated the account`,"account.sub_account_created":(e,t)=>`${e} opened the sub-account ${t}`,"account.policies_changed":e=>`${e} changed the policies`,"account.policies_reminded":(e,t)=>`${e} reminded ${t||`members`} of the second factor`,"account.owner_changed":(e,t)=>`${t||`Somebody else`} owns the account now`,"ownership_transfer.requested":(e,t)=>`${e} offered the account to ${t||`somebody`}`,"ownership_transfer.accepted":e=>`${e} took the account over`,"ownership_transfer.declined":e=>`${e} declined the account`,"ownership_transfer.canceled":e=>`${e} took the offer of the account back`,"ownership_transfer.noticed":(e,t)=>`${e} told ${t||`people`} of the transfer`,"invitation.sent":(e,t)=>`${e} invited ${t||`somebody`}`,"invitation.resent":(e,t)=>`${e} invited ${t||`somebody`} again`,"invitation.canceled":(e,t)=>`${e} withdrew the invitation of ${t||`somebody`}`,"invitation.accepted":e=>`${e} accepted the invitation`,"invitation.declined":e=>`${e} declined the invitation`,"invitation.reminded":(e,t)=>`${e} reminded ${t||`somebody`} of the invitation`,"invitation.reported":e=>`${e} does not know who invited them`,"member.joined":(e,t)=>`${t||e} joined`,"member.permissions_changed":(e,t)=>`${e} changed what ${t||`somebody`} may do`,"member.deactivated":(e,t)=>`${e} deactivated ${t||`somebody`}`,"member.reactivated":(e,t)=>`${e} reactivated ${t||`somebody`}`,"member.removed":(e,t)=>`${e} removed ${t||`somebody`}`,"member.left":e=>`${e} left`,"role.created":(e,t)=>`${e} made the role ${t}`,"role.updated":(e,t)=>`${e} changed the role ${t}`,"role.deleted":(e,t)=>`${e} deleted the role ${t}`,"contact.created":(e,t)=>`${e} added the contact ${t}`,"contact.updated":(e,t)=>`${e} changed the contact ${t}`,"contact.deleted":(e,t)=>`${e} deleted the contact ${t}`,"contact.linked":(e,t)=>`${t||e} signs in as a contact`,"contact.unlinked":(e,t)=>`${t||`A contact`} no longer signs in`,"contact.login_revoked":(e,t)=>`${e} took the login of ${t||`a contact`} away`,"contact.suppressed":(e,t)=>`Mail to ${t||`a contact`} came back`,"contact.suppression_cleared":(e,t)=>`${e} lets mail go to ${t||`a contact`} again`,"contact.unsubscribed":(e,t)=>`${t||e} unsubscribed`,"contact.resubscribed":(e,t)=>`${t||e} subscribed again`,"contact.complained":(e,t)=>`${t||e} called a mail spam`,"contact.verification_requested":(e,t)=>`${e} asked ${t||`a contact`} whether the address is right`,"contact.verified":(e,t)=>`${t||e} said that the address is right`,"contact.disowned":(e,t)=>`${t||e} said that the address is not theirs`,"notification.sent":(e,t)=>`${e} sent “${t}”`,"notification.tested":(e,t)=>`${e} sent ${t||`a contact`} a test`,"delivery.retried":e=>`${e} sent a mail again`,"api_token.created":(e,t)=>`${e} made the API token ${t}`,"api_token.revoked":(e,t)=>`${e} revoked the API token ${t}`},w={"account.created":e=>`${e} hat das Konto eröffnet`,"account.updated":e=>`${e} hat die Angaben zum Konto geändert`,"account.closed":e=>`${e} hat das Konto geschlossen`,"account.reopened":e=>`${e} hat das Konto wieder geöffnet`,"account.suspended":e=>`${e} hat das Konto gesperrt`,"account.reinstated":e=>`${e} hat das Konto wieder freigegeben`,"account.sub_account_created":(e,t)=>`${e} hat das Unterkonto ${t} eröffnet`,"account.policies_changed":e=>`${e} hat die Richtlinien geändert`,"account.policies_reminded":(e,t)=>`${e} hat ${t||`Mitglieder`} an den zweiten Faktor erinnert`,"account.owner_changed":(e,t)=>`Das Konto gehört jetzt ${t||`jemand anderem`}`,"ownership_transfer.requested":(e,t)=>`${e} hat ${t||`jemandem`} das Konto angeboten`,"ownership_transfer.accepted":e=>`${e} hat das Konto übernommen`,"ownership_transfer.declined":e=>`${e} hat das Konto abgelehnt`,"ownership_transfer.canceled":e=>`${e} hat das Angebot des Kontos zurückgezogen`,"ownership_transfer.noticed":(e,t)=>`${e} hat ${t||`Beteiligte`} an die Übergabe erinnert`,"invitation.sent":(e,t)=>`${e} hat ${t||`jemanden`} eingeladen`,"invitation.resent":(e,t)=>`${e} hat ${t||`jemanden`} noch einmal eingeladen`,"invitation.canceled":(e,t)=>`${e} hat die Einladung von ${t||`jemandem`} zurückgezogen`,"invitation.accepted":e=>`${e} hat die Einladung angenommen`,"invitation.declined":e=>`${e} hat die Einladung abgelehnt`,"invitation.reminded":(e,t)=>`${e} hat ${t||`jemanden`} an die Einladung erinnert`,"invitation.reported":e=>`${e} kennt nicht, wer eingeladen hat`,"member.joined":(e,t)=>`${t||e} ist beigetreten`,"member.permissions_changed":(e,t)=>`${e} hat geändert, was ${t||`jemand`} darf`,"member.deactivated":(e,t)=>`${e} hat ${t||`jemanden`} deaktiviert`,"member.reactivated":(e,t)=>`${e} hat ${t||`jemanden`} wieder aktiviert`,"member.removed":(e,t)=>`${e} hat ${t||`jemanden`} entfernt`,"member.left":e=>`${e} ist ausgetreten`,"role.created":(e,t)=>`${e} hat die Rolle ${t} angelegt`,"role.updated":(e,t)=>`${e} hat die Rolle ${t} geändert`,"role.deleted":(e,t)=>`${e} hat die Rolle ${t} gelöscht`,"contact.created":(e,t)=>`${e} hat den Kontakt ${t} angelegt`,"contact.updated":(e,t)=>`${e} hat den Kontakt ${t} geändert`,"contact.deleted":(e,t)=>`${e} hat den Kontakt ${t} gelöscht`,"contact.linked":(e,t)=>`${t||e} meldet sich als Kontakt an`,"contact.unlinked":(e,t)=>`${t||`Ein Kontakt`} meldet sich nicht mehr an`,"contact.login_revoked":(e,t)=>`${e} hat ${t||`einem Kontakt`} die Anmeldung genommen`,"contact.suppressed":(e,t)=>`Post an ${t||`einen Kontakt`} kam zurück`,"contact.suppression_cleared":(e,t)=>`${e} lässt wieder Post an ${t||`einen Kontakt`} gehen`,"contact.unsubscribed":(e,t)=>`${t||e} hat sich abgemeldet`,"contact.resubscribed":(e,t)=>`${t||e} hat sich wieder angemeldet`,"contact.complained":(e,t)=>`${t||e} hat eine Mail als Spam gemeldet`,"contact.verification_requested":(e,t)=>`${e} hat ${t||`einen Kontakt`} gefragt, ob die Adresse stimmt`,"contact.verified":(e,t)=>`${t||e} hat die Adresse bestätigt`,"contact.disowned":(e,t)=>`${t||e} sagt, die Adresse gehört jemand anderem`,"notification.sent":(e,t)=>`${e} hat „${t}“ verschickt`,"notification.tested":(e,t)=>`${e} hat ${t||`einem Kontakt`} eine Probe geschickt`,"delivery.retried":e=>`${e} hat eine Mail noch einmal geschickt`,"api_token.created":(e,t)=>`${e} hat das API-Token ${t} angelegt`,"api_token.revoked":(e,t)=>`${e} hat das API-Token ${t} widerrufen`};function T(){let e=r().language===`de`?w:C;return t=>e[t.action]?.(t.actor.name,t.targetName??``)??`${t.actor.name}: ${t.action.replaceAll(/[._]/g,` `)}${t.targetName?` (${t.targetName})`:``}`}var E={invitation:`mail`,member:`people`,role:`key`,contact:`person`,account:`building`,ownership_transfer:`hand`,notification:`bell`,delivery:`bell`,api_token:`code`},D=e=>E[e.split(`.`)[0]??``]??`clock`,O=y(),k=m({en:{owner:`You own this account.`,member:e=>e?`You are here as ${e}.`:`You are a member of this account.`,through:e=>`A sub-account of ${e}, which you reach through it.`,attention:`Needs attention`,fine:`Nothing needs your attention`,fineText:`Invitations, addresses and second factors are as they should be.`,history:`What happened lately`,quiet:`Nothing has happened yet`,quietText:`What people do in this account is written down here.`,about:`This account`,ownerIs:`Owner`,yours:`Your permissions`,permissions:e=>e===1?`one permission`:`${e} permissions`,none:`none yet`,subs:`Sub-accounts`,people:`People`,active:e=>`${e} active`,invited:e=>`${e} invited`,look:`See them`,offered:e=>`${e} offers you this account`,offeredText:e=>`If you accept, it is yours at once, with everything it owes and owns. The offer stands until ${e}.`,assigned:e=>`This account goes to ${e}`,assignedText:e=>`The company started it since the owner is gone. It takes effect on ${e}, unless owner or nominee say no.`,offering:e=>`You offered this account to ${e}`,offeringText:e=>`It is yours until they accept. The offer stands until ${e}.`,accept:`Accept`,decline:`Decline`,takeBack:`Take it back`,accepted:`The account is yours.`,declined:`You declined the account.`,takenBack:`The offer is taken back.`,lapsing:e=>e===1?`An invitation lapses soon`:`${e} invitations lapse soon`,waiting:e=>e===1?`An invitation waits for its answer`:`${e} invitations wait for an answer`,gap:e=>`Nobody gets notifications about ${e}`,quoted:e=>`“${e}”`,gapText:`Choose a contact for them, or nobody will hear of it.`,fallback:e=>`Notifications about ${e} go to the owner`,fallbackText:`Somebody has to get them, and no contact does.`,bounced:e=>`Mail to ${e} comes back`,factors:e=>e===1?`One member has no second factor`:`${e} members have no second factor`,factorsText:e=>`This account asks for one from ${e} on; without it they are kept out.`,token:e=>`The API token “${e}” stops working soon`,tokenText:e=>`It is good until ${e}. What uses it needs a new one.`},de:{owner:`Dieses Konto gehört Ihnen.`,member:e=>e?`Sie sind hier als ${e}.`:`Sie sind Mitglied dieses Kontos.`,through:e=>`Ein Unterkonto von ${e}, über das Sie es erreichen.`,attention:`Braucht Aufmerksamkeit`,fine:`Nichts braucht Ihre Aufmerksamkeit`,fineText:`Einladungen, Adressen und zweite Faktoren sind, wie sie sein sollen.`,history:`Was zuletzt geschah`,quiet:`Noch ist nichts geschehen`,quietText:`Was in diesem Konto getan wird, steht dann hier.`,about:`Dieses Konto`,ownerIs:`Inhaber`,yours:`Ihre Rechte`,permissions:e=>e===1?`ein Recht`:`${e} Rechte`,none:`noch keine`,subs:`Unterkonten`,people:`Personen`,active:e=>`${e} aktiv`,invited:e=>`${e} eingeladen`,look:`Ansehen`,offered:e=>`${e} bietet Ihnen dieses Konto an`,offeredText:e=>`Wenn Sie annehmen, gehört es sofort Ihnen, mit allem, was es hat und schuldet. Das Angebot gilt bis ${e}.`,assigned:e=>`Dieses Konto geht an ${e}`,assignedText:e=>`Das Unternehmen hat es begonnen, weil der Inhaber nicht mehr da ist. Es gilt ab ${e}, außer jemand von beiden sagt Nein.`,offering:e=>`Sie haben dieses Konto ${e} angeboten`,offeringText:e=>`Bis zur Annahme gehört es Ihnen. Das Angebot gilt bis ${e}.`,accept:`Annehmen`,decline:`Ablehnen`,takeBack:`Zurückziehen`,accepted:`Das Konto gehört jetzt Ihnen.`,declined:`Sie haben das Konto abgelehnt.`,takenBack:`Das Angebot ist zurückgezogen.`,lapsing:e=>e===1?`Eine Einladung läuft bald ab`:`${e} Einladungen laufen bald ab`,waiting:e=>e===1?`Eine Einladung wartet auf Antwort`:`${e} Einladungen warten auf Antwort`,gap:e=>`Niemand bekommt Benachrichtigungen über ${e}`,quoted:e=>`„${e}“`,gapText:`Wählen Sie einen Kontakt dafür, sonst erfährt es niemand.`,fallback:e=>`Benachrichtigungen über ${e} gehen an den Inhaber`,fallbackText:`Jemand muss sie bekommen, und kein Kontakt tut es.`,bounced:e=>`Post an ${e} kommt zurück`,factors:e=>e===1?`Ein Mitglied hat keinen zweiten Faktor`:`${e} Mitglieder haben keinen zweiten Faktor`,factorsText:e=>`Dieses Konto verlangt ihn ab ${e}; ohne ihn bleibt man draußen.`,token:e=>`Das API-Token „${e}“ gilt nicht mehr lange`,tokenText:e=>`Es gilt bis ${e}. Was es benutzt, braucht ein neues.`}}),A=t(`
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
`),j=t(`
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
`),M=t(`
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
`),N=t(`
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
`),P=1728e5,F=12096e5,I=(e,t)=>new Date(e).getTime()-Date.now()<t;function L(){let t=e(k),{account:r,base:i,can:c}=S(),u={accountId:r.id,users:c(`users`),contacts:c(`contacts`),audit:c(`audit`),developer:c(`developer`)},{data:f,error:m,loading:g,refetch:y}=h(A,{variables:u,fetchPolicy:`cache-and-network`}),x=f?.account,C=z(f,i,()=>void y()),w=T(),E=r.viewerMembership?.roles?.map(e=>e.name).join(`, `)??``,j=r.viewerMembership?.isOwner?t.owner:r.viewerMembership?t.member(E):r.parent?t.through(r.parent.name):t.owner;return(0,O.jsx)(o,{title:r.name,lead:j,shown:{document:A,variables:u},children:!x&&!g?(0,O.jsx)(a,{error:m,again:()=>void y()}):(0,O.jsxs)(O.Fragment,{children:[(0,O.jsx)(d,{title:t.attention,body:!1,actions:C.length>0&&(0,O.jsx)(_,{color:`yellow`,variant:`light`,children:C.length}),children:x?C.length?(0,O.jsx)(`ul`,{className:`list`,children:C.map(e=>(0,O.jsxs)(`li`,{className:`todo split`,children:[(0,O.jsx)(`span`,{className:`sign ${e.tone}`,children:(0,O.jsx)(s,{name:e.icon})}),(0,O.jsxs)(`div`,{className:`grow`,children:[(0,O.jsx)(`strong`,{className:`wrap`,children:e.title}),(0,O.jsx)(`p`,{className:`faint small wrap`,children:e.text})]}),e.actions??(e.to&&(0,O.jsx)(`div`,{className:`row`,children:(0,O.jsx)(n,{component:b,href:e.to,size:`sm`,variant:`default`,"aria-label":`${t.look}: ${e.title}`,children:t.look})}))]},e.key))}):(0,O.jsx)(l,{icon:`check`,title:t.fine,text:t.fineText}):(0,O.jsx)(R,{rows:3})}),(0,O.jsxs)(`div`,{className:`two`,children:[u.audit&&(0,O.jsx)(d,{title:t.history,body:!1,children:x?x.auditLog?.nodes.length?(0,O.jsx)(`ul`,{className:`list events`,children:x.auditLog.nodes.map(e=>(0,O.jsxs)(`li`,{children:[(0,O.jsx)(`span`,{className:`sign`,children:(0,O.jsx)(s,{name:D(e.action)})}),(0,O.jsx)(`span`,{className:`grow wrap`,children:w(e)}),(0,O.jsx)(`span`,{className:`faint small`,children:(0,O.jsx)(p,{at:e.createdAt})})]},e.id))}):(0,O.jsx)(l,{icon:`clock`,title:t.quiet,text:t.quietText}):(0,O.jsx)(R,{rows:6})}),(0,O.jsx)(d,{title:t.about,children:(0,O.jsxs)(`dl`,{className:`facts`,children:[(0,O.jsx)(`dt`,{children:t.ownerIs}),(0,O.jsx)(`dd`,{children:r.owner?.name}),(0,O.jsx)(`dt`,{children:t.yours}),(0,O.jsx)(`dd`,{children:r.viewerPermissions.length?t.permissions(r.viewerPermissions.length):t.none}),u.users&&(0,O.jsxs)(O.Fragment,{children:[(0,O.jsx)(`dt`,{children:t.people}),(0,O.jsx)(`dd`,{children:x?(0,O.jsxs)(b,{href:`${i}/people`,children:[t.active(x.active?.totalCount??0),(x.pending?.totalCount??0)>0&&`, ${t.invited(x.pending?.totalCount??0)}`]}):(0,O.jsx)(v,{h:22,w:120})})]}),!!x?.subAccounts?.nodes.length&&(0,O.jsxs)(O.Fragment,{children:[(0,O.jsx)(`dt`,{children:t.subs}),(0,O.jsx)(`dd`,{children:(0,O.jsx)(`ul`,{children:x.subAccounts.nodes.map(e=>(0,O.jsx)(`li`,{children:(0,O.jsx)(b,{href:`/accounts/${e.id}`,children:e.name})},e.id))})})]})]})})]})]})})}function R({rows:e}){return(0,O.jsx)(`div`,{className:`body stack`,"aria-busy":`true`,children:Array.from({length:e},(e,t)=>(0,O.jsx)(v,{h:38},t))})}function z(t,n,r){let i=e(k),a=g(),o=t?.account;if(!o)return[];let s=[],c=`${n}/people`,l=o.pendingOwnershipTransfer;if(l){let e=l.to.id===t?.viewer?.id,n=l.from.id===t?.viewer?.id,o=a.moment(l.takesEffectAt??l.expiresAt??``);s.push({key:l.id,tone:`new`,icon:`hand`,title:l.takesEffectAt?i.assigned(l.to.name):e?i.offered(l.from.name):n?i.offering(l.to.name):i.assigned(l.to.name),text:l.takesEffectAt?i.assignedText(o):e?i.offeredText(o):i.offeringText(o),actions:(e||n)&&(0,O.jsx)(B,{transfer:l,mine:e,changed:r})})}let u=o.policies?.requireTwoFactor||o.policies?.parentTwoFactorFrom,d=o.policies?.membersWithoutTwoFactor??0;if(u&&d){let e=[o.policies?.twoFactorFrom,o.policies?.parentTwoFactorFrom].filter(e=>e!=null).sort()[0];s.push({key:`factors`,tone:`wrong`,icon:`unshielded`,title:i.factors(d),text:i.factorsText(e?a.date(e):``),to:`${c}?factor=no`})}for(let e of o.contacts?.nodes??[])e.suppression&&s.push({key:e.id,tone:`wrong`,icon:`mail`,title:i.bounced(e.email),text:e.suppression.reason});let f=(o.notificationCoverage??[]).filter(e=>e.gap),p=e=>a.list(e.map(e=>i.quoted(e.category.label))),m=f.filter(e=>!e.ownerFallback),h=f.filter(e=>e.ownerFallback);m.length&&s.push({key:`gap`,tone:m.some(e=>e.category.mandatory)?`wrong`:`care`,icon:`bell`,title:i.gap(p(m)),text:i.gapText}),h.length&&s.push({key:`fallback`,tone:`care`,icon:`bell`,title:i.fallback(p(h)),text:i.fallbackText});for(let e of o.apiTokens?.nodes??[])e.state===`ACTIVE`&&e.expiresAt&&I(e.expiresAt,F)&&s.push({key:e.id,tone:`care`,icon:`code`,title:i.token(e.name),text:i.tokenText(a.date(e.expiresAt))});let _=e=>a.list(e.map(e=>e.name||e.email)),v=o.pending?.nodes??[],y=v.filter(e=>I(e.expiresAt,P)),b=(o.pending?.totalCount??0)-y.length;return y.length&&s.push({key:`lapsing`,tone:`care`,icon:`clock`,title:i.lapsing(y.length),text:_(y),to:`${c}?state=INVITED`}),b>0&&s.push({key:`waiting`,tone:`new`,icon:`mail`,title:i.waiting(b),text:_(v.filter(e=>!y.includes(e))),to:`${c}?state=INVITED`}),s}function B({transfer:t,mine:r,changed:a}){let o=e(k),s=f(),l=c(),d=i(),[p,m]=u(j),[h,g]=u(M),[_,v]=u(N),y={transferId:t.id},b=(e,t)=>{d.refetchQueries({include:[x]}),s({text:e.length?e.map(l).join(` `):t}),a()};return(0,O.jsx)(`div`,{className:`row`,children:r?(0,O.jsxs)(O.Fragment,{children:[!t.takesEffectAt&&(0,O.jsx)(n,{size:`sm`,loading:m,onClick:async()=>b((await p({input:y})).refusals,o.accepted),children:o.accept}),(0,O.jsx)(n,{size:`sm`,variant:`default`,loading:g,onClick:async()=>b((await h({input:y})).refusals,o.declined),children:o.decline})]}):(0,O.jsx)(n,{size:`sm`,variant:`default`,loading:v,onClick:async()=>b((await _({input:y})).refusals,o.takenBack),children:o.takeBack})})}export{L as default};