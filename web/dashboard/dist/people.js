const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["invite.js","rolldown-runtime.js","form.js","base.js","react.js","CloseButton.js","use-id.js","Badge.js","Modal.js","NativeScrollArea.js","FocusTrap.js","grants.js","Checkbox.js","TextInput.js","use-uncontrolled.js","CheckIcon.js","confirm.js","Popover.js","Skeleton.js","Select.js","shell.js","ActionIcon.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime.js";import{$ as t,A as n,B as r,C as i,D as a,H as o,I as s,K as c,N as l,O as u,P as d,R as f,W as p,X as m,d as h,et as g,f as _,g as v,h as y,i as b,j as x,l as S,mt as C,n as w,ot as T,s as E,tt as D,u as O,ut as k,v as A,w as j,wt as M,x as N,yt as P}from"./base.js";import{t as F}from"./ActionIcon.js";import{t as I}from"./Badge.js";import{n as L,t as R}from"./confirm.js";import{t as z}from"./SegmentedControl.js";import{t as B}from"./Skeleton.js";import{t as V}from"./TextInput.js";import{a as ee,i as te,o as ne}from"./Popover.js";import{C as re,S as ie,T as ae,_ as H,a as oe,b as se,c as U,d as ce,g as W,h as le,i as ue,l as de,m as G,n as fe,o as pe,p as me,s as he,u as ge,y as K}from"./FocusTrap.js";import{d as q,l as J,s as Y,t as X}from"./react.js";import{t as _e}from"./use-id.js";import{u as ve}from"./NativeScrollArea.js";import{t as ye}from"./Checkbox.js";import{r as be}from"./shell.js";var Z=e(q(),1);function xe({offset:e,position:t,defaultOpened:n}){let[r,i]=(0,Z.useState)(n),a=(0,Z.useRef)(null),{x:o,y:s,elements:c,refs:l,update:u,placement:d}=U({placement:t,middleware:[se({crossAxis:!0,padding:5,rootBoundary:`document`})]}),f=d.includes(`right`)?e:t.includes(`left`)?e*-1:0,p=d.includes(`bottom`)?e:t.includes(`top`)?e*-1:0,m=(0,Z.useCallback)(({clientX:e,clientY:t})=>{Number.isFinite(e)&&Number.isFinite(t)&&l.setPositionReference({getBoundingClientRect(){return{width:0,height:0,x:e,y:t,left:e+f,top:t+p,right:e,bottom:t}}})},[c.reference]);return(0,Z.useEffect)(()=>{if(l.floating.current){let e=a.current;e.addEventListener(`mousemove`,m);let t=re(l.floating.current);return t.forEach(e=>{e.addEventListener(`scroll`,u)}),()=>{e.removeEventListener(`mousemove`,m),t.forEach(e=>{e.removeEventListener(`scroll`,u)})}}},[c.reference,l.floating.current,u,m,r]),{handleMouseMove:m,x:o,y:s,opened:r,setOpened:i,boundaryRef:a,floating:l.setFloating}}var Se={tooltip:`m_1b3c8819`,arrow:`m_f898399f`},Q=J(),Ce={refProp:`ref`,withinPortal:!0,offset:10,position:`right`,zIndex:P(`popover`)},we=g((e,{radius:t,color:n})=>({tooltip:{"--tooltip-radius":t===void 0?void 0:C(t),"--tooltip-bg":n?m(n,e):void 0,"--tooltip-color":n?`var(--mantine-color-white)`:void 0}})),Te=s(e=>{let t=o(`TooltipFloating`,Ce,e),{children:n,refProp:i,withinPortal:a,style:s,className:c,classNames:l,styles:u,unstyled:m,radius:h,color:g,label:_,offset:v,position:y,multiline:b,zIndex:x,disabled:S,defaultOpened:C,variant:w,vars:E,portalProps:O,attributes:k,ref:A,...j}=t,M=p(),N=r({name:`TooltipFloating`,props:t,classes:Se,className:c,style:s,classNames:l,styles:u,unstyled:m,attributes:k,rootSelector:`tooltip`,vars:E,varsResolver:we}),{handleMouseMove:P,x:F,y:I,opened:L,boundaryRef:R,floating:z,setOpened:B}=xe({offset:v,position:y,defaultOpened:C}),V=D(n);if(!V)throw Error(`[@mantine/core] Tooltip.Floating component children should be an element or a component that accepts ref, fragments, strings, numbers and other primitive values are not supported`);let ee=ae(R,T(V),A),te=V.props,ne=e=>{te.onMouseEnter?.(e),P(e),B(!0)},re=e=>{te.onMouseLeave?.(e),B(!1)};return(0,Q.jsxs)(Q.Fragment,{children:[(0,Q.jsx)(fe,{...O,withinPortal:a,children:(0,Q.jsx)(d,{...j,...N(`tooltip`,{style:{...f(s,M),zIndex:x,display:!S&&L?`block`:`none`,top:Number.isFinite(I)?Math.round(I):``,left:Number.isFinite(F)?Math.round(F):``}}),variant:w,ref:z,mod:{multiline:b},children:_})}),(0,Z.cloneElement)(V,{...te,[i]:ee,onMouseEnter:ne,onMouseLeave:re})]})});Te.classes=Se,Te.varsResolver=we,Te.displayName=`@mantine/core/TooltipFloating`;var Ee=(0,Z.createContext)({withinGroup:!1}),De={openDelay:0,closeDelay:0};function Oe(e){let{openDelay:t,closeDelay:n,children:r}=o(`TooltipGroup`,De,e);return(0,Q.jsx)(Ee,{value:{withinGroup:!0},children:(0,Q.jsx)(ue,{delay:{open:t,close:n},children:r})})}Oe.displayName=`@mantine/core/TooltipGroup`,Oe.extend=e=>e;function ke(e){if(e===void 0)return{shift:!0,flip:!0};let t={...e};return e.shift===void 0&&(t.shift=!0),e.flip===void 0&&(t.flip=!0),t}function Ae(e){let t=ke(e.middlewares),n=[K(e.offset),W()];return t.shift&&n.push(se(typeof t.shift==`boolean`?{padding:8}:{padding:8,...t.shift})),t.flip&&n.push(typeof t.flip==`boolean`?le():le(t.flip)),n.push(G({element:e.arrowRef,padding:e.arrowOffset})),t.inline?n.push(typeof t.inline==`boolean`?H():H(t.inline)):e.inline&&n.push(H()),n}function je(e){let[t,n]=(0,Z.useState)(e.defaultOpened),r=typeof e.opened==`boolean`,i=!e.disabled&&(r?e.opened:t);(0,Z.useEffect)(()=>{e.disabled&&n(!1)},[e.disabled]);let a=(0,Z.use)(Ee).withinGroup,o=_e(),s=c(),l=(0,Z.useCallback)(e=>{n(e),e&&b(o)},[o]),{x:u,y:d,context:f,refs:p,placement:m,middlewareData:{arrow:{x:h,y:g}={},hide:_}}=U({strategy:e.strategy,placement:e.position,open:i,onOpenChange:l,middleware:Ae(e),whileElementsMounted:ie}),{delay:v,currentId:y,setCurrentId:b}=pe(f,{id:o}),{getReferenceProps:x,getFloatingProps:S}=ce([ge(f,{enabled:!e.disabled&&e.events?.hover,delay:a?v:{open:e.openDelay,close:e.closeDelay},mouseOnly:!e.events?.touch,handleClose:e.interactive?oe():null}),de(f,{enabled:!e.disabled&&e.events?.focus,visibleOnly:!0}),me(f,{role:`tooltip`}),he(f,{enabled:e.opened===void 0})]),C=(0,Z.useRef)(m);k(()=>{C.current!==m&&(C.current=m,e.onPositionChange?.(m))},[m]);let w=i&&y&&y!==o;return{x:u,y:d,arrowX:h,arrowY:g,reference:p.setReference,floating:p.setFloating,getFloatingProps:S,getReferenceProps:x,isGroupPhase:w,opened:i,placement:m,referenceHidden:e.hideDetached&&s!==`test`?_?.referenceHidden:!1}}var Me={position:`top`,refProp:`ref`,withinPortal:!0,arrowSize:4,arrowOffset:5,arrowRadius:0,arrowPosition:`side`,offset:5,transitionProps:{duration:100,transition:`fade`},events:{hover:!0,focus:!1,touch:!1},zIndex:P(`popover`),middlewares:{flip:!0,shift:!0,inline:!1},hideDetached:!0},Ne=g((e,{radius:t,color:n,variant:r,autoContrast:i})=>{let a=e.variantColorResolver({theme:e,color:n||e.primaryColor,autoContrast:i,variant:r||`filled`});return{tooltip:{"--tooltip-radius":t===void 0?void 0:C(t),"--tooltip-bg":n?a.background:void 0,"--tooltip-color":n?a.color:void 0}}}),$=s(e=>{let i=o(`Tooltip`,Me,e),{children:a,position:s,refProp:c,label:u,openDelay:f,closeDelay:p,onPositionChange:m,opened:h,defaultOpened:g,withinPortal:_,radius:v,color:y,classNames:b,styles:S,unstyled:C,style:w,className:E,withArrow:O,arrowSize:k,arrowOffset:A,arrowRadius:j,arrowPosition:M,offset:N,transitionProps:P,multiline:F,events:I,interactive:L,zIndex:R,disabled:z,onClick:B,onMouseEnter:V,onMouseLeave:re,inline:ie,variant:H,keepMounted:oe,vars:se,portalProps:U,mod:ce,floatingStrategy:W,middlewares:le,autoContrast:ue,attributes:de,target:G,hideDetached:pe,ref:me,...he}=i,{dir:ge}=l(),K=(0,Z.useRef)(null),q=je({position:te(ge,s),closeDelay:p,openDelay:f,onPositionChange:m,opened:h,defaultOpened:g,disabled:z,events:I,interactive:L,arrowRef:K,arrowOffset:A,offset:typeof N==`number`?N+(O?k/2:0):N,inline:ie,strategy:W,middlewares:le,hideDetached:pe});(0,Z.useEffect)(()=>{let e=G instanceof HTMLElement?G:typeof G==`string`?document.querySelector(G):G?.current||null;e&&q.reference(e)},[G,q]);let J=r({name:`Tooltip`,props:i,classes:Se,className:E,style:w,classNames:b,styles:S,unstyled:C,attributes:de,rootSelector:`tooltip`,vars:se,varsResolver:Ne}),Y=D(a);if(!G&&!Y)throw Error(`[@mantine/core] Tooltip component children should be an element or a component that accepts ref, fragments, strings, numbers and other primitive values are not supported`);let X=J(`tooltip`),_e=L&&!z&&!!q.opened,ve=M===`merge`&&O?ne({position:q.placement,dir:ge}):void 0;if(G){let e=n(P,{duration:100,transition:`fade`});return(0,Q.jsx)(Q.Fragment,{children:(0,Q.jsx)(fe,{...U,withinPortal:_,children:(0,Q.jsx)(x,{...e,keepMounted:oe,mounted:!z&&!!q.opened,duration:q.isGroupPhase?10:e.duration,children:e=>(0,Q.jsxs)(d,{...he,"data-fixed":W===`fixed`||void 0,variant:H,mod:[{multiline:F,interactive:_e},ce],...X,...q.getFloatingProps({ref:q.floating,className:X.className,style:{...X.style,...e,...ve,zIndex:R,top:q.y??0,left:q.x??0,...q.referenceHidden?{display:`none`}:null}}),children:[u,(0,Q.jsx)(ee,{ref:K,arrowX:q.arrowX,arrowY:q.arrowY,visible:O,position:q.placement,arrowSize:k,arrowOffset:A,arrowRadius:j,arrowPosition:M,...J(`arrow`)})]})})})})}let ye=Y.props,be=ae(q.reference,T(Y),me),xe=n(P,{duration:100,transition:`fade`});return(0,Q.jsxs)(Q.Fragment,{children:[(0,Q.jsx)(fe,{...U,withinPortal:_,children:(0,Q.jsx)(x,{...xe,keepMounted:oe,mounted:!z&&!!q.opened,duration:q.isGroupPhase?10:xe.duration,children:e=>(0,Q.jsxs)(d,{...he,"data-fixed":W===`fixed`||void 0,variant:H,mod:[{multiline:F,interactive:_e},ce],...q.getFloatingProps({ref:q.floating,className:J(`tooltip`).className,style:{...J(`tooltip`).style,...e,...ve,zIndex:R,top:q.y??0,left:q.x??0,...q.referenceHidden?{display:`none`}:null}}),children:[u,(0,Q.jsx)(ee,{ref:K,arrowX:q.arrowX,arrowY:q.arrowY,visible:O,position:q.placement,arrowSize:k,arrowOffset:A,arrowRadius:j,arrowPosition:M,...J(`arrow`)})]})})}),(0,Z.cloneElement)(Y,q.getReferenceProps({onClick:B,onMouseEnter:V,onMouseLeave:re,onMouseMove:i.onMouseMove,onPointerDown:i.onPointerDown,onPointerEnter:i.onPointerEnter,...ye,className:t(E,ye.className),[c]:be}))]})});$.classes=Se,$.varsResolver=Ne,$.displayName=`@mantine/core/Tooltip`,$.Floating=Te,$.Group=Oe;var Pe=j({en:{title:`Read this before you give it`,read:`I have read this, and they should have it`},de:{title:`Lesen Sie das, bevor Sie es geben`,read:`Ich habe das gelesen, und sie sollen es bekommen`}});function Fe({warnings:e,read:t,onRead:n}){let r=i(Pe);return e.length?(0,Q.jsxs)(`section`,{className:`risks`,"aria-label":r.title,children:[(0,Q.jsxs)(`h3`,{children:[(0,Q.jsx)(v,{name:`warning`}),` `,r.title]}),(0,Q.jsx)(`ul`,{children:e.map(e=>(0,Q.jsx)(`li`,{children:e.message},e.permission??e.message))}),(0,Q.jsx)(ye,{label:r.read,checked:t,onChange:e=>n(e.currentTarget.checked)})]}):null}var Ie=a(`
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
`),Le=a(`
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
`),Re=a(`
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
`),ze=a(`
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
`),Be=a(`
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
`),Ve=a(`
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
`),He=a(`
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
`),Ue=(0,Z.lazy)(()=>y(()=>import(`./invite.js`),__vite__mapDeps([0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21]))),We=j({en:{title:`People`,lead:`Everybody who belongs to this account, and everybody who was asked to.`,invite:`Invite people`,search:`Search by name or address`,filter:`Which people`,all:`All`,ACTIVE:`Active`,INVITED:`Invited`,DEACTIVATED:`Deactivated`,factorOnly:`without a second factor`,factorOff:`Show everybody`,owner:`Owner`,access:`Last access`,actions:e=>`What to do with ${e}`,never:`never`,none:`no roles`,secured:`Signs in with a second factor`,unsecured:`Signs in without a second factor`,blocked:`Kept out: this account asks for a second factor`,due:e=>`Has to turn a second factor on by ${e}`,through:`through the parent`,you:`you`,until:e=>`lapses ${e}`,more:`Show more`,empty:`Nobody is here`,emptySearch:`Nobody has such a name or address. Try less of it, or another state.`,emptyText:`Invite the people who work for this account. They get exactly the permissions that you choose.`,open:`Open`,resend:`Send the invitation again`,copy:`Copy a link to hand over`,withdraw:`Withdraw the invitation`,deactivate:`Deactivate`,reactivate:`Reactivate`,remove:`Remove`,resent:e=>`The invitation is on its way to ${e} again.`,copied:`A new link is copied. Links sent before no longer work.`,withdrawTitle:e=>`Withdraw the invitation of ${e}?`,withdrawText:`The link in the mail stops working at once. You can invite them again at any time.`,withdrawn:e=>`The invitation of ${e} is withdrawn.`,deactivated:e=>`${e} has no access any more. Roles and permissions are kept.`,reactivated:e=>`${e} has access again.`,undo:`Undo`,reactivateTitle:e=>`Give ${e} access again?`,removeTitle:e=>`Remove ${e}?`,removeText:(e,t)=>`${e} loses access to ${t} at once, and roles and permissions here are forgotten. Other accounts of theirs stay as they are, and so does what they did in the history. They can be invited again.`,removed:e=>`${e} was removed.`,suspended:`The account is suspended, so nobody can be invited.`},de:{title:`Personen`,lead:`Alle, die zu diesem Konto gehören, und alle, die eingeladen sind.`,invite:`Personen einladen`,search:`Nach Name oder Adresse suchen`,filter:`Welche Personen`,all:`Alle`,ACTIVE:`Aktiv`,INVITED:`Eingeladen`,DEACTIVATED:`Deaktiviert`,factorOnly:`ohne zweiten Faktor`,factorOff:`Alle zeigen`,owner:`Inhaber`,access:`Zuletzt da`,actions:e=>`Was mit ${e} geschehen soll`,never:`noch nie`,none:`keine Rollen`,secured:`Meldet sich mit zweitem Faktor an`,unsecured:`Meldet sich ohne zweiten Faktor an`,blocked:`Ausgesperrt: Dieses Konto verlangt einen zweiten Faktor`,due:e=>`Muss bis ${e} einen zweiten Faktor einrichten`,through:`über das Hauptkonto`,you:`Sie`,until:e=>`läuft ${e} ab`,more:`Mehr anzeigen`,empty:`Hier ist niemand`,emptySearch:`Niemand hat so einen Namen oder so eine Adresse. Versuchen Sie weniger davon oder einen anderen Zustand.`,emptyText:`Laden Sie ein, wer für dieses Konto arbeitet. Alle bekommen genau die Rechte, die Sie wählen.`,open:`Öffnen`,resend:`Einladung noch einmal schicken`,copy:`Link zum Weitergeben kopieren`,withdraw:`Einladung zurückziehen`,deactivate:`Deaktivieren`,reactivate:`Wieder aktivieren`,remove:`Entfernen`,resent:e=>`Die Einladung ist noch einmal zu ${e} unterwegs.`,copied:`Ein neuer Link ist kopiert. Frühere Links gelten nicht mehr.`,withdrawTitle:e=>`Die Einladung von ${e} zurückziehen?`,withdrawText:`Der Link in der Mail gilt sofort nicht mehr. Sie können jederzeit wieder einladen.`,withdrawn:e=>`Die Einladung von ${e} ist zurückgezogen.`,deactivated:e=>`${e} hat keinen Zugang mehr. Rollen und Rechte bleiben gespeichert.`,reactivated:e=>`${e} hat wieder Zugang.`,undo:`Rückgängig`,reactivateTitle:e=>`${e} wieder Zugang geben?`,removeTitle:e=>`${e} entfernen?`,removeText:(e,t)=>`${e} verliert sofort den Zugang zu ${t}, Rollen und Rechte hier werden vergessen. Andere Konten bleiben, wie sie sind, ebenso der Verlauf. Eine neue Einladung ist möglich.`,removed:e=>`${e} wurde entfernt.`,suspended:`Das Konto ist gesperrt, darum kann niemand eingeladen werden.`}}),Ge=[`ACTIVE`,`INVITED`,`DEACTIVATED`],Ke={ACTIVE:`green`,INVITED:`blue`,DEACTIVATED:`gray`};function qe({viewerId:e}){let t=i(We),{account:n,base:r,open:a}=be(),[o,s]=Y(),c=Ge.find(e=>e===o.get(`state`)),l=o.get(`search`)??``,d=o.get(`factor`)!==`no`&&void 0,f=o.has(`invite`),[p,m]=(0,Z.useState)(l),g={accountId:n.id,state:c,search:l||void 0,twoFactorEnabled:d,after:void 0},{data:y,previousData:b,loading:x,error:C,refetch:w,fetchMore:T}=M(Ie,{variables:g,fetchPolicy:`cache-and-network`}),E=(y??b)?.account?.people,D=e=>s(t=>{let n=new URLSearchParams(t);for(let[t,r]of Object.entries(e))r===null?n.delete(t):n.set(t,r);return n},{replace:!0}),O=ve(e=>D({search:e.trim()||null}),250),k=()=>void w();return(0,Q.jsxs)(_,{title:t.title,lead:t.lead,shown:{document:Ie,variables:g},actions:(0,Q.jsx)($,{label:t.suspended,disabled:a,children:(0,Q.jsx)(u,{leftSection:(0,Q.jsx)(v,{name:`plus`,size:16}),onClick:()=>D({invite:``}),disabled:!a,children:t.invite})}),children:[(0,Q.jsxs)(`section`,{className:`panel`,"aria-busy":x,children:[(0,Q.jsxs)(`div`,{className:`bar`,children:[(0,Q.jsx)(V,{className:`grow`,type:`search`,"aria-label":t.search,placeholder:t.search,leftSection:(0,Q.jsx)(v,{name:`search`}),value:p,onChange:e=>{m(e.currentTarget.value),O(e.currentTarget.value)}}),(0,Q.jsx)(z,{"aria-label":t.filter,value:c??``,onChange:e=>D({state:e||null}),data:[{value:``,label:t.all},...Ge.map(e=>({value:e,label:t[e]}))]})]}),d===!1&&(0,Q.jsxs)(`p`,{className:`notice`,children:[(0,Q.jsx)(v,{name:`unshielded`}),` `,t.factorOnly,(0,Q.jsx)(u,{size:`compact-sm`,variant:`default`,onClick:()=>D({factor:null}),children:t.factorOff})]}),E?E.nodes.length?(0,Q.jsx)(`ul`,{className:`list people`,children:E.nodes.map(t=>(0,Q.jsx)(Ye,{person:t,base:r,account:n.name,mine:t.membership?.user?.id===e,changed:k,open:a},t.email))}):(0,Q.jsx)(S,{icon:`people`,title:t.empty,text:l||c||d===!1?t.emptySearch:t.emptyText}):x?(0,Q.jsx)(`div`,{className:`body stack`,children:Array.from({length:6},(e,t)=>(0,Q.jsx)(B,{h:44},t))}):(0,Q.jsx)(h,{error:C,again:k}),E?.pageInfo.hasNextPage&&(0,Q.jsx)(`div`,{className:`bar`,children:(0,Q.jsx)(u,{variant:`subtle`,fullWidth:!0,loading:x,onClick:()=>void T({variables:{after:E.pageInfo.endCursor}}),children:t.more})})]}),(0,Q.jsx)(Z.Suspense,{children:f&&(0,Q.jsx)(Ue,{close:e=>{D({invite:null}),e&&k()}})})]})}function Je({on:e,blocked:t,due:n}){let r=i(We),a=N();if(e===null)return(0,Q.jsx)(`span`,{});let o=e?r.secured:t?r.blocked:n?r.due(a.date(n)):r.unsecured;return(0,Q.jsx)($,{label:o,children:(0,Q.jsx)(`span`,{className:`shield ${e?`on`:t||n?`due`:`off`}`,role:`img`,"aria-label":o,tabIndex:0,children:(0,Q.jsx)(v,{name:e?`shield`:`unshielded`,size:20})})})}function Ye({person:e,base:t,account:n,mine:r,changed:a,open:o}){let s=i(We),c=E(),l=b(),u=N(),[d]=w(Le),[f]=w(Re),[p]=w(ze),[m]=w(Be),[h]=w(Ve),[g,_]=(0,Z.useState)(null),[y,x]=(0,Z.useState)([]),[S,C]=(0,Z.useState)(!1),{membership:T,invitation:D}=e,k=e.name||e.email,j=T&&!T.isOwner&&!r,M=T&&!e.throughParent?(0,Q.jsx)(X,{href:`${t}/people/${T.id}`,children:k}):k,P=e.roles?.map(e=>e.name)??[];async function z(e,t,n){if(e.length)return c({text:e.map(l).join(` `)});c({text:t,undo:n&&{label:s.undo,run:n}}),a()}let B=async e=>{if(!T)return[];let{payload:t,refusals:n}=await f({input:{membershipId:T.id,acknowledgeRisks:e}});return!e&&n.some(e=>e.code===`RISK_NOT_ACKNOWLEDGED`)?(x(t?.warnings??[]),n):(await z(n,s.reactivated(k)),n)};return(0,Q.jsxs)(`li`,{children:[(0,Q.jsx)(O,{name:k,off:e.state!==`ACTIVE`}),(0,Q.jsxs)(`div`,{className:`grow who`,children:[(0,Q.jsxs)(`span`,{className:`wrap`,children:[(0,Q.jsx)(`strong`,{children:M}),r&&(0,Q.jsxs)(`span`,{className:`faint small`,children:[` (`,s.you,`)`]})]}),(0,Q.jsxs)(`span`,{className:`faint small wrap`,children:[e.name&&e.email,e.throughParent&&` · ${s.through}`]})]}),(0,Q.jsx)(I,{className:`state`,variant:`light`,color:Ke[e.state],children:T?.isOwner?s.owner:s[e.state]}),(0,Q.jsx)(`span`,{className:`roles small wrap`,children:P.length?u.list(P):T?.isOwner?``:(0,Q.jsx)(`span`,{className:`faint`,children:s.none})}),(0,Q.jsx)(Je,{on:e.twoFactorEnabled,blocked:e.blockedByPolicy,due:e.twoFactorDueAt}),(0,Q.jsxs)(`span`,{className:`last small faint`,children:[(0,Q.jsxs)(`span`,{className:`hidden`,children:[s.access,`: `]}),D&&!T?s.until(u.ago(D.expiresAt)):e.lastAccessAt?(0,Q.jsx)(A,{at:e.lastAccessAt}):s.never]}),j||D&&!T?(0,Q.jsxs)(L,{children:[(0,Q.jsx)(L.Target,{children:(0,Q.jsx)(F,{variant:`subtle`,color:`gray`,"aria-label":s.actions(k),children:(0,Q.jsx)(v,{name:`more`})})}),(0,Q.jsxs)(L.Dropdown,{children:[D&&!T&&(0,Q.jsxs)(Q.Fragment,{children:[(0,Q.jsx)(L.Item,{disabled:!o,onClick:async()=>z((await m({input:{invitationId:D.id,acknowledgeRisks:!0}})).refusals,s.resent(k)),children:s.resend}),(0,Q.jsx)(L.Item,{disabled:!o,onClick:async()=>{if(!D)return;let{payload:e,refusals:t}=await m({input:{invitationId:D.id,sendEmail:!1,acknowledgeRisks:!0}});if(!e?.link)return z(t,``);let n=await navigator.clipboard.writeText(e.link).then(()=>!0,()=>!1);c({text:n?s.copied:e.link}),a()},children:s.copy}),(0,Q.jsx)(L.Divider,{}),(0,Q.jsx)(L.Item,{color:`red`,onClick:()=>_(`withdraw`),children:s.withdraw})]}),j&&(0,Q.jsxs)(Q.Fragment,{children:[(0,Q.jsx)(L.Item,{component:X,href:`${t}/people/${T.id}`,children:s.open}),T.state===`ACTIVE`?(0,Q.jsx)(L.Item,{onClick:async()=>{if(!T)return;let{refusals:e}=await d({input:{membershipId:T.id}});await z(e,s.deactivated(k),o?()=>void B(!0):void 0)},children:s.deactivate}):(0,Q.jsx)(L.Item,{disabled:!o,onClick:()=>void B(!1),children:s.reactivate}),(0,Q.jsx)(L.Divider,{}),(0,Q.jsx)(L.Item,{color:`red`,onClick:()=>_(`remove`),children:s.remove})]})]})]}):(0,Q.jsx)(`span`,{className:`gap`}),g===`withdraw`&&D&&(0,Q.jsx)(R,{title:s.withdrawTitle(k),label:s.withdraw,danger:!0,close:()=>_(null),act:async()=>{let{refusals:e}=await h({input:{invitationId:D.id}});return e.length||await z([],s.withdrawn(k)),e},children:s.withdrawText}),y.length>0&&(0,Q.jsx)(R,{title:s.reactivateTitle(k),label:s.reactivate,close:()=>x([]),act:()=>B(S),children:(0,Q.jsx)(Fe,{warnings:y,read:S,onRead:C})}),g===`remove`&&T&&(0,Q.jsx)(R,{title:s.removeTitle(k),label:s.remove,danger:!0,close:()=>_(null),act:async()=>{let{refusals:e}=await p({input:{membershipId:T.id}});return e.length||await z([],s.removed(k)),e},children:s.removeText(k,n)})]})}export{Je as Shield,Fe as a,qe as default,ze as i,He as n,Re as r,Le as t};