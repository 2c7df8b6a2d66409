import{r as e}from"./rolldown-runtime.js";import{C as t,Et as n,O as r,S as i,T as a,Tt as o,_ as s,a as c,c as l,f as u,k as d,m as f,n as p,p as m,w as h,y as g}from"./base.js";import{a as _}from"./fields.js";import{t as v}from"./Badge.js";import{t as y}from"./Modal.js";import{t as b}from"./Select.js";import{t as x}from"./Skeleton.js";import{t as S}from"./use-debounced-value.js";import{a as C,d as w,l as T,t as E}from"./react.js";import{t as D}from"./confirm.js";import{n as O,t as k}from"./grants.js";import{t as A}from"./risks.js";import{r as j}from"./shell.js";import{Shield as M}from"./people.js";import{a as N,c as P,n as F,o as I}from"./operations.js";var L=e(w(),1),R=T(),z=a({en:{people:`People`,owner:`Owns this account, and so holds everything. That is not edited; it can be handed over.`,self:`These are your own permissions. Nobody edits what they may do themselves: ask another administrator.`,off:e=>`Deactivated ${e}. Roles and permissions are kept and come back with reactivation.`,suspended:`The account is suspended: access can be taken away, not given.`,active:`Active`,deactivated:`Deactivated`,isOwner:`Owner`,since:`Member since`,access:`Last access`,never:`never`,factor:`Second factor`,holds:`Holds now`,permissions:e=>e===1?`one permission`:`${e} permissions`,nothing:`nothing yet`,may:`What they may do`,changes:`What this changes`,none:`Nothing yet: change roles or permissions to see the difference.`,gains:`Gains`,loses:`Loses`,reaches:`Newly reaches`,leaves:`No longer reaches`,future:`sub-accounts opened later`,same:`They may do the same as before: the roles differ, what comes of them does not.`,save:`Save`,reset:`Reset`,saved:e=>`${e} has the new permissions from the next request on.`,conflict:`Somebody changed this member while you were at it. What they changed is below; your choices are kept on top of it. Look it over and save again.`,conflictLost:`They now have:`,why:`Why may they, or may they not?`,whyText:`Ask for any permission, and the rule that decides is told.`,which:`Permission`,allowed:`Allowed`,refused:`Not allowed`,by:`given by`,ownership:`ownership`,single:`a single permission`,inAccount:e=>`in ${e}`,more:`More`,deactivate:`Deactivate`,deactivateText:`Cuts their access at once. Roles and permissions are kept.`,reactivate:`Reactivate`,reactivateText:`Gives back what they had.`,remove:`Remove`,removeText:`Takes them out of this account. What they did stays in the history.`,transfer:`Hand the account over`,transferText:`Offers it to them for seven days. If they accept, you become an administrator in the same moment.`,transferTitle:e=>`Offer the account to ${e}?`,transferLong:(e,t)=>`${e} can accept within seven days and then owns ${t} with its sub-accounts: every permission, its debts, and whether it closes. You become an administrator. Until then you can take the offer back.`,offer:`Offer it`,offered:e=>`The account is offered to ${e}. They are told by mail.`,removeTitle:e=>`Remove ${e}?`,removeLong:(e,t)=>`${e} loses access to ${t} at once, and roles and permissions here are forgotten. They can be invited again.`,removed:e=>`${e} was removed.`,deactivatedNow:e=>`${e} has no access any more.`,reactivatedNow:e=>`${e} has access again.`,reactivateTitle:e=>`Give ${e} access again?`,undo:`Undo`,close:`Close`},de:{people:`Personen`,owner:`Besitzt dieses Konto und hat darum jedes Recht. Das wird nicht bearbeitet, nur übergeben.`,self:`Das sind Ihre eigenen Rechte. Niemand ändert selbst, was er darf: Bitten Sie jemand anderen aus der Verwaltung.`,off:e=>`Deaktiviert ${e}. Rollen und Rechte sind gespeichert und kommen mit der Aktivierung zurück.`,suspended:`Das Konto ist gesperrt: Zugang kann genommen, aber nicht gegeben werden.`,active:`Aktiv`,deactivated:`Deaktiviert`,isOwner:`Inhaber`,since:`Mitglied seit`,access:`Zuletzt da`,never:`noch nie`,factor:`Zweiter Faktor`,holds:`Hat jetzt`,permissions:e=>e===1?`ein Recht`:`${e} Rechte`,nothing:`noch nichts`,may:`Was sie dürfen`,changes:`Was sich ändert`,none:`Noch nichts: Ändern Sie Rollen oder Rechte, um den Unterschied zu sehen.`,gains:`Bekommt`,loses:`Verliert`,reaches:`Erreicht neu`,leaves:`Erreicht nicht mehr`,future:`später eröffnete Unterkonten`,same:`Sie dürfen dasselbe wie bisher: Die Rollen sind andere, das Ergebnis nicht.`,save:`Speichern`,reset:`Zurücksetzen`,saved:e=>`${e} hat die neuen Rechte ab der nächsten Anfrage.`,conflict:`Jemand hat dieses Mitglied inzwischen geändert. Der neue Stand steht unten, Ihre Auswahl bleibt darüber erhalten. Sehen Sie sie an und speichern Sie noch einmal.`,conflictLost:`Jetzt gilt:`,why:`Warum dürfen sie etwas, oder warum nicht?`,whyText:`Fragen Sie nach einem Recht, und Sie erfahren, welche Regel entscheidet.`,which:`Recht`,allowed:`Erlaubt`,refused:`Nicht erlaubt`,by:`gegeben durch`,ownership:`den Besitz`,single:`ein einzelnes Recht`,inAccount:e=>`in ${e}`,more:`Mehr`,deactivate:`Deaktivieren`,deactivateText:`Nimmt sofort den Zugang. Rollen und Rechte bleiben gespeichert.`,reactivate:`Wieder aktivieren`,reactivateText:`Gibt zurück, was war.`,remove:`Entfernen`,removeText:`Nimmt sie aus diesem Konto. Was sie getan haben, bleibt im Verlauf.`,transfer:`Das Konto übergeben`,transferText:`Bietet es ihnen sieben Tage lang an. Mit der Annahme werden Sie Administrator.`,transferTitle:e=>`${e} das Konto anbieten?`,transferLong:(e,t)=>`${e} kann binnen sieben Tagen annehmen und besitzt dann ${t} mit seinen Unterkonten: jedes Recht, die Schulden, und ob es geschlossen wird. Sie werden Administrator. Bis dahin können Sie das Angebot zurückziehen.`,offer:`Anbieten`,offered:e=>`Das Konto ist ${e} angeboten. Es geht eine Mail hinaus.`,removeTitle:e=>`${e} entfernen?`,removeLong:(e,t)=>`${e} verliert sofort den Zugang zu ${t}, Rollen und Rechte hier werden vergessen. Eine neue Einladung ist möglich.`,removed:e=>`${e} wurde entfernt.`,deactivatedNow:e=>`${e} hat keinen Zugang mehr.`,reactivatedNow:e=>`${e} hat wieder Zugang.`,reactivateTitle:e=>`${e} wieder Zugang geben?`,undo:`Rückgängig`,close:`Schließen`}}),B={OWNER:`Das Konto gehört dieser Person.`,ROLE:`Eine Rolle gibt es.`,DIRECT_GRANT:`Es wurde einzeln gegeben.`,INHERITED_FROM_PARENT:`Ein Recht im Hauptkonto gibt es, über den Zugang zu Unterkonten.`,NOT_GRANTED:`Nichts gibt es.`,OUT_OF_SCOPE:`Im Hauptkonto gegeben, aber ohne Zugang zu diesem Unterkonto.`,ROLE_TYPE_CEILING:`Es wurde gegeben, doch die Art der Rolle lässt es nicht zu.`,MEMBERSHIP_DEACTIVATED:`Die Mitgliedschaft ist deaktiviert.`,ACCOUNT_CLOSED:`Das Konto ist geschlossen.`,TWO_FACTOR_REQUIRED:`Das Konto verlangt einen zweiten Faktor, und die Person hat keinen.`,TOKEN_SCOPE:`Wofür das API-Token gemacht ist, entscheidet.`},V=r(`
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
`),H=r(`
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
`),U=r(`
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
`),W=r(`
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
`),G=e=>({roleIds:(e.roles??[]).map(e=>e.id),permissions:[...e.extraPermissions],subAccountAccess:e.subAccountAccess,subAccountIds:(e.selectedSubAccounts??[]).map(e=>e.id)}),K=(e,t)=>JSON.stringify([[...e.roleIds].sort(),[...e.permissions].sort(),e.subAccountAccess,[...e.subAccountIds].sort()])===JSON.stringify([[...t.roleIds].sort(),[...t.permissions].sort(),t.subAccountAccess,[...t.subAccountIds].sort()]);function q({membershipId:e,viewerId:t}){let n=h(z),{base:r}=j(),{data:i,error:a,loading:c,refetch:l}=o(V,{variables:{membershipId:e},fetchPolicy:`cache-and-network`}),d=i?.node&&`version`in i.node?i.node:null,f=d?.user?.name??(c?`…`:n.people);return(0,R.jsx)(m,{title:f,lead:(0,R.jsxs)(`span`,{className:`row tight`,children:[(0,R.jsx)(E,{href:`${r}/people`,children:n.people}),` `,(0,R.jsx)(s,{name:`next`,size:14}),` `,d?.email]}),shown:{document:V,variables:{membershipId:e}},actions:d&&(0,R.jsx)(v,{size:`lg`,variant:`light`,color:d.state===`ACTIVE`?`green`:`gray`,children:d.isOwner?n.isOwner:d.state===`ACTIVE`?n.active:n.deactivated}),children:d?(0,R.jsx)(J,{member:d,viewerId:t,refetch:()=>l().then(()=>{})}):c?(0,R.jsxs)(`div`,{className:`two`,"aria-busy":`true`,children:[(0,R.jsx)(x,{h:420,radius:`lg`}),(0,R.jsx)(x,{h:220,radius:`lg`})]}):(0,R.jsx)(u,{error:a,again:()=>void l()})})}function J({member:e,viewerId:t,refetch:n}){let r=h(z),a=i(),{open:o}=j(),s=e.user?.id===t,c=e.isOwner?r.owner:s?r.self:null;return(0,R.jsxs)(R.Fragment,{children:[c&&(0,R.jsx)(_,{color:`blue`,children:c}),e.state===`DEACTIVATED`&&e.deactivatedAt&&(0,R.jsx)(_,{color:`gray`,children:r.off(a.ago(e.deactivatedAt))}),!o&&(0,R.jsx)(_,{color:`yellow`,children:r.suspended}),(0,R.jsxs)(`div`,{className:`two`,children:[c?(0,R.jsx)(X,{member:e}):(0,R.jsx)(Y,{member:e,refetch:n}),(0,R.jsxs)(`div`,{className:`stack side-stack`,children:[(0,R.jsx)(f,{title:e.email??``,children:(0,R.jsxs)(`dl`,{className:`facts`,children:[(0,R.jsx)(`dt`,{children:r.holds}),(0,R.jsx)(`dd`,{children:e.effectivePermissions?.length?r.permissions(e.effectivePermissions.length):r.nothing}),(0,R.jsx)(`dt`,{children:r.since}),(0,R.jsx)(`dd`,{children:a.date(e.createdAt)}),(0,R.jsx)(`dt`,{children:r.access}),(0,R.jsx)(`dd`,{children:e.lastAccessAt?(0,R.jsx)(g,{at:e.lastAccessAt}):r.never}),(0,R.jsx)(`dt`,{children:r.factor}),(0,R.jsx)(`dd`,{children:(0,R.jsx)(M,{on:e.twoFactorEnabled,blocked:e.blockedByPolicy,due:e.twoFactorDueAt})})]})}),!c&&(0,R.jsx)(X,{member:e}),!c&&(0,R.jsx)(Z,{member:e,refetch:n})]})]})]})}function Y({member:e,refetch:t}){let n=h(z),r=l(),i=c(),{account:a,open:s}=j(),[u,m]=p(U),g=G(e),[y,b]=(0,L.useState)(g),[x,C]=(0,L.useState)(!1),[w,T]=(0,L.useState)([]),[E,D]=(0,L.useState)(!1),M=!K(y,g),N=y.subAccountAccess!==`SELECTED`||y.subAccountIds.length>0,P={membershipId:e.id,...y,subAccountIds:y.subAccountAccess===`SELECTED`?y.subAccountIds:void 0},[F]=S(JSON.stringify(P),200),{data:I,previousData:B}=o(H,{variables:{input:JSON.parse(F)},skip:!M||!N,fetchPolicy:`no-cache`}),V=M?(I??B)?.previewMemberPermissions:null,W=V?.warnings??[],q=W.map(e=>e.message).join();(0,L.useEffect)(()=>C(!1),[q]);let{data:J}=o(k,{variables:{accountId:a.id}}),Y=e=>J?.permissionCatalog?.permissions.find(t=>t.key===e)?.label??e,X=V?.difference,Z=X?[[n.gains,`good`,[...X.added.map(Y)]],[n.loses,`wrong`,[...X.removed.map(Y)]],[n.reaches,`good`,[...X.newlyReachable.map(e=>e.name),...X.gainsFutureSubAccounts?[n.future]:[]]],[n.leaves,`wrong`,[...X.noLongerReachable.map(e=>e.name)]]]:[];async function Q(){T([]);let{refusals:i}=await u({input:{...P,version:e.version,acknowledgeRisks:x}});if(i.some(e=>e.code===`CONFLICT`))return D(!0),t();T(i),i.length||(D(!1),r({text:n.saved(e.user?.name??e.email??``)}))}return(0,R.jsx)(f,{title:n.may,children:(0,R.jsxs)(`form`,{className:`stack`,onSubmit:e=>{e.preventDefault(),Q()},children:[E&&(0,R.jsxs)(_,{color:`yellow`,role:`alert`,children:[n.conflict,(0,R.jsx)(`br`,{}),(0,R.jsx)(`strong`,{children:n.conflictLost}),` `,[...(e.roles??[]).map(e=>e.name),...e.extraPermissions.map(Y)].join(`, `)||n.nothing]}),(0,R.jsx)(O,{accountId:a.id,value:y,onChange:b}),(0,R.jsxs)(`section`,{className:`difference`,"aria-label":n.changes,"aria-live":`polite`,children:[(0,R.jsx)(`h3`,{children:n.changes}),M?V?.errors.length?(0,R.jsx)(`p`,{className:`bad`,children:V.errors.map(e=>i({...e,field:null,retryAfter:e.retryAfter??null})).join(` `)}):X&&Z.every(([,,e])=>!e.length)?(0,R.jsx)(`p`,{className:`faint small`,children:n.same}):Z.filter(([,,e])=>e.length).map(([e,t,n])=>(0,R.jsxs)(`div`,{className:`row tight`,children:[(0,R.jsx)(`strong`,{children:e}),n.map(e=>(0,R.jsx)(v,{variant:`light`,color:t===`good`?`green`:`red`,children:e},e))]},e)):(0,R.jsx)(`p`,{className:`faint small`,children:n.none})]}),M&&(0,R.jsx)(A,{warnings:W,read:x,onRead:C}),w.length>0&&(0,R.jsx)(_,{color:`red`,role:`alert`,children:w.map(i).join(` `)}),(0,R.jsxs)(`div`,{className:`row right`,children:[(0,R.jsx)(d,{variant:`default`,disabled:!M,onClick:()=>{b(g),T([]),D(!1)},children:n.reset}),(0,R.jsx)(d,{type:`submit`,loading:m,disabled:!M||!N||!s||!!V?.errors.length||W.length>0&&!x,children:n.save})]})]})})}function X({member:e}){let r=h(z),{language:i}=t(),{account:a}=j(),c=n(),{data:l}=o(k,{variables:{accountId:a.id}}),[u,d]=(0,L.useState)(null),[p,m]=(0,L.useState)(null),g=e.user?.id;return(0,L.useEffect)(()=>{if(!u||!g)return;let e=!1;return c.query({query:W,variables:{accountId:a.id,userId:g,permission:u},fetchPolicy:`network-only`}).then(({data:t})=>!e&&m(t?.explainPermission??null)),()=>{e=!0}},[u,g,a.id,e.version,e.state,c]),(0,R.jsx)(f,{title:r.why,children:(0,R.jsxs)(`div`,{className:`stack`,children:[(0,R.jsx)(b,{label:r.which,description:r.whyText,data:(l?.permissionCatalog?.permissions??[]).map(e=>({value:e.key,label:e.label})),value:u,onChange:d,searchable:!0}),(0,R.jsx)(`div`,{role:`status`,children:u&&p&&(0,R.jsxs)(`div`,{className:`because`,children:[(0,R.jsx)(`span`,{className:`sign ${p.allowed?`good`:`wrong`}`,children:(0,R.jsx)(s,{name:p.allowed?`check`:`close`})}),(0,R.jsxs)(`div`,{children:[(0,R.jsx)(`strong`,{children:p.allowed?r.allowed:r.refused}),(0,R.jsx)(`p`,{className:`small`,children:i===`de`?B[p.reason]??p.message:p.message}),p.grants.map((e,t)=>(0,R.jsxs)(`p`,{className:`faint small`,children:[r.by,` `,e.role?.name??(p.reason===`OWNER`?r.ownership:r.single),` `,e.account&&e.account.id!==a.id&&r.inAccount(e.account.name)]},t))]})]})})]})})}function Z({member:e,refetch:t}){let n=h(z),r=l(),i=c(),{account:a,base:o,open:s}=j(),[,u]=C(),[m,g]=p(F),[_,v]=p(N),[b]=p(I),[x]=p(P),[S,w]=(0,L.useState)(null),[T,E]=(0,L.useState)([]),[O,k]=(0,L.useState)(!1),M=e.user?.name??e.email??``,B=a.viewerMembership?.isOwner&&!a.parent;async function V(a){let{payload:o,refusals:s}=await _({input:{membershipId:e.id,acknowledgeRisks:a}});return!a&&s.some(e=>e.code===`RISK_NOT_ACKNOWLEDGED`)?E(o?.warnings??[]):(r({text:s.length?s.map(i).join(` `):n.reactivatedNow(M)}),await t()),s}async function H(){let{refusals:a}=await m({input:{membershipId:e.id}});r(a.length?{text:a.map(i).join(` `)}:{text:n.deactivatedNow(M),undo:s?{label:n.undo,run:()=>void V(!0)}:void 0}),await t()}let U=[e.state===`ACTIVE`?[n.deactivate,n.deactivateText,g,()=>void H()]:[n.reactivate,n.reactivateText,v,()=>void V(!1)],...B&&e.state===`ACTIVE`&&s?[[n.transfer,n.transferText,!1,()=>w(`transfer`)]]:[],[n.remove,n.removeText,!1,()=>w(`remove`),!0]];return(0,R.jsxs)(f,{title:n.more,children:[(0,R.jsx)(`ul`,{className:`stack`,children:U.map(([e,t,n,r,i])=>(0,R.jsxs)(`li`,{className:`stack tight`,children:[(0,R.jsx)(d,{variant:i?`outline`:`default`,color:i?`red`:void 0,onClick:r,loading:n,fullWidth:!0,children:e}),(0,R.jsx)(`p`,{className:`faint small`,children:t})]},e))}),T.length>0&&(0,R.jsx)(y,{opened:!0,onClose:()=>E([]),title:n.reactivateTitle(M),closeButtonProps:{"aria-label":n.close},children:(0,R.jsxs)(`div`,{className:`stack`,children:[(0,R.jsx)(A,{warnings:T,read:O,onRead:k}),(0,R.jsx)(d,{disabled:!O,onClick:()=>void V(!0).then(e=>!e.length&&E([])),children:n.reactivate})]})}),S===`remove`&&(0,R.jsx)(D,{title:n.removeTitle(M),label:n.remove,danger:!0,close:()=>w(null),act:async()=>{let{refusals:t}=await b({input:{membershipId:e.id}});return t.length||(r({text:n.removed(M)}),u(`${o}/people`)),t},children:n.removeLong(M,a.name)}),S===`transfer`&&(0,R.jsx)(D,{title:n.transferTitle(M),label:n.offer,close:()=>w(null),act:async()=>{let{refusals:t}=await x({input:{accountId:a.id,membershipId:e.id}});return t.length||r({text:n.offered(M)}),t},children:n.transferLong(M,a.name)})]})}export{q as default};