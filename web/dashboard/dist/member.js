import{r as e}from"./rolldown-runtime.js";import{At as t,C as n,E as r,M as i,Ot as a,T as o,b as s,h as c,j as l,l as u,m as d,n as f,o as p,p as m,v as h,w as g}from"./base.js";import{a as _,t as v}from"./fields.js";import{t as y}from"./Badge.js";import{t as b}from"./Modal.js";import{t as x}from"./Select.js";import{t as S}from"./Skeleton.js";import{t as C}from"./use-debounced-value.js";import{a as w,d as T,l as E,t as D}from"./react.js";import{t as O}from"./confirm.js";import{a as k,i as A,n as j,o as M}from"./field.js";import{n as N,t as P}from"./grants.js";import{t as F}from"./risks.js";import{r as I}from"./shell.js";import{Shield as L,t as R}from"./people.js";import{a as z,c as B,l as V,n as H,o as U}from"./operations2.js";var W=e(T(),1),G=E(),K=r({en:{people:`People`,owner:`Owns this account, and so holds everything. That is not edited; it can be handed over.`,self:`These are your own permissions. Nobody edits what they may do themselves: ask another administrator.`,off:e=>`Deactivated ${e}. Roles and permissions are kept and come back with reactivation.`,offEnded:e=>`Access ended on ${e}. Roles and permissions are kept and come back with reactivation.`,suspended:`The account is suspended: access can be taken away, not given.`,ends:`Access`,until:e=>`until ${e}`,without:`without end`,setEnd:`Change`,endTitle:e=>`Until when does ${e} have access?`,endText:`After this day the membership is deactivated by itself; roles and permissions are kept. They are told three days before, and so are you.`,last:`Last day of the access`,noEnd:`Leave it empty for an access without end.`,endSet:(e,t)=>`${e} has access until ${t}.`,endGone:e=>`${e} has access without end.`,endConflict:`Somebody changed this member while you were at it. Look again, and save once more.`,cancel:`Cancel`,active:`Active`,deactivated:`Deactivated`,isOwner:`Owner`,since:`Member since`,access:`Last access`,never:`never`,factor:`Second factor`,holds:`Holds now`,permissions:e=>e===1?`one permission`:`${e} permissions`,nothing:`nothing yet`,may:`What they may do`,changes:`What this changes`,none:`Nothing yet: change roles or permissions to see the difference.`,gains:`Gains`,loses:`Loses`,reaches:`Newly reaches`,leaves:`No longer reaches`,future:`sub-accounts opened later`,same:`They may do the same as before: the roles differ, what comes of them does not.`,save:`Save`,reset:`Reset`,saved:e=>`${e} has the new permissions from the next request on.`,conflict:`Somebody changed this member while you were at it. What they changed is below; your choices are kept on top of it. Look it over and save again.`,conflictLost:`They now have:`,why:`Why may they, or may they not?`,whyText:`Ask for any permission, and the rule that decides is told.`,which:`Permission`,allowed:`Allowed`,refused:`Not allowed`,by:`given by`,ownership:`ownership`,single:`a single permission`,inAccount:e=>`in ${e}`,more:`More`,deactivate:`Deactivate`,deactivateText:`Cuts their access at once. Roles and permissions are kept.`,reactivate:`Reactivate`,reactivateText:`Gives back what they had.`,remove:`Remove`,removeText:`Takes them out of this account. What they did stays in the history.`,transfer:`Hand the account over`,transferText:`Offers it to them for seven days. If they accept, you become an administrator in the same moment.`,transferTitle:e=>`Offer the account to ${e}?`,transferLong:(e,t)=>`${e} can accept within seven days and then owns ${t} with its sub-accounts: every permission, its debts, and whether it closes. You become an administrator. Until then you can take the offer back.`,offer:`Offer it`,offered:e=>`The account is offered to ${e}. They are told by mail.`,removeTitle:e=>`Remove ${e}?`,removeLong:(e,t)=>`${e} loses access to ${t} at once, and roles and permissions here are forgotten. They can be invited again.`,removed:e=>`${e} was removed.`,deactivatedNow:e=>`${e} has no access any more.`,reactivatedNow:e=>`${e} has access again.`,undo:`Undo`,close:`Close`},de:{people:`Personen`,owner:`Besitzt dieses Konto und hat darum jedes Recht. Das wird nicht bearbeitet, nur übergeben.`,self:`Das sind Ihre eigenen Rechte. Niemand ändert selbst, was er darf: Bitten Sie jemand anderen aus der Verwaltung.`,off:e=>`Deaktiviert ${e}. Rollen und Rechte sind gespeichert und kommen mit der Aktivierung zurück.`,offEnded:e=>`Der Zugang endete am ${e}. Rollen und Rechte sind gespeichert und kommen mit der Aktivierung zurück.`,suspended:`Das Konto ist gesperrt: Zugang kann genommen, aber nicht gegeben werden.`,ends:`Zugang`,until:e=>`bis ${e}`,without:`ohne Ende`,setEnd:`Ändern`,endTitle:e=>`Bis wann hat ${e} Zugang?`,endText:`Nach diesem Tag wird die Mitgliedschaft von selbst deaktiviert; Rollen und Rechte bleiben gespeichert. Die Person erfährt es drei Tage vorher, Sie auch.`,last:`Letzter Tag des Zugangs`,noEnd:`Leer bedeutet: ohne Ende.`,endSet:(e,t)=>`${e} hat Zugang bis ${t}.`,endGone:e=>`${e} hat Zugang ohne Ende.`,endConflict:`Jemand hat dieses Mitglied inzwischen geändert. Sehen Sie noch einmal hin, und speichern Sie erneut.`,cancel:`Abbrechen`,active:`Aktiv`,deactivated:`Deaktiviert`,isOwner:`Inhaber`,since:`Mitglied seit`,access:`Zuletzt da`,never:`noch nie`,factor:`Zweiter Faktor`,holds:`Hat jetzt`,permissions:e=>e===1?`ein Recht`:`${e} Rechte`,nothing:`noch nichts`,may:`Was sie dürfen`,changes:`Was sich ändert`,none:`Noch nichts: Ändern Sie Rollen oder Rechte, um den Unterschied zu sehen.`,gains:`Bekommt`,loses:`Verliert`,reaches:`Erreicht neu`,leaves:`Erreicht nicht mehr`,future:`später eröffnete Unterkonten`,same:`Sie dürfen dasselbe wie bisher: Die Rollen sind andere, das Ergebnis nicht.`,save:`Speichern`,reset:`Zurücksetzen`,saved:e=>`${e} hat die neuen Rechte ab der nächsten Anfrage.`,conflict:`Jemand hat dieses Mitglied inzwischen geändert. Der neue Stand steht unten, Ihre Auswahl bleibt darüber erhalten. Sehen Sie sie an und speichern Sie noch einmal.`,conflictLost:`Jetzt gilt:`,why:`Warum dürfen sie etwas, oder warum nicht?`,whyText:`Fragen Sie nach einem Recht, und Sie erfahren, welche Regel entscheidet.`,which:`Recht`,allowed:`Erlaubt`,refused:`Nicht erlaubt`,by:`gegeben durch`,ownership:`den Besitz`,single:`ein einzelnes Recht`,inAccount:e=>`in ${e}`,more:`Mehr`,deactivate:`Deaktivieren`,deactivateText:`Nimmt sofort den Zugang. Rollen und Rechte bleiben gespeichert.`,reactivate:`Wieder aktivieren`,reactivateText:`Gibt zurück, was war.`,remove:`Entfernen`,removeText:`Nimmt sie aus diesem Konto. Was sie getan haben, bleibt im Verlauf.`,transfer:`Das Konto übergeben`,transferText:`Bietet es ihnen sieben Tage lang an. Mit der Annahme werden Sie Administrator.`,transferTitle:e=>`${e} das Konto anbieten?`,transferLong:(e,t)=>`${e} kann binnen sieben Tagen annehmen und besitzt dann ${t} mit seinen Unterkonten: jedes Recht, die Schulden, und ob es geschlossen wird. Sie werden Administrator. Bis dahin können Sie das Angebot zurückziehen.`,offer:`Anbieten`,offered:e=>`Das Konto ist ${e} angeboten. Es geht eine Mail hinaus.`,removeTitle:e=>`${e} entfernen?`,removeLong:(e,t)=>`${e} verliert sofort den Zugang zu ${t}, Rollen und Rechte hier werden vergessen. Eine neue Einladung ist möglich.`,removed:e=>`${e} wurde entfernt.`,deactivatedNow:e=>`${e} hat keinen Zugang mehr.`,reactivatedNow:e=>`${e} hat wieder Zugang.`,undo:`Rückgängig`,close:`Schließen`}}),q={OWNER:`Das Konto gehört dieser Person.`,ROLE:`Eine Rolle gibt es.`,DIRECT_GRANT:`Es wurde einzeln gegeben.`,INHERITED_FROM_PARENT:`Ein Recht im Hauptkonto gibt es, über den Zugang zu Unterkonten.`,NOT_GRANTED:`Nichts gibt es.`,OUT_OF_SCOPE:`Im Hauptkonto gegeben, aber ohne Zugang zu diesem Unterkonto.`,ROLE_TYPE_CEILING:`Es wurde gegeben, doch die Art der Rolle lässt es nicht zu.`,MEMBERSHIP_DEACTIVATED:`Die Mitgliedschaft ist deaktiviert.`,ACCESS_ENDED:`Der Zugang war befristet und ist abgelaufen.`,ACCOUNT_CLOSED:`Das Konto ist geschlossen.`,TWO_FACTOR_REQUIRED:`Das Konto verlangt einen zweiten Faktor, und die Person hat keinen.`,TOKEN_SCOPE:`Wofür das API-Token gemacht ist, entscheidet.`},J=l(`
  query Member($membershipId: ID!) {
    node(id: $membershipId) {
      ... on Membership {
        id
        account {
          id
        }
        user {
          id
          name
        }
        email
        state
        deactivatedAt
        deactivatedReason
        accessEndsAt
        isOwner
        roles {
          id
          name
        }
        extraPermissions
        effectivePermissions
        subAccountAccess
        selectedSubAccounts {
          id
          name
        }
        lastAccessAt
        twoFactorEnabled
        blockedByPolicy
        twoFactorDueAt
        createdAt
        version
      }
    }
  }
`),Y=l(`
  query PreviewMemberPermissions($input: PreviewMemberPermissionsInput!) {
    previewMemberPermissions(input: $input) {
      difference {
        added
        removed
        newlyReachable {
          id
          name
        }
        noLongerReachable {
          id
          name
        }
        gainsFutureSubAccounts
      }
      warnings {
        permission
        message
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),X=l(`
  mutation UpdateMemberPermissions($input: UpdateMemberPermissionsInput!) {
    updateMemberPermissions(input: $input) {
      membership {
        id
        version
        roles {
          id
          name
        }
        extraPermissions
        effectivePermissions
        subAccountAccess
        selectedSubAccounts {
          id
          name
        }
      }
      warnings {
        permission
        message
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),Z=l(`
  query ExplainPermission($accountId: ID!, $userId: ID!, $permission: PermissionKey!) {
    explainPermission(accountId: $accountId, userId: $userId, permission: $permission) {
      allowed
      reason
      message
      grants {
        account {
          id
          name
        }
        role {
          id
          name
        }
      }
    }
  }
`),ee=e=>({roleIds:(e.roles??[]).map(e=>e.id),permissions:[...e.extraPermissions],subAccountAccess:e.subAccountAccess,subAccountIds:(e.selectedSubAccounts??[]).map(e=>e.id)}),Q=(e,t)=>JSON.stringify([[...e.roleIds].sort(),[...e.permissions].sort(),e.subAccountAccess,[...e.subAccountIds].sort()])===JSON.stringify([[...t.roleIds].sort(),[...t.permissions].sort(),t.subAccountAccess,[...t.subAccountIds].sort()]);function te({membershipId:e,viewerId:t}){let n=o(K),{base:r}=I(),{data:i,error:s,loading:c,refetch:l}=a(J,{variables:{membershipId:e},fetchPolicy:`cache-and-network`}),u=i?.node&&`version`in i.node?i.node:null,f=u?.user?.name??(c?`…`:n.people);return(0,G.jsx)(d,{title:f,lead:(0,G.jsxs)(`span`,{className:`row tight`,children:[(0,G.jsx)(D,{href:`${r}/people`,children:n.people}),` `,(0,G.jsx)(h,{name:`next`,size:14}),` `,u?.email]}),shown:{document:J,variables:{membershipId:e}},actions:u&&(0,G.jsx)(y,{size:`lg`,variant:`light`,color:u.state===`ACTIVE`?`green`:`gray`,children:u.isOwner?n.isOwner:u.state===`ACTIVE`?n.active:n.deactivated}),children:u?(0,G.jsx)(ne,{member:u,viewerId:t,refetch:()=>l().then(()=>{})}):c?(0,G.jsxs)(`div`,{className:`two`,"aria-busy":`true`,children:[(0,G.jsx)(S,{h:420,radius:`lg`}),(0,G.jsx)(S,{h:220,radius:`lg`})]}):(0,G.jsx)(m,{error:s,again:()=>void l()})})}function ne({member:e,viewerId:t,refetch:r}){let i=o(K),a=n(),{open:l}=I(),u=e.user?.id===t,d=e.isOwner?i.owner:u?i.self:null;return(0,G.jsxs)(G.Fragment,{children:[d&&(0,G.jsx)(_,{color:`blue`,children:d}),e.state===`DEACTIVATED`&&e.deactivatedAt&&(0,G.jsx)(_,{color:`gray`,children:e.deactivatedReason===`ACCESS_ENDED`?i.offEnded(a.date(e.deactivatedAt)):i.off(a.ago(e.deactivatedAt))}),!l&&(0,G.jsx)(_,{color:`yellow`,children:i.suspended}),(0,G.jsxs)(`div`,{className:`two`,children:[d?(0,G.jsx)($,{member:e}):(0,G.jsx)(ie,{member:e,refetch:r}),(0,G.jsxs)(`div`,{className:`stack side-stack`,children:[(0,G.jsx)(c,{title:e.email??``,children:(0,G.jsxs)(`dl`,{className:`facts`,children:[(0,G.jsx)(`dt`,{children:i.holds}),(0,G.jsx)(`dd`,{children:e.effectivePermissions?.length?i.permissions(e.effectivePermissions.length):i.nothing}),(0,G.jsx)(`dt`,{children:i.since}),(0,G.jsx)(`dd`,{children:a.date(e.createdAt)}),(0,G.jsx)(`dt`,{children:i.access}),(0,G.jsx)(`dd`,{children:e.lastAccessAt?(0,G.jsx)(s,{at:e.lastAccessAt}):i.never}),(0,G.jsx)(`dt`,{children:i.factor}),(0,G.jsx)(`dd`,{children:(0,G.jsx)(L,{on:e.twoFactorEnabled,blocked:e.blockedByPolicy,due:e.twoFactorDueAt})}),!e.isOwner&&(0,G.jsxs)(G.Fragment,{children:[(0,G.jsx)(`dt`,{children:i.ends}),(0,G.jsxs)(`dd`,{className:`row tight`,children:[e.accessEndsAt?i.until(a.date(e.accessEndsAt)):i.without,!d&&e.state===`ACTIVE`&&(0,G.jsx)(re,{member:e,refetch:r})]})]})]})}),!d&&(0,G.jsx)($,{member:e}),!d&&(0,G.jsx)(ae,{member:e,refetch:r})]})]})]})}function re({member:e,refetch:t}){let r=o(K),a=u(),s=n(),[c,l]=f(B),[d,p]=(0,W.useState)(!1),m=e.user?.name??e.email??``;return(0,G.jsxs)(G.Fragment,{children:[(0,G.jsx)(i,{size:`compact-sm`,variant:`default`,onClick:()=>p(!0),"aria-label":`${r.ends}: ${r.setEnd}`,children:r.setEnd}),d&&(0,G.jsx)(b,{opened:!0,onClose:()=>p(!1),title:r.endTitle(m),closeButtonProps:{"aria-label":r.close},children:(0,G.jsxs)(v,{send:async({accessEndsAt:n})=>{let{refusals:i}=await c({input:{membershipId:e.id,version:e.version,accessEndsAt:n?k(n):null}});if(i.some(e=>e.code===`CONFLICT`))return await t(),[{code:`CHANGED`,field:null,message:r.endConflict,retryAfter:null}];if(i.length)return i;p(!1),a({text:n?r.endSet(m,s.date(k(n))):r.endGone(m)})},children:[(0,G.jsx)(`p`,{className:`faint`,children:r.endText}),(0,G.jsx)(j,{name:`accessEndsAt`,type:`date`,label:r.last,description:r.noEnd,min:M(0),defaultValue:e.accessEndsAt?A(e.accessEndsAt):``,className:`day`,"data-autofocus":!0}),(0,G.jsxs)(`div`,{className:`row right`,children:[(0,G.jsx)(i,{variant:`default`,onClick:()=>p(!1),children:r.cancel}),(0,G.jsx)(i,{type:`submit`,loading:l,children:r.save})]})]})})]})}function ie({member:e,refetch:t}){let n=o(K),r=u(),s=p(),{account:l,open:d}=I(),[m,h]=f(X),g=ee(e),[v,b]=(0,W.useState)(g),x=(0,W.useRef)(g),[S,w]=(0,W.useState)(!1),[T,E]=(0,W.useState)([]),[D,O]=(0,W.useState)(!1),k=!Q(v,g);(0,W.useEffect)(()=>{let e=x.current;x.current=g,Q(e,g)||(Q(v,e)?b(g):Q(v,g)||O(!0))},[e.version]);let A=v.subAccountAccess!==`SELECTED`||v.subAccountIds.length>0,j={membershipId:e.id,...v,subAccountIds:v.subAccountAccess===`SELECTED`?v.subAccountIds:void 0},[M]=C(JSON.stringify(j),200),{data:L,previousData:R}=a(Y,{variables:{input:JSON.parse(M)},skip:!k||!A,fetchPolicy:`no-cache`}),z=k?(L??R)?.previewMemberPermissions:null,B=z?.warnings??[],V=B.map(e=>e.message).join();(0,W.useEffect)(()=>w(!1),[V]);let{data:H}=a(P,{variables:{accountId:l.id}}),U=e=>H?.permissionCatalog?.permissions.find(t=>t.key===e)?.label??e,q=z?.difference,J=q?[[n.gains,`good`,[...q.added.map(U)]],[n.loses,`wrong`,[...q.removed.map(U)]],[n.reaches,`good`,[...q.newlyReachable.map(e=>e.name),...q.gainsFutureSubAccounts?[n.future]:[]]],[n.leaves,`wrong`,[...q.noLongerReachable.map(e=>e.name)]]]:[];async function Z(){E([]);let{refusals:i}=await m({input:{...j,version:e.version,acknowledgeRisks:S}});if(i.some(e=>e.code===`CONFLICT`))return O(!0),t();E(i),i.length||(O(!1),r({text:n.saved(e.user?.name??e.email??``)}))}return(0,G.jsx)(c,{title:n.may,children:(0,G.jsxs)(`form`,{className:`stack`,onSubmit:e=>{e.preventDefault(),Z()},children:[D&&(0,G.jsxs)(_,{color:`yellow`,role:`alert`,children:[n.conflict,(0,G.jsx)(`br`,{}),(0,G.jsx)(`strong`,{children:n.conflictLost}),` `,[...(e.roles??[]).map(e=>e.name),...e.extraPermissions.map(U)].join(`, `)||n.nothing]}),(0,G.jsx)(N,{accountId:l.id,value:v,onChange:b}),(0,G.jsxs)(`section`,{className:`difference`,"aria-label":n.changes,"aria-live":`polite`,children:[(0,G.jsx)(`h3`,{children:n.changes}),k?z?.errors.length?(0,G.jsx)(`p`,{className:`bad`,children:z.errors.map(e=>s({...e,field:null,retryAfter:e.retryAfter??null})).join(` `)}):q&&J.every(([,,e])=>!e.length)?(0,G.jsx)(`p`,{className:`faint small`,children:n.same}):J.filter(([,,e])=>e.length).map(([e,t,n])=>(0,G.jsxs)(`div`,{className:`row tight`,children:[(0,G.jsx)(`strong`,{children:e}),n.map(e=>(0,G.jsx)(y,{variant:`light`,color:t===`good`?`green`:`red`,children:e},e))]},e)):(0,G.jsx)(`p`,{className:`faint small`,children:n.none})]}),k&&(0,G.jsx)(F,{warnings:B,read:S,onRead:w}),T.length>0&&(0,G.jsx)(_,{color:`red`,role:`alert`,children:T.map(s).join(` `)}),(0,G.jsxs)(`div`,{className:`row right`,children:[(0,G.jsx)(i,{variant:`default`,disabled:!k,onClick:()=>{b(g),E([]),O(!1)},children:n.reset}),(0,G.jsx)(i,{type:`submit`,loading:h,disabled:!k||!A||!d||!!z?.errors.length||B.length>0&&!S,children:n.save})]})]})})}function $({member:e}){let n=o(K),{language:r}=g(),{account:i}=I(),s=t(),{data:l}=a(P,{variables:{accountId:i.id}}),[u,d]=(0,W.useState)(null),[f,p]=(0,W.useState)(null),m=e.user?.id;return(0,W.useEffect)(()=>{if(!u||!m)return;let e=!1;return s.query({query:Z,variables:{accountId:i.id,userId:m,permission:u},fetchPolicy:`network-only`}).then(({data:t})=>!e&&p(t?.explainPermission??null)),()=>{e=!0}},[u,m,i.id,e.version,e.state,s]),(0,G.jsx)(c,{title:n.why,children:(0,G.jsxs)(`div`,{className:`stack`,children:[(0,G.jsx)(x,{label:n.which,description:n.whyText,data:(l?.permissionCatalog?.permissions??[]).map(e=>({value:e.key,label:e.label})),value:u,onChange:d,searchable:!0}),(0,G.jsx)(`div`,{role:`status`,children:u&&f&&(0,G.jsxs)(`div`,{className:`because`,children:[(0,G.jsx)(`span`,{className:`sign ${f.allowed?`good`:`wrong`}`,children:(0,G.jsx)(h,{name:f.allowed?`check`:`close`})}),(0,G.jsxs)(`div`,{children:[(0,G.jsx)(`strong`,{children:f.allowed?n.allowed:n.refused}),(0,G.jsx)(`p`,{className:`small`,children:r===`de`?q[f.reason]??f.message:f.message}),f.grants.map((e,t)=>(0,G.jsxs)(`p`,{className:`faint small`,children:[n.by,` `,e.role?.name??(f.reason===`OWNER`?n.ownership:n.single),` `,e.account&&e.account.id!==i.id&&n.inAccount(e.account.name)]},t))]})]})})]})})}function ae({member:e,refetch:t}){let n=o(K),r=u(),a=p(),{account:s,base:l,open:d}=I(),[,m]=w(),[h,g]=f(H),[_,v]=f(z),[y]=f(U),[b]=f(V),[x,S]=(0,W.useState)(null),[C,T]=(0,W.useState)(null),E=e.user?.name??e.email??``,D=s.viewerMembership?.isOwner&&!s.parent;async function k(i){let{payload:o,refusals:s}=await _({input:{membershipId:e.id,acknowledgeRisks:i}}),c=s.some(e=>e.field===`accessEndsAt`);if(c||s.some(e=>e.code===`RISK_NOT_ACKNOWLEDGED`))return T({ended:c,warnings:o?.warnings??[]});r({text:s.length?s.map(a).join(` `):n.reactivatedNow(E)}),await t()}async function A(){let{refusals:i}=await h({input:{membershipId:e.id}});r(i.length?{text:i.map(a).join(` `)}:{text:n.deactivatedNow(E),undo:d?{label:n.undo,run:()=>void k(!0)}:void 0}),await t()}let j=[e.state===`ACTIVE`?[n.deactivate,n.deactivateText,g,()=>void A()]:[n.reactivate,n.reactivateText,v,()=>void k(!1)],...D&&e.state===`ACTIVE`&&d?[[n.transfer,n.transferText,!1,()=>S(`transfer`)]]:[],[n.remove,n.removeText,!1,()=>S(`remove`),!0]];return(0,G.jsxs)(c,{title:n.more,children:[(0,G.jsx)(`ul`,{className:`stack`,children:j.map(([e,t,n,r,a])=>(0,G.jsxs)(`li`,{className:`stack tight`,children:[(0,G.jsx)(i,{variant:a?`outline`:`default`,color:a?`red`:void 0,onClick:r,loading:n,fullWidth:!0,children:e}),(0,G.jsx)(`p`,{className:`faint small`,children:t})]},e))}),C&&(0,G.jsx)(R,{membershipId:e.id,who:E,question:C,close:()=>T(null),done:()=>{T(null),r({text:n.reactivatedNow(E)}),t()}}),x===`remove`&&(0,G.jsx)(O,{title:n.removeTitle(E),label:n.remove,danger:!0,close:()=>S(null),act:async()=>{let{refusals:t}=await y({input:{membershipId:e.id}});return t.length||(r({text:n.removed(E)}),m(`${l}/people`)),t},children:n.removeLong(E,s.name)}),x===`transfer`&&(0,G.jsx)(O,{title:n.transferTitle(E),label:n.offer,close:()=>S(null),act:async()=>{let{refusals:t}=await b({input:{accountId:s.id,membershipId:e.id}});return t.length||r({text:n.offered(E)}),t},children:n.transferLong(E,s.name)})]})}export{te as default};