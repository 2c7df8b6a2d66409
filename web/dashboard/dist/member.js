import{r as e}from"./rolldown-runtime.js";import{C as t,D as n,O as r,S as i,Tt as a,d as o,f as s,g as c,i as l,n as u,p as d,s as f,v as p,w as m,wt as h,x as g}from"./base.js";import{r as _}from"./form.js";import{t as v}from"./Badge.js";import{t as y}from"./Modal.js";import{t as b}from"./Select.js";import{t as x}from"./Skeleton.js";import{t as S}from"./use-debounced-value.js";import{a as C,d as w,l as T,t as E}from"./react.js";import{t as D}from"./confirm.js";import{n as O,t as k}from"./grants.js";import{Shield as A,a as j,i as M,r as N,t as P}from"./people.js";import{r as F}from"./shell.js";var I=e(w(),1),L=T(),R=m({en:{people:`People`,owner:`Owns this account, and so holds everything. That is not edited; it can be handed over.`,self:`These are your own permissions. Nobody edits what they may do themselves: ask another administrator.`,off:e=>`Deactivated ${e}. Roles and permissions are kept and come back with reactivation.`,suspended:`The account is suspended: access can be taken away, not given.`,active:`Active`,deactivated:`Deactivated`,isOwner:`Owner`,since:`Member since`,access:`Last access`,never:`never`,factor:`Second factor`,holds:`Holds now`,permissions:e=>e===1?`one permission`:`${e} permissions`,nothing:`nothing yet`,may:`What they may do`,changes:`What this changes`,none:`Nothing yet: change roles or permissions to see the difference.`,gains:`Gains`,loses:`Loses`,reaches:`Newly reaches`,leaves:`No longer reaches`,future:`sub-accounts opened later`,same:`They may do the same as before: the roles differ, what comes of them does not.`,save:`Save`,reset:`Reset`,saved:e=>`${e} has the new permissions from the next request on.`,conflict:`Somebody changed this member while you were at it. What they changed is below; your choices are kept on top of it. Look it over and save again.`,conflictLost:`They now have:`,why:`Why may they, or may they not?`,whyText:`Ask for any permission, and the rule that decides is told.`,which:`Permission`,allowed:`Allowed`,refused:`Not allowed`,by:`given by`,ownership:`ownership`,single:`a single permission`,inAccount:e=>`in ${e}`,more:`More`,deactivate:`Deactivate`,deactivateText:`Cuts their access at once. Roles and permissions are kept.`,reactivate:`Reactivate`,reactivateText:`Gives back what they had.`,remove:`Remove`,removeText:`Takes them out of this account. What they did stays in the history.`,transfer:`Hand the account over`,transferText:`Offers it to them for seven days. If they accept, you become an administrator in the same moment.`,transferTitle:e=>`Offer the account to ${e}?`,transferLong:(e,t)=>`${e} can accept within seven days and then owns ${t} with its sub-accounts: every permission, its debts, and whether it closes. You become an administrator. Until then you can take the offer back.`,offer:`Offer it`,offered:e=>`The account is offered to ${e}. They are told by mail.`,removeTitle:e=>`Remove ${e}?`,removeLong:(e,t)=>`${e} loses access to ${t} at once, and roles and permissions here are forgotten. They can be invited again.`,removed:e=>`${e} was removed.`,deactivatedNow:e=>`${e} has no access any more.`,reactivatedNow:e=>`${e} has access again.`,reactivateTitle:e=>`Give ${e} access again?`,undo:`Undo`,close:`Close`},de:{people:`Personen`,owner:`Besitzt dieses Konto und hat darum jedes Recht. Das wird nicht bearbeitet, nur übergeben.`,self:`Das sind Ihre eigenen Rechte. Niemand ändert selbst, was er darf: Bitten Sie jemand anderen aus der Verwaltung.`,off:e=>`Deaktiviert ${e}. Rollen und Rechte sind gespeichert und kommen mit der Aktivierung zurück.`,suspended:`Das Konto ist gesperrt: Zugang kann genommen, aber nicht gegeben werden.`,active:`Aktiv`,deactivated:`Deaktiviert`,isOwner:`Inhaber`,since:`Mitglied seit`,access:`Zuletzt da`,never:`noch nie`,factor:`Zweiter Faktor`,holds:`Hat jetzt`,permissions:e=>e===1?`ein Recht`:`${e} Rechte`,nothing:`noch nichts`,may:`Was sie dürfen`,changes:`Was sich ändert`,none:`Noch nichts: Ändern Sie Rollen oder Rechte, um den Unterschied zu sehen.`,gains:`Bekommt`,loses:`Verliert`,reaches:`Erreicht neu`,leaves:`Erreicht nicht mehr`,future:`später eröffnete Unterkonten`,same:`Sie dürfen dasselbe wie bisher: Die Rollen sind andere, das Ergebnis nicht.`,save:`Speichern`,reset:`Zurücksetzen`,saved:e=>`${e} hat die neuen Rechte ab der nächsten Anfrage.`,conflict:`Jemand hat dieses Mitglied inzwischen geändert. Der neue Stand steht unten, Ihre Auswahl bleibt darüber erhalten. Sehen Sie sie an und speichern Sie noch einmal.`,conflictLost:`Jetzt gilt:`,why:`Warum dürfen sie etwas, oder warum nicht?`,whyText:`Fragen Sie nach einem Recht, und Sie erfahren, welche Regel entscheidet.`,which:`Recht`,allowed:`Erlaubt`,refused:`Nicht erlaubt`,by:`gegeben durch`,ownership:`den Besitz`,single:`ein einzelnes Recht`,inAccount:e=>`in ${e}`,more:`Mehr`,deactivate:`Deaktivieren`,deactivateText:`Nimmt sofort den Zugang. Rollen und Rechte bleiben gespeichert.`,reactivate:`Wieder aktivieren`,reactivateText:`Gibt zurück, was war.`,remove:`Entfernen`,removeText:`Nimmt sie aus diesem Konto. Was sie getan haben, bleibt im Verlauf.`,transfer:`Das Konto übergeben`,transferText:`Bietet es ihnen sieben Tage lang an. Mit der Annahme werden Sie Administrator.`,transferTitle:e=>`${e} das Konto anbieten?`,transferLong:(e,t)=>`${e} kann binnen sieben Tagen annehmen und besitzt dann ${t} mit seinen Unterkonten: jedes Recht, die Schulden, und ob es geschlossen wird. Sie werden Administrator. Bis dahin können Sie das Angebot zurückziehen.`,offer:`Anbieten`,offered:e=>`Das Konto ist ${e} angeboten. Es geht eine Mail hinaus.`,removeTitle:e=>`${e} entfernen?`,removeLong:(e,t)=>`${e} verliert sofort den Zugang zu ${t}, Rollen und Rechte hier werden vergessen. Eine neue Einladung ist möglich.`,removed:e=>`${e} wurde entfernt.`,deactivatedNow:e=>`${e} hat keinen Zugang mehr.`,reactivatedNow:e=>`${e} hat wieder Zugang.`,reactivateTitle:e=>`${e} wieder Zugang geben?`,undo:`Rückgängig`,close:`Schließen`}}),z={OWNER:`Das Konto gehört dieser Person.`,ROLE:`Eine Rolle gibt es.`,DIRECT_GRANT:`Es wurde einzeln gegeben.`,INHERITED_FROM_PARENT:`Ein Recht im Hauptkonto gibt es, über den Zugang zu Unterkonten.`,NOT_GRANTED:`Nichts gibt es.`,OUT_OF_SCOPE:`Im Hauptkonto gegeben, aber ohne Zugang zu diesem Unterkonto.`,ROLE_TYPE_CEILING:`Es wurde gegeben, doch die Art der Rolle lässt es nicht zu.`,MEMBERSHIP_DEACTIVATED:`Die Mitgliedschaft ist deaktiviert.`,ACCOUNT_CLOSED:`Das Konto ist geschlossen.`,TWO_FACTOR_REQUIRED:`Das Konto verlangt einen zweiten Faktor, und die Person hat keinen.`,TOKEN_SCOPE:`Wofür das API-Token gemacht ist, entscheidet.`},B=n(`
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
`),V=n(`
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
`),H=n(`
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
`),U=n(`
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
`),W=n(`
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
`),G=e=>({roleIds:(e.roles??[]).map(e=>e.id),permissions:[...e.extraPermissions],subAccountAccess:e.subAccountAccess,subAccountIds:(e.selectedSubAccounts??[]).map(e=>e.id)}),K=(e,t)=>JSON.stringify([[...e.roleIds].sort(),[...e.permissions].sort(),e.subAccountAccess,[...e.subAccountIds].sort()])===JSON.stringify([[...t.roleIds].sort(),[...t.permissions].sort(),t.subAccountAccess,[...t.subAccountIds].sort()]);function q({membershipId:e,viewerId:n}){let r=t(R),{base:i}=F(),{data:a,error:l,loading:u,refetch:d}=h(B,{variables:{membershipId:e},fetchPolicy:`cache-and-network`}),f=a?.node&&`version`in a.node?a.node:null,p=f?.user?.name??(u?`…`:r.people);return(0,L.jsx)(s,{title:p,lead:(0,L.jsxs)(`span`,{className:`row tight`,children:[(0,L.jsx)(E,{href:`${i}/people`,children:r.people}),` `,(0,L.jsx)(c,{name:`next`,size:14}),` `,f?.email]}),shown:{document:B,variables:{membershipId:e}},actions:f&&(0,L.jsx)(v,{size:`lg`,variant:`light`,color:f.state===`ACTIVE`?`green`:`gray`,children:f.isOwner?r.isOwner:f.state===`ACTIVE`?r.active:r.deactivated}),children:f?(0,L.jsx)(J,{member:f,viewerId:n,refetch:()=>d().then(()=>{})}):u?(0,L.jsxs)(`div`,{className:`two`,"aria-busy":`true`,children:[(0,L.jsx)(x,{h:420,radius:`lg`}),(0,L.jsx)(x,{h:220,radius:`lg`})]}):(0,L.jsx)(o,{error:l,again:()=>void d()})})}function J({member:e,viewerId:n,refetch:r}){let i=t(R),a=g(),{open:o}=F(),s=e.user?.id===n,c=e.isOwner?i.owner:s?i.self:null;return(0,L.jsxs)(L.Fragment,{children:[c&&(0,L.jsx)(_,{color:`blue`,children:c}),e.state===`DEACTIVATED`&&e.deactivatedAt&&(0,L.jsx)(_,{color:`gray`,children:i.off(a.ago(e.deactivatedAt))}),!o&&(0,L.jsx)(_,{color:`yellow`,children:i.suspended}),(0,L.jsxs)(`div`,{className:`two`,children:[c?(0,L.jsx)(X,{member:e}):(0,L.jsx)(Y,{member:e,refetch:r}),(0,L.jsxs)(`div`,{className:`stack side-stack`,children:[(0,L.jsx)(d,{title:e.email??``,children:(0,L.jsxs)(`dl`,{className:`facts`,children:[(0,L.jsx)(`dt`,{children:i.holds}),(0,L.jsx)(`dd`,{children:e.effectivePermissions?.length?i.permissions(e.effectivePermissions.length):i.nothing}),(0,L.jsx)(`dt`,{children:i.since}),(0,L.jsx)(`dd`,{children:a.date(e.createdAt)}),(0,L.jsx)(`dt`,{children:i.access}),(0,L.jsx)(`dd`,{children:e.lastAccessAt?(0,L.jsx)(p,{at:e.lastAccessAt}):i.never}),(0,L.jsx)(`dt`,{children:i.factor}),(0,L.jsx)(`dd`,{children:(0,L.jsx)(A,{on:e.twoFactorEnabled,blocked:e.blockedByPolicy,due:e.twoFactorDueAt})})]})}),!c&&(0,L.jsx)(X,{member:e}),!c&&(0,L.jsx)(Z,{member:e,refetch:r})]})]})]})}function Y({member:e,refetch:n}){let i=t(R),a=f(),o=l(),{account:s,open:c}=F(),[p,m]=u(H),g=G(e),[y,b]=(0,I.useState)(g),[x,C]=(0,I.useState)(!1),[w,T]=(0,I.useState)([]),[E,D]=(0,I.useState)(!1),A=!K(y,g),M=y.subAccountAccess!==`SELECTED`||y.subAccountIds.length>0,N={membershipId:e.id,...y,subAccountIds:y.subAccountAccess===`SELECTED`?y.subAccountIds:void 0},[P]=S(JSON.stringify(N),200),{data:z,previousData:B}=h(V,{variables:{input:JSON.parse(P)},skip:!A||!M,fetchPolicy:`no-cache`}),U=A?(z??B)?.previewMemberPermissions:null,W=U?.warnings??[],q=W.map(e=>e.message).join();(0,I.useEffect)(()=>C(!1),[q]);let{data:J}=h(k,{variables:{accountId:s.id}}),Y=e=>J?.permissionCatalog?.permissions.find(t=>t.key===e)?.label??e,X=U?.difference,Z=X?[[i.gains,`good`,[...X.added.map(Y)]],[i.loses,`wrong`,[...X.removed.map(Y)]],[i.reaches,`good`,[...X.newlyReachable.map(e=>e.name),...X.gainsFutureSubAccounts?[i.future]:[]]],[i.leaves,`wrong`,[...X.noLongerReachable.map(e=>e.name)]]]:[];async function Q(){T([]);let{refusals:t}=await p({input:{...N,version:e.version,acknowledgeRisks:x}});if(t.some(e=>e.code===`CONFLICT`))return D(!0),n();T(t),t.length||(D(!1),a({text:i.saved(e.user?.name??e.email??``)}))}return(0,L.jsx)(d,{title:i.may,children:(0,L.jsxs)(`form`,{className:`stack`,onSubmit:e=>{e.preventDefault(),Q()},children:[E&&(0,L.jsxs)(_,{color:`yellow`,role:`alert`,children:[i.conflict,(0,L.jsx)(`br`,{}),(0,L.jsx)(`strong`,{children:i.conflictLost}),` `,[...(e.roles??[]).map(e=>e.name),...e.extraPermissions.map(Y)].join(`, `)||i.nothing]}),(0,L.jsx)(O,{accountId:s.id,value:y,onChange:b}),(0,L.jsxs)(`section`,{className:`difference`,"aria-label":i.changes,"aria-live":`polite`,children:[(0,L.jsx)(`h3`,{children:i.changes}),A?U?.errors.length?(0,L.jsx)(`p`,{className:`bad`,children:U.errors.map(e=>o({...e,field:null,retryAfter:e.retryAfter??null})).join(` `)}):X&&Z.every(([,,e])=>!e.length)?(0,L.jsx)(`p`,{className:`faint small`,children:i.same}):Z.filter(([,,e])=>e.length).map(([e,t,n])=>(0,L.jsxs)(`div`,{className:`row tight`,children:[(0,L.jsx)(`strong`,{children:e}),n.map(e=>(0,L.jsx)(v,{variant:`light`,color:t===`good`?`green`:`red`,children:e},e))]},e)):(0,L.jsx)(`p`,{className:`faint small`,children:i.none})]}),A&&(0,L.jsx)(j,{warnings:W,read:x,onRead:C}),w.length>0&&(0,L.jsx)(_,{color:`red`,role:`alert`,children:w.map(o).join(` `)}),(0,L.jsxs)(`div`,{className:`row right`,children:[(0,L.jsx)(r,{variant:`default`,disabled:!A,onClick:()=>{b(g),T([]),D(!1)},children:i.reset}),(0,L.jsx)(r,{type:`submit`,loading:m,disabled:!A||!M||!c||!!U?.errors.length||W.length>0&&!x,children:i.save})]})]})})}function X({member:e}){let n=t(R),{language:r}=i(),{account:o}=F(),s=a(),{data:l}=h(k,{variables:{accountId:o.id}}),[u,f]=(0,I.useState)(null),[p,m]=(0,I.useState)(null),g=e.user?.id;return(0,I.useEffect)(()=>{if(!u||!g)return;let e=!1;return s.query({query:U,variables:{accountId:o.id,userId:g,permission:u},fetchPolicy:`network-only`}).then(({data:t})=>!e&&m(t?.explainPermission??null)),()=>{e=!0}},[u,g,o.id,e.version,e.state,s]),(0,L.jsx)(d,{title:n.why,children:(0,L.jsxs)(`div`,{className:`stack`,children:[(0,L.jsx)(b,{label:n.which,description:n.whyText,data:(l?.permissionCatalog?.permissions??[]).map(e=>({value:e.key,label:e.label})),value:u,onChange:f,searchable:!0}),(0,L.jsx)(`div`,{role:`status`,children:u&&p&&(0,L.jsxs)(`div`,{className:`because`,children:[(0,L.jsx)(`span`,{className:`sign ${p.allowed?`good`:`wrong`}`,children:(0,L.jsx)(c,{name:p.allowed?`check`:`close`})}),(0,L.jsxs)(`div`,{children:[(0,L.jsx)(`strong`,{children:p.allowed?n.allowed:n.refused}),(0,L.jsx)(`p`,{className:`small`,children:r===`de`?z[p.reason]??p.message:p.message}),p.grants.map((e,t)=>(0,L.jsxs)(`p`,{className:`faint small`,children:[n.by,` `,e.role?.name??(p.reason===`OWNER`?n.ownership:n.single),` `,e.account&&e.account.id!==o.id&&n.inAccount(e.account.name)]},t))]})]})})]})})}function Z({member:e,refetch:n}){let i=t(R),a=f(),o=l(),{account:s,base:c,open:p}=F(),[,m]=C(),[h,g]=u(P),[_,v]=u(N),[b]=u(M),[x]=u(W),[S,w]=(0,I.useState)(null),[T,E]=(0,I.useState)([]),[O,k]=(0,I.useState)(!1),A=e.user?.name??e.email??``,z=s.viewerMembership?.isOwner&&!s.parent;async function B(t){let{payload:r,refusals:s}=await _({input:{membershipId:e.id,acknowledgeRisks:t}});return!t&&s.some(e=>e.code===`RISK_NOT_ACKNOWLEDGED`)?E(r?.warnings??[]):(a({text:s.length?s.map(o).join(` `):i.reactivatedNow(A)}),await n()),s}async function V(){let{refusals:t}=await h({input:{membershipId:e.id}});a(t.length?{text:t.map(o).join(` `)}:{text:i.deactivatedNow(A),undo:p?{label:i.undo,run:()=>void B(!0)}:void 0}),await n()}let H=[e.state===`ACTIVE`?[i.deactivate,i.deactivateText,g,()=>void V()]:[i.reactivate,i.reactivateText,v,()=>void B(!1)],...z&&e.state===`ACTIVE`&&p?[[i.transfer,i.transferText,!1,()=>w(`transfer`)]]:[],[i.remove,i.removeText,!1,()=>w(`remove`),!0]];return(0,L.jsxs)(d,{title:i.more,children:[(0,L.jsx)(`ul`,{className:`stack`,children:H.map(([e,t,n,i,a])=>(0,L.jsxs)(`li`,{className:`stack tight`,children:[(0,L.jsx)(r,{variant:a?`outline`:`default`,color:a?`red`:void 0,onClick:i,loading:n,fullWidth:!0,children:e}),(0,L.jsx)(`p`,{className:`faint small`,children:t})]},e))}),T.length>0&&(0,L.jsx)(y,{opened:!0,onClose:()=>E([]),title:i.reactivateTitle(A),closeButtonProps:{"aria-label":i.close},children:(0,L.jsxs)(`div`,{className:`stack`,children:[(0,L.jsx)(j,{warnings:T,read:O,onRead:k}),(0,L.jsx)(r,{disabled:!O,onClick:()=>void B(!0).then(e=>!e.length&&E([])),children:i.reactivate})]})}),S===`remove`&&(0,L.jsx)(D,{title:i.removeTitle(A),label:i.remove,danger:!0,close:()=>w(null),act:async()=>{let{refusals:t}=await b({input:{membershipId:e.id}});return t.length||(a({text:i.removed(A)}),m(`${c}/people`)),t},children:i.removeLong(A,s.name)}),S===`transfer`&&(0,L.jsx)(D,{title:i.transferTitle(A),label:i.offer,close:()=>w(null),act:async()=>{let{refusals:t}=await x({input:{accountId:s.id,membershipId:e.id}});return t.length||a({text:i.offered(A)}),t},children:i.transferLong(A,s.name)})]})}export{q as default};