const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["invite.js","rolldown-runtime.js","form.js","base.js","react.js","CloseButton.js","use-id.js","Badge.js","Modal.js","NativeScrollArea.js","FocusTrap.js","ScrollArea.js","grants.js","Checkbox.js","InputBase.js","use-uncontrolled.js","CheckIcon.js","confirm.js","Skeleton.js","Select.js","Popover.js","Textarea.js","risks.js","shell.js","ActionIcon.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime.js";import{C as t,E as n,M as r,Ot as i,T as a,_ as o,b as s,d as c,f as l,j as u,l as d,m as f,n as p,o as m,p as h,v as g}from"./base.js";import{t as _}from"./ActionIcon.js";import{t as v}from"./Badge.js";import{t as y}from"./Menu.js";import{t as b}from"./SegmentedControl.js";import{t as x}from"./Skeleton.js";import{t as S}from"./TextInput.js";import{t as C}from"./Tooltip.js";import{n as w}from"./ScrollArea.js";import{d as T,l as E,s as D,t as O}from"./react.js";import{t as k}from"./confirm.js";import{t as A}from"./risks.js";import{r as j}from"./shell.js";var M=e(T(),1),N=u(`
  query People($accountId: ID!, $state: PersonState, $search: String, $twoFactorEnabled: Boolean, $after: String) {
    account(id: $accountId) {
      id
      people(first: 25, after: $after, state: $state, search: $search, twoFactorEnabled: $twoFactorEnabled) {
        nodes {
          name
          email
          state
          canSignIn
          roles {
            id
            name
          }
          lastAccessAt
          throughParent
          twoFactorEnabled
          blockedByPolicy
          twoFactorDueAt
          membership {
            id
            state
            isOwner
            user {
              id
            }
          }
          invitation {
            id
            sends
            expiresAt
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  }
`),P=u(`
  mutation DeactivateMember($input: DeactivateMemberInput!) {
    deactivateMember(input: $input) {
      membership {
        id
        state
        deactivatedAt
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),F=u(`
  mutation ReactivateMember($input: ReactivateMemberInput!) {
    reactivateMember(input: $input) {
      membership {
        id
        state
        deactivatedAt
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
`),I=u(`
  mutation RemoveMember($input: RemoveMemberInput!) {
    removeMember(input: $input) {
      removedMembershipId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),L=u(`
  mutation ResendInvitation($input: ResendInvitationInput!) {
    resendInvitation(input: $input) {
      invitation {
        id
        sends
        sentAt
        expiresAt
      }
      link
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),R=u(`
  mutation CancelInvitation($input: CancelInvitationInput!) {
    cancelInvitation(input: $input) {
      invitation {
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
`),z=u(`
  mutation InviteUsers($input: InviteUsersInput!) {
    inviteUsers(input: $input) {
      results {
        email
        outcome
        message
        link
        invitation {
          id
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
`),B=E(),V=(0,M.lazy)(()=>o(()=>import(`./invite.js`),__vite__mapDeps([0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24]))),H=n({en:{title:`People`,lead:`Everybody who belongs to this account, and everybody who was asked to.`,invite:`Invite people`,search:`Search by name or address`,filter:`Which people`,all:`All`,ACTIVE:`Active`,INVITED:`Invited`,DEACTIVATED:`Deactivated`,factorOnly:`without a second factor`,factorOff:`Show everybody`,owner:`Owner`,access:`Last access`,actions:e=>`What to do with ${e}`,never:`never`,none:`no roles`,secured:`Signs in with a second factor`,unsecured:`Signs in without a second factor`,blocked:`Kept out: this account asks for a second factor`,due:e=>`Has to turn a second factor on by ${e}`,through:`through the parent`,you:`you`,until:e=>`lapses ${e}`,more:`Show more`,empty:`Nobody is here`,emptySearch:`Nobody has such a name or address. Try less of it, or another state.`,emptyText:`Invite the people who work for this account. They get exactly the permissions that you choose.`,open:`Open`,resend:`Send the invitation again`,copy:`Copy a link to hand over`,withdraw:`Withdraw the invitation`,deactivate:`Deactivate`,reactivate:`Reactivate`,remove:`Remove`,resent:e=>`The invitation is on its way to ${e} again.`,copied:`A new link is copied. Links sent before no longer work.`,withdrawTitle:e=>`Withdraw the invitation of ${e}?`,withdrawText:`The link in the mail stops working at once. You can invite them again at any time.`,withdrawn:e=>`The invitation of ${e} is withdrawn.`,deactivated:e=>`${e} has no access any more. Roles and permissions are kept.`,reactivated:e=>`${e} has access again.`,undo:`Undo`,reactivateTitle:e=>`Give ${e} access again?`,removeTitle:e=>`Remove ${e}?`,removeText:(e,t)=>`${e} loses access to ${t} at once, and roles and permissions here are forgotten. Other accounts of theirs stay as they are, and so does what they did in the history. They can be invited again.`,removed:e=>`${e} was removed.`,suspended:`The account is suspended, so nobody can be invited.`},de:{title:`Personen`,lead:`Alle, die zu diesem Konto gehören, und alle, die eingeladen sind.`,invite:`Personen einladen`,search:`Nach Name oder Adresse suchen`,filter:`Welche Personen`,all:`Alle`,ACTIVE:`Aktiv`,INVITED:`Eingeladen`,DEACTIVATED:`Deaktiviert`,factorOnly:`ohne zweiten Faktor`,factorOff:`Alle zeigen`,owner:`Inhaber`,access:`Zuletzt da`,actions:e=>`Was mit ${e} geschehen soll`,never:`noch nie`,none:`keine Rollen`,secured:`Meldet sich mit zweitem Faktor an`,unsecured:`Meldet sich ohne zweiten Faktor an`,blocked:`Ausgesperrt: Dieses Konto verlangt einen zweiten Faktor`,due:e=>`Muss bis ${e} einen zweiten Faktor einrichten`,through:`über das Hauptkonto`,you:`Sie`,until:e=>`läuft ${e} ab`,more:`Mehr anzeigen`,empty:`Hier ist niemand`,emptySearch:`Niemand hat so einen Namen oder so eine Adresse. Versuchen Sie weniger davon oder einen anderen Zustand.`,emptyText:`Laden Sie ein, wer für dieses Konto arbeitet. Alle bekommen genau die Rechte, die Sie wählen.`,open:`Öffnen`,resend:`Einladung noch einmal schicken`,copy:`Link zum Weitergeben kopieren`,withdraw:`Einladung zurückziehen`,deactivate:`Deaktivieren`,reactivate:`Wieder aktivieren`,remove:`Entfernen`,resent:e=>`Die Einladung ist noch einmal zu ${e} unterwegs.`,copied:`Ein neuer Link ist kopiert. Frühere Links gelten nicht mehr.`,withdrawTitle:e=>`Die Einladung von ${e} zurückziehen?`,withdrawText:`Der Link in der Mail gilt sofort nicht mehr. Sie können jederzeit wieder einladen.`,withdrawn:e=>`Die Einladung von ${e} ist zurückgezogen.`,deactivated:e=>`${e} hat keinen Zugang mehr. Rollen und Rechte bleiben gespeichert.`,reactivated:e=>`${e} hat wieder Zugang.`,undo:`Rückgängig`,reactivateTitle:e=>`${e} wieder Zugang geben?`,removeTitle:e=>`${e} entfernen?`,removeText:(e,t)=>`${e} verliert sofort den Zugang zu ${t}, Rollen und Rechte hier werden vergessen. Andere Konten bleiben, wie sie sind, ebenso der Verlauf. Eine neue Einladung ist möglich.`,removed:e=>`${e} wurde entfernt.`,suspended:`Das Konto ist gesperrt, darum kann niemand eingeladen werden.`}}),U=[`ACTIVE`,`INVITED`,`DEACTIVATED`],W={ACTIVE:`green`,INVITED:`blue`,DEACTIVATED:`gray`};function G({viewerId:e}){let t=a(H),{account:n,base:o,open:s}=j(),[l,u]=D(),d=U.find(e=>e===l.get(`state`)),p=l.get(`search`)??``,m=l.get(`factor`)!==`no`&&void 0,_=l.has(`invite`),[v,y]=(0,M.useState)(p),T={accountId:n.id,state:d,search:p||void 0,twoFactorEnabled:m,after:void 0},{data:E,previousData:O,loading:k,error:A,refetch:P,fetchMore:F}=i(N,{variables:T,fetchPolicy:`cache-and-network`}),I=(E??O)?.account?.people,L=e=>u(t=>{let n=new URLSearchParams(t);for(let[t,r]of Object.entries(e))r===null?n.delete(t):n.set(t,r);return n},{replace:!0}),R=w(e=>L({search:e.trim()||null}),250),z=()=>void P();return(0,B.jsxs)(f,{title:t.title,lead:t.lead,shown:{document:N,variables:T},actions:(0,B.jsx)(C,{label:t.suspended,disabled:s,children:(0,B.jsx)(r,{leftSection:(0,B.jsx)(g,{name:`plus`,size:16}),onClick:()=>L({invite:``}),disabled:!s,children:t.invite})}),children:[(0,B.jsxs)(`section`,{className:`panel`,"aria-busy":k,children:[(0,B.jsxs)(`div`,{className:`bar`,children:[(0,B.jsx)(S,{className:`grow`,type:`search`,"aria-label":t.search,placeholder:t.search,leftSection:(0,B.jsx)(g,{name:`search`}),value:v,onChange:e=>{y(e.currentTarget.value),R(e.currentTarget.value)}}),(0,B.jsx)(b,{"aria-label":t.filter,value:d??``,onChange:e=>L({state:e||null}),data:[{value:``,label:t.all},...U.map(e=>({value:e,label:t[e]}))]})]}),m===!1&&(0,B.jsxs)(`p`,{className:`notice`,children:[(0,B.jsx)(g,{name:`unshielded`}),` `,t.factorOnly,(0,B.jsx)(r,{size:`compact-sm`,variant:`default`,onClick:()=>L({factor:null}),children:t.factorOff})]}),I?I.nodes.length?(0,B.jsx)(`ul`,{className:`list people`,children:I.nodes.map(t=>(0,B.jsx)(q,{person:t,base:o,account:n.name,mine:t.membership?.user?.id===e,changed:z,open:s},t.email))}):(0,B.jsx)(c,{icon:`people`,title:t.empty,text:p||d||m===!1?t.emptySearch:t.emptyText}):k?(0,B.jsx)(`div`,{className:`body stack`,children:Array.from({length:6},(e,t)=>(0,B.jsx)(x,{h:44},t))}):(0,B.jsx)(h,{error:A,again:z}),I?.pageInfo.hasNextPage&&(0,B.jsx)(`div`,{className:`bar`,children:(0,B.jsx)(r,{variant:`subtle`,fullWidth:!0,loading:k,onClick:()=>void F({variables:{after:I.pageInfo.endCursor}}),children:t.more})})]}),(0,B.jsx)(M.Suspense,{children:_&&(0,B.jsx)(V,{close:e=>{L({invite:null}),e&&z()}})})]})}function K({on:e,blocked:n,due:r}){let i=a(H),o=t();if(e===null)return(0,B.jsx)(`span`,{});let s=e?i.secured:n?i.blocked:r?i.due(o.date(r)):i.unsecured;return(0,B.jsx)(C,{label:s,children:(0,B.jsx)(`span`,{className:`shield ${e?`on`:n||r?`due`:`off`}`,role:`img`,"aria-label":s,tabIndex:0,children:(0,B.jsx)(g,{name:e?`shield`:`unshielded`,size:20})})})}function q({person:e,base:n,account:r,mine:i,changed:o,open:c}){let u=a(H),f=d(),h=m(),b=t(),[x]=p(P),[S]=p(F),[C]=p(I),[w]=p(L),[T]=p(R),[E,D]=(0,M.useState)(null),[j,N]=(0,M.useState)([]),[z,V]=(0,M.useState)(!1),{membership:U,invitation:G}=e,q=e.name||e.email,J=U&&!U.isOwner&&!i,Y=U&&!e.throughParent?(0,B.jsx)(O,{href:`${n}/people/${U.id}`,children:q}):q,X=e.roles?.map(e=>e.name)??[];async function Z(e,t,n){if(e.length)return f({text:e.map(h).join(` `)});f({text:t,undo:n&&{label:u.undo,run:n}}),o()}let Q=async e=>{if(!U)return[];let{payload:t,refusals:n}=await S({input:{membershipId:U.id,acknowledgeRisks:e}});return!e&&n.some(e=>e.code===`RISK_NOT_ACKNOWLEDGED`)?(N(t?.warnings??[]),n):(await Z(n,u.reactivated(q)),n)};return(0,B.jsxs)(`li`,{children:[(0,B.jsx)(l,{name:q,off:e.state!==`ACTIVE`}),(0,B.jsxs)(`div`,{className:`grow who`,children:[(0,B.jsxs)(`span`,{className:`wrap`,children:[(0,B.jsx)(`strong`,{children:Y}),i&&(0,B.jsxs)(`span`,{className:`faint small`,children:[` (`,u.you,`)`]})]}),(0,B.jsxs)(`span`,{className:`faint small wrap`,children:[e.name&&e.email,e.throughParent&&` · ${u.through}`]})]}),(0,B.jsx)(v,{className:`state`,variant:`light`,color:W[e.state],children:U?.isOwner?u.owner:u[e.state]}),(0,B.jsx)(`span`,{className:`roles small wrap`,children:X.length?b.list(X):U?.isOwner?``:(0,B.jsx)(`span`,{className:`faint`,children:u.none})}),(0,B.jsx)(K,{on:e.twoFactorEnabled,blocked:e.blockedByPolicy,due:e.twoFactorDueAt}),(0,B.jsxs)(`span`,{className:`last small faint`,children:[(0,B.jsxs)(`span`,{className:`hidden`,children:[u.access,`: `]}),G&&!U?u.until(b.ago(G.expiresAt)):e.lastAccessAt?(0,B.jsx)(s,{at:e.lastAccessAt}):u.never]}),J||G&&!U?(0,B.jsxs)(y,{children:[(0,B.jsx)(y.Target,{children:(0,B.jsx)(_,{variant:`subtle`,color:`gray`,"aria-label":u.actions(q),children:(0,B.jsx)(g,{name:`more`})})}),(0,B.jsxs)(y.Dropdown,{children:[G&&!U&&(0,B.jsxs)(B.Fragment,{children:[(0,B.jsx)(y.Item,{disabled:!c,onClick:async()=>Z((await w({input:{invitationId:G.id,acknowledgeRisks:!0}})).refusals,u.resent(q)),children:u.resend}),(0,B.jsx)(y.Item,{disabled:!c,onClick:async()=>{if(!G)return;let{payload:e,refusals:t}=await w({input:{invitationId:G.id,sendEmail:!1,acknowledgeRisks:!0}});if(!e?.link)return Z(t,``);let n=await navigator.clipboard.writeText(e.link).then(()=>!0,()=>!1);f({text:n?u.copied:e.link}),o()},children:u.copy}),(0,B.jsx)(y.Divider,{}),(0,B.jsx)(y.Item,{color:`red`,onClick:()=>D(`withdraw`),children:u.withdraw})]}),J&&(0,B.jsxs)(B.Fragment,{children:[(0,B.jsx)(y.Item,{component:O,href:`${n}/people/${U.id}`,children:u.open}),U.state===`ACTIVE`?(0,B.jsx)(y.Item,{onClick:async()=>{if(!U)return;let{refusals:e}=await x({input:{membershipId:U.id}});await Z(e,u.deactivated(q),c?()=>void Q(!0):void 0)},children:u.deactivate}):(0,B.jsx)(y.Item,{disabled:!c,onClick:()=>void Q(!1),children:u.reactivate}),(0,B.jsx)(y.Divider,{}),(0,B.jsx)(y.Item,{color:`red`,onClick:()=>D(`remove`),children:u.remove})]})]})]}):(0,B.jsx)(`span`,{className:`gap`}),E===`withdraw`&&G&&(0,B.jsx)(k,{title:u.withdrawTitle(q),label:u.withdraw,danger:!0,close:()=>D(null),act:async()=>{let{refusals:e}=await T({input:{invitationId:G.id}});return e.length||await Z([],u.withdrawn(q)),e},children:u.withdrawText}),j.length>0&&(0,B.jsx)(k,{title:u.reactivateTitle(q),label:u.reactivate,close:()=>N([]),act:()=>Q(z),children:(0,B.jsx)(A,{warnings:j,read:z,onRead:V})}),E===`remove`&&U&&(0,B.jsx)(k,{title:u.removeTitle(q),label:u.remove,danger:!0,close:()=>D(null),act:async()=>{let{refusals:e}=await C({input:{membershipId:U.id}});return e.length||await Z([],u.removed(q)),e},children:u.removeText(q,r)})]})}export{K as Shield,G as default,I as i,z as n,F as r,P as t};