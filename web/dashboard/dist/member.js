import{r as e}from"./rolldown-runtime.js";import{C as t,D as n,E as r,Ft as i,I as a,L as o,O as s,_ as c,h as l,k as u,l as d,m as f,n as p,o as m,p as h,y as g}from"./base.js";import{a as _}from"./fields.js";import{t as v}from"./Badge.js";import{t as y}from"./Select.js";import{t as b}from"./Skeleton.js";import{t as x}from"./use-debounced-value.js";import{a as S,d as C,l as w,t as T}from"./react.js";import{t as E}from"./confirm.js";import{n as D,t as O}from"./grants.js";import{t as k}from"./risks.js";import{r as A}from"./shell.js";import{Shield as j,t as M}from"./people.js";import{t as N}from"./end.js";import{a as P,l as F,n as I,o as L}from"./operations3.js";var R=e(C(),1),z=w(),B=u({en:{people:`People`,owner:`Owns this account, and so holds everything. That is not edited; it can be handed over.`,self:`These are your own permissions. Nobody edits what they may do themselves: ask another administrator.`,off:e=>`Deactivated ${e}. Roles and permissions are kept and come back with reactivation.`,offEnded:e=>`Access ended on ${e}. Roles and permissions are kept and come back with reactivation.`,suspended:`The account is suspended: access can be taken away, not given.`,ends:`Access`,until:e=>`until ${e}`,without:`without end`,setEnd:`Change`,active:`Active`,deactivated:`Deactivated`,isOwner:`Owner`,since:`Member since`,access:`Last access`,never:`never`,factor:`Second factor`,holds:`Holds now`,permissions:e=>e===1?`one permission`:`${e} permissions`,nothing:`nothing yet`,may:`What they may do`,changes:`What this changes`,none:`Nothing yet: change roles or permissions to see the difference.`,gains:`Gains`,loses:`Loses`,reaches:`Newly reaches`,leaves:`No longer reaches`,future:`sub-accounts opened later`,same:`They may do the same as before: the roles differ, what comes of them does not.`,save:`Save`,reset:`Reset`,saved:e=>`${e} has the new permissions from the next request on.`,conflict:`Somebody changed this member while you were at it. What they changed is below; your choices are kept on top of it. Look it over and save again.`,conflictLost:`They now have:`,why:`Why may they, or may they not?`,whyText:`Ask for any permission, and the rule that decides is told.`,which:`Permission`,allowed:`Allowed`,refused:`Not allowed`,by:`given by`,ownership:`ownership`,single:`a single permission`,inAccount:e=>`in ${e}`,more:`More`,deactivate:`Deactivate`,deactivateText:`Cuts their access at once. Roles and permissions are kept.`,reactivate:`Reactivate`,reactivateText:`Gives back what they had.`,remove:`Remove`,removeText:`Takes them out of this account. What they did stays in the history.`,transfer:`Hand the account over`,transferText:`Offers it to them for seven days. If they accept, you become an administrator in the same moment.`,transferTitle:e=>`Offer the account to ${e}?`,transferLong:(e,t)=>`${e} can accept within seven days and then owns ${t} with its sub-accounts: every permission, its debts, and whether it closes. You become an administrator. Until then you can take the offer back.`,offer:`Offer it`,offered:e=>`The account is offered to ${e}. They are told by mail.`,removeTitle:e=>`Remove ${e}?`,removeLong:(e,t)=>`${e} loses access to ${t} at once, and roles and permissions here are forgotten. They can be invited again.`,removed:e=>`${e} was removed.`,deactivatedNow:e=>`${e} has no access any more.`,reactivatedNow:e=>`${e} has access again.`,undo:`Undo`,close:`Close`},de:{people:`Personen`,owner:`Besitzt dieses Konto und hat darum jedes Recht. Das wird nicht bearbeitet, nur übergeben.`,self:`Das sind Ihre eigenen Rechte. Niemand ändert selbst, was er darf: Bitten Sie jemand anderen aus der Verwaltung.`,off:e=>`Deaktiviert ${e}. Rollen und Rechte sind gespeichert und kommen mit der Aktivierung zurück.`,offEnded:e=>`Der Zugang endete am ${e}. Rollen und Rechte sind gespeichert und kommen mit der Aktivierung zurück.`,suspended:`Das Konto ist gesperrt: Zugang kann genommen, aber nicht gegeben werden.`,ends:`Zugang`,until:e=>`bis ${e}`,without:`ohne Ende`,setEnd:`Ändern`,active:`Aktiv`,deactivated:`Deaktiviert`,isOwner:`Inhaber`,since:`Mitglied seit`,access:`Zuletzt da`,never:`noch nie`,factor:`Zweiter Faktor`,holds:`Hat jetzt`,permissions:e=>e===1?`ein Recht`:`${e} Rechte`,nothing:`noch nichts`,may:`Was sie dürfen`,changes:`Was sich ändert`,none:`Noch nichts: Ändern Sie Rollen oder Rechte, um den Unterschied zu sehen.`,gains:`Bekommt`,loses:`Verliert`,reaches:`Erreicht neu`,leaves:`Erreicht nicht mehr`,future:`später eröffnete Unterkonten`,same:`Sie dürfen dasselbe wie bisher: Die Rollen sind andere, das Ergebnis nicht.`,save:`Speichern`,reset:`Zurücksetzen`,saved:e=>`${e} hat die neuen Rechte ab der nächsten Anfrage.`,conflict:`Jemand hat dieses Mitglied inzwischen geändert. Der neue Stand steht unten, Ihre Auswahl bleibt darüber erhalten. Sehen Sie sie an und speichern Sie noch einmal.`,conflictLost:`Jetzt gilt:`,why:`Warum dürfen sie etwas, oder warum nicht?`,whyText:`Fragen Sie nach einem Recht, und Sie erfahren, welche Regel entscheidet.`,which:`Recht`,allowed:`Erlaubt`,refused:`Nicht erlaubt`,by:`gegeben durch`,ownership:`den Besitz`,single:`ein einzelnes Recht`,inAccount:e=>`in ${e}`,more:`Mehr`,deactivate:`Deaktivieren`,deactivateText:`Nimmt sofort den Zugang. Rollen und Rechte bleiben gespeichert.`,reactivate:`Wieder aktivieren`,reactivateText:`Gibt zurück, was war.`,remove:`Entfernen`,removeText:`Nimmt sie aus diesem Konto. Was sie getan haben, bleibt im Verlauf.`,transfer:`Das Konto übergeben`,transferText:`Bietet es ihnen sieben Tage lang an. Mit der Annahme werden Sie Administrator.`,transferTitle:e=>`${e} das Konto anbieten?`,transferLong:(e,t)=>`${e} kann binnen sieben Tagen annehmen und besitzt dann ${t} mit seinen Unterkonten: jedes Recht, die Schulden, und ob es geschlossen wird. Sie werden Administrator. Bis dahin können Sie das Angebot zurückziehen.`,offer:`Anbieten`,offered:e=>`Das Konto ist ${e} angeboten. Es geht eine Mail hinaus.`,removeTitle:e=>`${e} entfernen?`,removeLong:(e,t)=>`${e} verliert sofort den Zugang zu ${t}, Rollen und Rechte hier werden vergessen. Eine neue Einladung ist möglich.`,removed:e=>`${e} wurde entfernt.`,deactivatedNow:e=>`${e} hat keinen Zugang mehr.`,reactivatedNow:e=>`${e} hat wieder Zugang.`,undo:`Rückgängig`,close:`Schließen`}}),V={OWNER:`Das Konto gehört dieser Person.`,ROLE:`Eine Rolle gibt es.`,DIRECT_GRANT:`Es wurde einzeln gegeben.`,INHERITED_FROM_PARENT:`Ein Recht im Hauptkonto gibt es, über den Zugang zu Unterkonten.`,NOT_GRANTED:`Nichts gibt es.`,OUT_OF_SCOPE:`Im Hauptkonto gegeben, aber ohne Zugang zu diesem Unterkonto.`,ROLE_TYPE_CEILING:`Es wurde gegeben, doch die Art der Rolle lässt es nicht zu.`,MEMBERSHIP_DEACTIVATED:`Die Mitgliedschaft ist deaktiviert.`,ACCESS_ENDED:`Der Zugang war befristet und ist abgelaufen.`,ACCOUNT_CLOSED:`Das Konto ist geschlossen.`,TWO_FACTOR_REQUIRED:`Das Konto verlangt einen zweiten Faktor, und die Person hat keinen.`,TOKEN_SCOPE:`Wofür das API-Token gemacht ist, entscheidet.`},H=a(`
  query Member($membershipId: ID!, $locale: String) {
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
          name(locale: $locale)
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
`),U=a(`
  query PreviewMemberPermissions($input: PreviewMemberPermissionsInput!, $locale: String) {
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
        message(locale: $locale)
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),W=a(`
  mutation UpdateMemberPermissions($input: UpdateMemberPermissionsInput!, $locale: String) {
    updateMemberPermissions(input: $input) {
      membership {
        id
        version
        roles {
          id
          name(locale: $locale)
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
        message(locale: $locale)
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),G=a(`
  query ExplainPermission($accountId: ID!, $userId: ID!, $permission: PermissionKey!, $locale: String) {
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
          name(locale: $locale)
        }
      }
    }
  }
`),K=e=>({roleIds:(e.roles??[]).map(e=>e.id),permissions:[...e.extraPermissions],subAccountAccess:e.subAccountAccess,subAccountIds:(e.selectedSubAccounts??[]).map(e=>e.id)}),q=(e,t)=>JSON.stringify([[...e.roleIds].sort(),[...e.permissions].sort(),e.subAccountAccess,[...e.subAccountIds].sort()])===JSON.stringify([[...t.roleIds].sort(),[...t.permissions].sort(),t.subAccountAccess,[...t.subAccountIds].sort()]);function J({membershipId:e,viewerId:t}){let n=s(B),{base:r}=A(),{data:i,error:a,loading:o,refetch:l}=g(H,{variables:{membershipId:e},fetchPolicy:`cache-and-network`}),u=i?.node&&`version`in i.node?i.node:null,d=u?.user?.name??(o?`…`:n.people);return(0,z.jsx)(f,{title:d,lead:(0,z.jsxs)(`span`,{className:`row tight`,children:[(0,z.jsx)(T,{href:`${r}/people`,children:n.people}),` `,(0,z.jsx)(c,{name:`next`,size:14}),` `,u?.email]}),shown:{document:H,variables:{membershipId:e}},actions:u&&(0,z.jsx)(v,{size:`lg`,variant:`light`,color:u.state===`ACTIVE`?`green`:`gray`,children:u.isOwner?n.isOwner:u.state===`ACTIVE`?n.active:n.deactivated}),children:u?(0,z.jsx)(Y,{member:u,viewerId:t,refetch:()=>l().then(()=>{})}):o?(0,z.jsxs)(`div`,{className:`two`,"aria-busy":`true`,children:[(0,z.jsx)(b,{h:420,radius:`lg`}),(0,z.jsx)(b,{h:220,radius:`lg`})]}):(0,z.jsx)(h,{error:a,again:()=>void l()})})}function Y({member:e,viewerId:n,refetch:i}){let a=s(B),o=r(),{open:c}=A(),u=e.user?.id===n,d=e.isOwner?a.owner:u?a.self:null;return(0,z.jsxs)(z.Fragment,{children:[d&&(0,z.jsx)(_,{color:`blue`,children:d}),e.state===`DEACTIVATED`&&e.deactivatedAt&&(0,z.jsx)(_,{color:`gray`,children:e.deactivatedReason===`ACCESS_ENDED`?a.offEnded(o.date(e.deactivatedAt)):a.off(o.ago(e.deactivatedAt))}),!c&&(0,z.jsx)(_,{color:`yellow`,children:a.suspended}),(0,z.jsxs)(`div`,{className:`two`,children:[d?(0,z.jsx)(Q,{member:e}):(0,z.jsx)(Z,{member:e,refetch:i}),(0,z.jsxs)(`div`,{className:`stack side-stack`,children:[(0,z.jsx)(l,{title:e.email??``,children:(0,z.jsxs)(`dl`,{className:`facts`,children:[(0,z.jsx)(`dt`,{children:a.holds}),(0,z.jsx)(`dd`,{children:e.effectivePermissions?.length?a.permissions(e.effectivePermissions.length):a.nothing}),(0,z.jsx)(`dt`,{children:a.since}),(0,z.jsx)(`dd`,{children:o.date(e.createdAt)}),(0,z.jsx)(`dt`,{children:a.access}),(0,z.jsx)(`dd`,{children:e.lastAccessAt?(0,z.jsx)(t,{at:e.lastAccessAt}):a.never}),(0,z.jsx)(`dt`,{children:a.factor}),(0,z.jsx)(`dd`,{children:(0,z.jsx)(j,{on:e.twoFactorEnabled,blocked:e.blockedByPolicy,due:e.twoFactorDueAt})}),!e.isOwner&&(0,z.jsxs)(z.Fragment,{children:[(0,z.jsx)(`dt`,{children:a.ends}),(0,z.jsxs)(`dd`,{className:`row tight`,children:[e.accessEndsAt?a.until(o.date(e.accessEndsAt)):a.without,!d&&e.state===`ACTIVE`&&(0,z.jsx)(X,{member:e,refetch:i})]})]})]})}),!d&&(0,z.jsx)(Q,{member:e}),!d&&(0,z.jsx)($,{member:e,refetch:i})]})]})]})}function X({member:e,refetch:t}){let n=s(B),[r,i]=(0,R.useState)(!1);return(0,z.jsxs)(z.Fragment,{children:[(0,z.jsx)(o,{size:`compact-sm`,variant:`default`,onClick:()=>i(!0),"aria-label":`${n.ends}: ${n.setEnd}`,children:n.setEnd}),r&&(0,z.jsx)(N,{member:e,who:e.user?.name??e.email??``,changed:t,close:()=>i(!1)})]})}function Z({member:e,refetch:t}){let n=s(B),r=d(),i=m(),{account:a,open:c}=A(),[u,f]=p(W),h=K(e),[y,b]=(0,R.useState)(h),S=(0,R.useRef)(h),[C,w]=(0,R.useState)(!1),[T,E]=(0,R.useState)([]),[j,M]=(0,R.useState)(!1),N=(0,R.useRef)(null),P=!q(y,h);(0,R.useEffect)(()=>{let e=S.current;S.current=h,q(e,h)||(q(y,e)?b(h):q(y,h)||M(!0))},[e.version]);let F=y.subAccountAccess!==`SELECTED`||y.subAccountIds.length>0,I={membershipId:e.id,...y,subAccountIds:y.subAccountAccess===`SELECTED`?y.subAccountIds:void 0},[L]=x(JSON.stringify(I),200),{data:V,previousData:H}=g(U,{variables:{input:JSON.parse(L)},skip:!P||!F,fetchPolicy:`no-cache`}),G=P?(V??H)?.previewMemberPermissions:null,J=G?.warnings??[],Y=J.map(e=>e.message).join();(0,R.useEffect)(()=>w(!1),[Y]);let{data:X}=g(O,{variables:{accountId:a.id}}),Z=e=>X?.permissionCatalog?.permissions.find(t=>t.key===e)?.label??e,Q=G?.difference,$=Q?[[n.gains,`good`,[...Q.added.map(Z)]],[n.loses,`wrong`,[...Q.removed.map(Z)]],[n.reaches,`good`,[...Q.newlyReachable.map(e=>e.name),...Q.gainsFutureSubAccounts?[n.future]:[]]],[n.leaves,`wrong`,[...Q.noLongerReachable.map(e=>e.name)]]]:[];async function ee(){E([]);let{refusals:i}=await u({input:{...I,version:e.version,acknowledgeRisks:C}});if(i.some(e=>e.code===`CONFLICT`))return M(!0),await t(),N.current?.scrollIntoView({block:`center`});E(i),i.length||(M(!1),r({text:n.saved(e.user?.name??e.email??``)}))}return(0,z.jsx)(l,{title:n.may,children:(0,z.jsxs)(`form`,{className:`stack`,onSubmit:e=>{e.preventDefault(),ee()},children:[j&&(0,z.jsxs)(_,{ref:N,color:`yellow`,role:`alert`,children:[n.conflict,(0,z.jsx)(`br`,{}),(0,z.jsx)(`strong`,{children:n.conflictLost}),` `,[...(e.roles??[]).map(e=>e.name),...e.extraPermissions.map(Z)].join(`, `)||n.nothing]}),(0,z.jsx)(D,{accountId:a.id,value:y,onChange:b}),(0,z.jsxs)(`section`,{className:`difference`,"aria-label":n.changes,"aria-live":`polite`,children:[(0,z.jsx)(`h3`,{children:n.changes}),P?G?.errors.length?(0,z.jsx)(`p`,{className:`bad`,children:G.errors.map(e=>i({...e,field:null,retryAfter:e.retryAfter??null})).join(` `)}):Q&&$.every(([,,e])=>!e.length)?(0,z.jsx)(`p`,{className:`faint small`,children:n.same}):$.filter(([,,e])=>e.length).map(([e,t,n])=>(0,z.jsxs)(`div`,{className:`row tight`,children:[(0,z.jsx)(`strong`,{children:e}),n.map(e=>(0,z.jsx)(v,{variant:`light`,color:t===`good`?`green`:`red`,children:e},e))]},e)):(0,z.jsx)(`p`,{className:`faint small`,children:n.none})]}),P&&(0,z.jsx)(k,{warnings:J,read:C,onRead:w}),T.length>0&&(0,z.jsx)(_,{color:`red`,role:`alert`,children:T.map(i).join(` `)}),(0,z.jsxs)(`div`,{className:`row right`,children:[(0,z.jsx)(o,{variant:`default`,disabled:!P,onClick:()=>{b(h),E([]),M(!1)},children:n.reset}),(0,z.jsx)(o,{type:`submit`,loading:f,disabled:!P||!F||!c||!!G?.errors.length||J.length>0&&!C,children:n.save})]})]})})}function Q({member:e}){let t=s(B),{language:r}=n(),{account:a}=A(),o=i(),{data:u}=g(O,{variables:{accountId:a.id}}),[d,f]=(0,R.useState)(null),[p,m]=(0,R.useState)(null),h=e.user?.id;return(0,R.useEffect)(()=>{if(!d||!h)return;let e=!1;return o.query({query:G,variables:{accountId:a.id,userId:h,permission:d,locale:r},fetchPolicy:`network-only`}).then(({data:t})=>!e&&m(t?.explainPermission??null)),()=>{e=!0}},[d,h,a.id,r,e.version,e.state,o]),(0,z.jsx)(l,{title:t.why,children:(0,z.jsxs)(`div`,{className:`stack`,children:[(0,z.jsx)(y,{label:t.which,description:t.whyText,data:(u?.permissionCatalog?.permissions??[]).map(e=>({value:e.key,label:e.label})),value:d,onChange:f,searchable:!0}),(0,z.jsx)(`div`,{role:`status`,children:d&&p&&(0,z.jsxs)(`div`,{className:`because`,children:[(0,z.jsx)(`span`,{className:`sign ${p.allowed?`good`:`wrong`}`,children:(0,z.jsx)(c,{name:p.allowed?`check`:`close`})}),(0,z.jsxs)(`div`,{children:[(0,z.jsx)(`strong`,{children:p.allowed?t.allowed:t.refused}),(0,z.jsx)(`p`,{className:`small`,children:r===`de`?V[p.reason]??p.message:p.message}),p.grants.map((e,n)=>(0,z.jsxs)(`p`,{className:`faint small`,children:[t.by,` `,e.role?.name??(p.reason===`OWNER`?t.ownership:t.single),` `,e.account&&e.account.id!==a.id&&t.inAccount(e.account.name)]},n))]})]})})]})})}function $({member:e,refetch:t}){let n=s(B),r=d(),i=m(),{account:a,base:c,open:u}=A(),[,f]=S(),[h,g]=p(I),[_,v]=p(P),[y]=p(L),[b]=p(F),[x,C]=(0,R.useState)(null),[w,T]=(0,R.useState)(null),D=e.user?.name??e.email??``,O=a.viewerMembership?.isOwner&&!a.parent;async function k(a){let{payload:o,refusals:s}=await _({input:{membershipId:e.id,acknowledgeRisks:a}}),c=s.some(e=>e.field===`accessEndsAt`);if(c||s.some(e=>e.code===`RISK_NOT_ACKNOWLEDGED`))return T({ended:c,warnings:o?.warnings??[]});r({text:s.length?s.map(i).join(` `):n.reactivatedNow(D)}),await t()}async function j(){let{refusals:a}=await h({input:{membershipId:e.id}});r(a.length?{text:a.map(i).join(` `)}:{text:n.deactivatedNow(D),undo:u?{label:n.undo,run:()=>void k(!0)}:void 0}),await t()}let N=[e.state===`ACTIVE`?[n.deactivate,n.deactivateText,g,()=>void j()]:[n.reactivate,n.reactivateText,v,()=>void k(!1)],...O&&e.state===`ACTIVE`&&u?[[n.transfer,n.transferText,!1,()=>C(`transfer`)]]:[],[n.remove,n.removeText,!1,()=>C(`remove`),!0]];return(0,z.jsxs)(l,{title:n.more,children:[(0,z.jsx)(`ul`,{className:`stack`,children:N.map(([e,t,n,r,i])=>(0,z.jsxs)(`li`,{className:`stack tight`,children:[(0,z.jsx)(o,{variant:i?`outline`:`default`,color:i?`red`:void 0,onClick:r,loading:n,fullWidth:!0,children:e}),(0,z.jsx)(`p`,{className:`faint small`,children:t})]},e))}),w&&(0,z.jsx)(M,{membershipId:e.id,who:D,question:w,close:()=>T(null),done:()=>{T(null),r({text:n.reactivatedNow(D)}),t()}}),x===`remove`&&(0,z.jsx)(E,{title:n.removeTitle(D),label:n.remove,danger:!0,close:()=>C(null),act:async()=>{let{refusals:t}=await y({input:{membershipId:e.id}});return t.length||(r({text:n.removed(D)}),f(`${c}/people`)),t},children:n.removeLong(D,a.name)}),x===`transfer`&&(0,z.jsx)(E,{title:n.transferTitle(D),label:n.offer,close:()=>C(null),act:async()=>{let{refusals:t}=await b({input:{accountId:a.id,membershipId:e.id}});return t.length||r({text:n.offered(D)}),t},children:n.transferLong(D,a.name)})]})}export{J as default};