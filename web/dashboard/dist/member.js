import{r as e}from"./rolldown-runtime.js";import{At as t,C as n,E as r,M as i,Ot as a,T as o,b as s,h as c,j as l,l as u,m as d,n as f,o as p,p as m,v as h,w as g}from"./base.js";import{r as _}from"./form.js";import{t as v}from"./Badge.js";import{t as y}from"./Modal.js";import{t as b}from"./Select.js";import{t as x}from"./Skeleton.js";import{t as S}from"./use-debounced-value.js";import{a as C,d as w,l as T,t as E}from"./react.js";import{t as D}from"./confirm.js";import{n as O,t as k}from"./grants.js";import{t as A}from"./risks.js";import{r as j}from"./shell.js";import{Shield as M,i as N,r as P,t as F}from"./people.js";var I=e(w(),1),L=T(),R=r({en:{people:`People`,owner:`Owns this account, and so holds everything. That is not edited; it can be handed over.`,self:`These are your own permissions. Nobody edits what they may do themselves: ask another administrator.`,off:e=>`Deactivated ${e}. Roles and permissions are kept and come back with reactivation.`,suspended:`The account is suspended: access can be taken away, not given.`,active:`Active`,deactivated:`Deactivated`,isOwner:`Owner`,since:`Member since`,access:`Last access`,never:`never`,factor:`Second factor`,holds:`Holds now`,permissions:e=>e===1?`one permission`:`${e} permissions`,nothing:`nothing yet`,may:`What they may do`,changes:`What this changes`,none:`Nothing yet: change roles or permissions to see the difference.`,gains:`Gains`,loses:`Loses`,reaches:`Newly reaches`,leaves:`No longer reaches`,future:`sub-accounts opened later`,same:`They may do the same as before: the roles differ, what comes of them does not.`,save:`Save`,reset:`Reset`,saved:e=>`${e} has the new permissions from the next request on.`,conflict:`Somebody changed this member while you were at it. What they changed is below; your choices are kept on top of it. Look it over and save again.`,conflictLost:`They now have:`,why:`Why may they, or may they not?`,whyText:`Ask for any permission, and the rule that decides is told.`,which:`Permission`,allowed:`Allowed`,refused:`Not allowed`,by:`given by`,ownership:`ownership`,single:`a single permission`,inAccount:e=>`in ${e}`,more:`More`,deactivate:`Deactivate`,deactivateText:`Cuts their access at once. Roles and permissions are kept.`,reactivate:`Reactivate`,reactivateText:`Gives back what they had.`,remove:`Remove`,removeText:`Takes them out of this account. What they did stays in the history.`,transfer:`Hand the account over`,transferText:`Offers it to them for seven days. If they accept, you become an administrator in the same moment.`,transferTitle:e=>`Offer the account to ${e}?`,transferLong:(e,t)=>`${e} can accept within seven days and then owns ${t} with its sub-accounts: every permission, its debts, and whether it closes. You become an administrator. Until then you can take the offer back.`,offer:`Offer it`,offered:e=>`The account is offered to ${e}. They are told by mail.`,removeTitle:e=>`Remove ${e}?`,removeLong:(e,t)=>`${e} loses access to ${t} at once, and roles and permissions here are forgotten. They can be invited again.`,removed:e=>`${e} was removed.`,deactivatedNow:e=>`${e} has no access any more.`,reactivatedNow:e=>`${e} has access again.`,reactivateTitle:e=>`Give ${e} access again?`,undo:`Undo`,close:`Close`},de:{people:`Personen`,owner:`Besitzt dieses Konto und hat darum jedes Recht. Das wird nicht bearbeitet, nur übergeben.`,self:`Das sind Ihre eigenen Rechte. Niemand ändert selbst, was er darf: Bitten Sie jemand anderen aus der Verwaltung.`,off:e=>`Deaktiviert ${e}. Rollen und Rechte sind gespeichert und kommen mit der Aktivierung zurück.`,suspended:`Das Konto ist gesperrt: Zugang kann genommen, aber nicht gegeben werden.`,active:`Aktiv`,deactivated:`Deaktiviert`,isOwner:`Inhaber`,since:`Mitglied seit`,access:`Zuletzt da`,never:`noch nie`,factor:`Zweiter Faktor`,holds:`Hat jetzt`,permissions:e=>e===1?`ein Recht`:`${e} Rechte`,nothing:`noch nichts`,may:`Was sie dürfen`,changes:`Was sich ändert`,none:`Noch nichts: Ändern Sie Rollen oder Rechte, um den Unterschied zu sehen.`,gains:`Bekommt`,loses:`Verliert`,reaches:`Erreicht neu`,leaves:`Erreicht nicht mehr`,future:`später eröffnete Unterkonten`,same:`Sie dürfen dasselbe wie bisher: Die Rollen sind andere, das Ergebnis nicht.`,save:`Speichern`,reset:`Zurücksetzen`,saved:e=>`${e} hat die neuen Rechte ab der nächsten Anfrage.`,conflict:`Jemand hat dieses Mitglied inzwischen geändert. Der neue Stand steht unten, Ihre Auswahl bleibt darüber erhalten. Sehen Sie sie an und speichern Sie noch einmal.`,conflictLost:`Jetzt gilt:`,why:`Warum dürfen sie etwas, oder warum nicht?`,whyText:`Fragen Sie nach einem Recht, und Sie erfahren, welche Regel entscheidet.`,which:`Recht`,allowed:`Erlaubt`,refused:`Nicht erlaubt`,by:`gegeben durch`,ownership:`den Besitz`,single:`ein einzelnes Recht`,inAccount:e=>`in ${e}`,more:`Mehr`,deactivate:`Deaktivieren`,deactivateText:`Nimmt sofort den Zugang. Rollen und Rechte bleiben gespeichert.`,reactivate:`Wieder aktivieren`,reactivateText:`Gibt zurück, was war.`,remove:`Entfernen`,removeText:`Nimmt sie aus diesem Konto. Was sie getan haben, bleibt im Verlauf.`,transfer:`Das Konto übergeben`,transferText:`Bietet es ihnen sieben Tage lang an. Mit der Annahme werden Sie Administrator.`,transferTitle:e=>`${e} das Konto anbieten?`,transferLong:(e,t)=>`${e} kann binnen sieben Tagen annehmen und besitzt dann ${t} mit seinen Unterkonten: jedes Recht, die Schulden, und ob es geschlossen wird. Sie werden Administrator. Bis dahin können Sie das Angebot zurückziehen.`,offer:`Anbieten`,offered:e=>`Das Konto ist ${e} angeboten. Es geht eine Mail hinaus.`,removeTitle:e=>`${e} entfernen?`,removeLong:(e,t)=>`${e} verliert sofort den Zugang zu ${t}, Rollen und Rechte hier werden vergessen. Eine neue Einladung ist möglich.`,removed:e=>`${e} wurde entfernt.`,deactivatedNow:e=>`${e} hat keinen Zugang mehr.`,reactivatedNow:e=>`${e} hat wieder Zugang.`,reactivateTitle:e=>`${e} wieder Zugang geben?`,undo:`Rückgängig`,close:`Schließen`}}),z={OWNER:`Das Konto gehört dieser Person.`,ROLE:`Eine Rolle gibt es.`,DIRECT_GRANT:`Es wurde einzeln gegeben.`,INHERITED_FROM_PARENT:`Ein Recht im Hauptkonto gibt es, über den Zugang zu Unterkonten.`,NOT_GRANTED:`Nichts gibt es.`,OUT_OF_SCOPE:`Im Hauptkonto gegeben, aber ohne Zugang zu diesem Unterkonto.`,ROLE_TYPE_CEILING:`Es wurde gegeben, doch die Art der Rolle lässt es nicht zu.`,MEMBERSHIP_DEACTIVATED:`Die Mitgliedschaft ist deaktiviert.`,ACCOUNT_CLOSED:`Das Konto ist geschlossen.`,TWO_FACTOR_REQUIRED:`Das Konto verlangt einen zweiten Faktor, und die Person hat keinen.`,TOKEN_SCOPE:`Wofür das API-Token gemacht ist, entscheidet.`},B=l(`
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
`),V=l(`
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
`),H=l(`
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
`),U=l(`
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
`),W=l(`
  mutation RequestOwnershipTransfer($input: RequestOwnershipTransferInput!) {
    requestOwnershipTransfer(input: $input) {
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
`),G=e=>({roleIds:(e.roles??[]).map(e=>e.id),permissions:[...e.extraPermissions],subAccountAccess:e.subAccountAccess,subAccountIds:(e.selectedSubAccounts??[]).map(e=>e.id)}),K=(e,t)=>JSON.stringify([[...e.roleIds].sort(),[...e.permissions].sort(),e.subAccountAccess,[...e.subAccountIds].sort()])===JSON.stringify([[...t.roleIds].sort(),[...t.permissions].sort(),t.subAccountAccess,[...t.subAccountIds].sort()]);function q({membershipId:e,viewerId:t}){let n=o(R),{base:r}=j(),{data:i,error:s,loading:c,refetch:l}=a(B,{variables:{membershipId:e},fetchPolicy:`cache-and-network`}),u=i?.node&&`version`in i.node?i.node:null,f=u?.user?.name??(c?`…`:n.people);return(0,L.jsx)(d,{title:f,lead:(0,L.jsxs)(`span`,{className:`row tight`,children:[(0,L.jsx)(E,{href:`${r}/people`,children:n.people}),` `,(0,L.jsx)(h,{name:`next`,size:14}),` `,u?.email]}),shown:{document:B,variables:{membershipId:e}},actions:u&&(0,L.jsx)(v,{size:`lg`,variant:`light`,color:u.state===`ACTIVE`?`green`:`gray`,children:u.isOwner?n.isOwner:u.state===`ACTIVE`?n.active:n.deactivated}),children:u?(0,L.jsx)(J,{member:u,viewerId:t,refetch:()=>l().then(()=>{})}):c?(0,L.jsxs)(`div`,{className:`two`,"aria-busy":`true`,children:[(0,L.jsx)(x,{h:420,radius:`lg`}),(0,L.jsx)(x,{h:220,radius:`lg`})]}):(0,L.jsx)(m,{error:s,again:()=>void l()})})}function J({member:e,viewerId:t,refetch:r}){let i=o(R),a=n(),{open:l}=j(),u=e.user?.id===t,d=e.isOwner?i.owner:u?i.self:null;return(0,L.jsxs)(L.Fragment,{children:[d&&(0,L.jsx)(_,{color:`blue`,children:d}),e.state===`DEACTIVATED`&&e.deactivatedAt&&(0,L.jsx)(_,{color:`gray`,children:i.off(a.ago(e.deactivatedAt))}),!l&&(0,L.jsx)(_,{color:`yellow`,children:i.suspended}),(0,L.jsxs)(`div`,{className:`two`,children:[d?(0,L.jsx)(X,{member:e}):(0,L.jsx)(Y,{member:e,refetch:r}),(0,L.jsxs)(`div`,{className:`stack side-stack`,children:[(0,L.jsx)(c,{title:e.email??``,children:(0,L.jsxs)(`dl`,{className:`facts`,children:[(0,L.jsx)(`dt`,{children:i.holds}),(0,L.jsx)(`dd`,{children:e.effectivePermissions?.length?i.permissions(e.effectivePermissions.length):i.nothing}),(0,L.jsx)(`dt`,{children:i.since}),(0,L.jsx)(`dd`,{children:a.date(e.createdAt)}),(0,L.jsx)(`dt`,{children:i.access}),(0,L.jsx)(`dd`,{children:e.lastAccessAt?(0,L.jsx)(s,{at:e.lastAccessAt}):i.never}),(0,L.jsx)(`dt`,{children:i.factor}),(0,L.jsx)(`dd`,{children:(0,L.jsx)(M,{on:e.twoFactorEnabled,blocked:e.blockedByPolicy,due:e.twoFactorDueAt})})]})}),!d&&(0,L.jsx)(X,{member:e}),!d&&(0,L.jsx)(Z,{member:e,refetch:r})]})]})]})}function Y({member:e,refetch:t}){let n=o(R),r=u(),s=p(),{account:l,open:d}=j(),[m,h]=f(H),g=G(e),[y,b]=(0,I.useState)(g),x=(0,I.useRef)(g),[C,w]=(0,I.useState)(!1),[T,E]=(0,I.useState)([]),[D,M]=(0,I.useState)(!1),N=!K(y,g);(0,I.useEffect)(()=>{let e=x.current;x.current=g,K(e,g)||(K(y,e)?b(g):K(y,g)||M(!0))},[e.version]);let P=y.subAccountAccess!==`SELECTED`||y.subAccountIds.length>0,F={membershipId:e.id,...y,subAccountIds:y.subAccountAccess===`SELECTED`?y.subAccountIds:void 0},[z]=S(JSON.stringify(F),200),{data:B,previousData:U}=a(V,{variables:{input:JSON.parse(z)},skip:!N||!P,fetchPolicy:`no-cache`}),W=N?(B??U)?.previewMemberPermissions:null,q=W?.warnings??[],J=q.map(e=>e.message).join();(0,I.useEffect)(()=>w(!1),[J]);let{data:Y}=a(k,{variables:{accountId:l.id}}),X=e=>Y?.permissionCatalog?.permissions.find(t=>t.key===e)?.label??e,Z=W?.difference,Q=Z?[[n.gains,`good`,[...Z.added.map(X)]],[n.loses,`wrong`,[...Z.removed.map(X)]],[n.reaches,`good`,[...Z.newlyReachable.map(e=>e.name),...Z.gainsFutureSubAccounts?[n.future]:[]]],[n.leaves,`wrong`,[...Z.noLongerReachable.map(e=>e.name)]]]:[];async function $(){E([]);let{refusals:i}=await m({input:{...F,version:e.version,acknowledgeRisks:C}});if(i.some(e=>e.code===`CONFLICT`))return M(!0),t();E(i),i.length||(M(!1),r({text:n.saved(e.user?.name??e.email??``)}))}return(0,L.jsx)(c,{title:n.may,children:(0,L.jsxs)(`form`,{className:`stack`,onSubmit:e=>{e.preventDefault(),$()},children:[D&&(0,L.jsxs)(_,{color:`yellow`,role:`alert`,children:[n.conflict,(0,L.jsx)(`br`,{}),(0,L.jsx)(`strong`,{children:n.conflictLost}),` `,[...(e.roles??[]).map(e=>e.name),...e.extraPermissions.map(X)].join(`, `)||n.nothing]}),(0,L.jsx)(O,{accountId:l.id,value:y,onChange:b}),(0,L.jsxs)(`section`,{className:`difference`,"aria-label":n.changes,"aria-live":`polite`,children:[(0,L.jsx)(`h3`,{children:n.changes}),N?W?.errors.length?(0,L.jsx)(`p`,{className:`bad`,children:W.errors.map(e=>s({...e,field:null,retryAfter:e.retryAfter??null})).join(` `)}):Z&&Q.every(([,,e])=>!e.length)?(0,L.jsx)(`p`,{className:`faint small`,children:n.same}):Q.filter(([,,e])=>e.length).map(([e,t,n])=>(0,L.jsxs)(`div`,{className:`row tight`,children:[(0,L.jsx)(`strong`,{children:e}),n.map(e=>(0,L.jsx)(v,{variant:`light`,color:t===`good`?`green`:`red`,children:e},e))]},e)):(0,L.jsx)(`p`,{className:`faint small`,children:n.none})]}),N&&(0,L.jsx)(A,{warnings:q,read:C,onRead:w}),T.length>0&&(0,L.jsx)(_,{color:`red`,role:`alert`,children:T.map(s).join(` `)}),(0,L.jsxs)(`div`,{className:`row right`,children:[(0,L.jsx)(i,{variant:`default`,disabled:!N,onClick:()=>{b(g),E([]),M(!1)},children:n.reset}),(0,L.jsx)(i,{type:`submit`,loading:h,disabled:!N||!P||!d||!!W?.errors.length||q.length>0&&!C,children:n.save})]})]})})}function X({member:e}){let n=o(R),{language:r}=g(),{account:i}=j(),s=t(),{data:l}=a(k,{variables:{accountId:i.id}}),[u,d]=(0,I.useState)(null),[f,p]=(0,I.useState)(null),m=e.user?.id;return(0,I.useEffect)(()=>{if(!u||!m)return;let e=!1;return s.query({query:U,variables:{accountId:i.id,userId:m,permission:u},fetchPolicy:`network-only`}).then(({data:t})=>!e&&p(t?.explainPermission??null)),()=>{e=!0}},[u,m,i.id,e.version,e.state,s]),(0,L.jsx)(c,{title:n.why,children:(0,L.jsxs)(`div`,{className:`stack`,children:[(0,L.jsx)(b,{label:n.which,description:n.whyText,data:(l?.permissionCatalog?.permissions??[]).map(e=>({value:e.key,label:e.label})),value:u,onChange:d,searchable:!0}),(0,L.jsx)(`div`,{role:`status`,children:u&&f&&(0,L.jsxs)(`div`,{className:`because`,children:[(0,L.jsx)(`span`,{className:`sign ${f.allowed?`good`:`wrong`}`,children:(0,L.jsx)(h,{name:f.allowed?`check`:`close`})}),(0,L.jsxs)(`div`,{children:[(0,L.jsx)(`strong`,{children:f.allowed?n.allowed:n.refused}),(0,L.jsx)(`p`,{className:`small`,children:r===`de`?z[f.reason]??f.message:f.message}),f.grants.map((e,t)=>(0,L.jsxs)(`p`,{className:`faint small`,children:[n.by,` `,e.role?.name??(f.reason===`OWNER`?n.ownership:n.single),` `,e.account&&e.account.id!==i.id&&n.inAccount(e.account.name)]},t))]})]})})]})})}function Z({member:e,refetch:t}){let n=o(R),r=u(),a=p(),{account:s,base:l,open:d}=j(),[,m]=C(),[h,g]=f(F),[_,v]=f(P),[b]=f(N),[x]=f(W),[S,w]=(0,I.useState)(null),[T,E]=(0,I.useState)([]),[O,k]=(0,I.useState)(!1),M=e.user?.name??e.email??``,z=s.viewerMembership?.isOwner&&!s.parent;async function B(i){let{payload:o,refusals:s}=await _({input:{membershipId:e.id,acknowledgeRisks:i}});return!i&&s.some(e=>e.code===`RISK_NOT_ACKNOWLEDGED`)?E(o?.warnings??[]):(r({text:s.length?s.map(a).join(` `):n.reactivatedNow(M)}),await t()),s}async function V(){let{refusals:i}=await h({input:{membershipId:e.id}});r(i.length?{text:i.map(a).join(` `)}:{text:n.deactivatedNow(M),undo:d?{label:n.undo,run:()=>void B(!0)}:void 0}),await t()}let H=[e.state===`ACTIVE`?[n.deactivate,n.deactivateText,g,()=>void V()]:[n.reactivate,n.reactivateText,v,()=>void B(!1)],...z&&e.state===`ACTIVE`&&d?[[n.transfer,n.transferText,!1,()=>w(`transfer`)]]:[],[n.remove,n.removeText,!1,()=>w(`remove`),!0]];return(0,L.jsxs)(c,{title:n.more,children:[(0,L.jsx)(`ul`,{className:`stack`,children:H.map(([e,t,n,r,a])=>(0,L.jsxs)(`li`,{className:`stack tight`,children:[(0,L.jsx)(i,{variant:a?`outline`:`default`,color:a?`red`:void 0,onClick:r,loading:n,fullWidth:!0,children:e}),(0,L.jsx)(`p`,{className:`faint small`,children:t})]},e))}),T.length>0&&(0,L.jsx)(y,{opened:!0,onClose:()=>E([]),title:n.reactivateTitle(M),closeButtonProps:{"aria-label":n.close},children:(0,L.jsxs)(`div`,{className:`stack`,children:[(0,L.jsx)(A,{warnings:T,read:O,onRead:k}),(0,L.jsx)(i,{disabled:!O,onClick:()=>void B(!0).then(e=>!e.length&&E([])),children:n.reactivate})]})}),S===`remove`&&(0,L.jsx)(D,{title:n.removeTitle(M),label:n.remove,danger:!0,close:()=>w(null),act:async()=>{let{refusals:t}=await b({input:{membershipId:e.id}});return t.length||(r({text:n.removed(M)}),m(`${l}/people`)),t},children:n.removeLong(M,s.name)}),S===`transfer`&&(0,L.jsx)(D,{title:n.transferTitle(M),label:n.offer,close:()=>w(null),act:async()=>{let{refusals:t}=await x({input:{accountId:s.id,membershipId:e.id}});return t.length||r({text:n.offered(M)}),t},children:n.transferLong(M,s.name)})]})}export{q as default};