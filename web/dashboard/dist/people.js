const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["invite.js","rolldown-runtime.js","form.js","base.js","react.js","CloseButton.js","use-id.js","Badge.js","Modal.js","NativeScrollArea.js","FocusTrap.js","ScrollArea.js","grants.js","Checkbox.js","InputBase.js","use-uncontrolled.js","CheckIcon.js","confirm.js","Skeleton.js","Select.js","Popover.js","risks.js","shell.js","ActionIcon.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime.js";import{F as t,G as n,L as r,M as i,O as a,P as o,S as s,T as c,Tt as l,U as u,V as d,Z as f,_ as p,a as m,bt as h,c as g,d as _,dt as v,et as y,f as b,g as x,ht as S,j as C,k as w,n as T,nt as E,p as D,q as O,st as k,tt as A,u as j,w as M,y as N,z as P}from"./base.js";import{t as F}from"./ActionIcon.js";import{t as I}from"./Badge.js";import{t as L}from"./Menu.js";import{t as R}from"./SegmentedControl.js";import{t as z}from"./Skeleton.js";import{t as ee}from"./TextInput.js";import{a as B,i as te,o as ne}from"./Popover.js";import{C as re,S as ie,T as ae,_ as V,a as oe,b as H,c as se,d as ce,g as le,h as U,i as ue,l as de,m as fe,n as pe,o as W,p as me,s as he,u as ge,y as _e}from"./FocusTrap.js";import{d as G,l as K,s as q,t as J}from"./react.js";import{t as Y}from"./use-id.js";import{n as ve}from"./ScrollArea.js";import{t as X}from"./confirm.js";import{t as ye}from"./risks.js";import{r as be}from"./shell.js";var Z=e(G(),1);function xe({offset:e,position:t,defaultOpened:n}){let[r,i]=(0,Z.useState)(n),a=(0,Z.useRef)(null),{x:o,y:s,elements:c,refs:l,update:u,placement:d}=se({placement:t,middleware:[H({crossAxis:!0,padding:5,rootBoundary:`document`})]}),f=d.includes(`right`)?e:t.includes(`left`)?e*-1:0,p=d.includes(`bottom`)?e:t.includes(`top`)?e*-1:0,m=(0,Z.useCallback)(({clientX:e,clientY:t})=>{Number.isFinite(e)&&Number.isFinite(t)&&l.setPositionReference({getBoundingClientRect(){return{width:0,height:0,x:e,y:t,left:e+f,top:t+p,right:e,bottom:t}}})},[c.reference]);return(0,Z.useEffect)(()=>{if(l.floating.current){let e=a.current;e.addEventListener(`mousemove`,m);let t=re(l.floating.current);return t.forEach(e=>{e.addEventListener(`scroll`,u)}),()=>{e.removeEventListener(`mousemove`,m),t.forEach(e=>{e.removeEventListener(`scroll`,u)})}}},[c.reference,l.floating.current,u,m,r]),{handleMouseMove:m,x:o,y:s,opened:r,setOpened:i,boundaryRef:a,floating:l.setFloating}}var Se={tooltip:`m_1b3c8819`,arrow:`m_f898399f`},Q=K(),Ce={refProp:`ref`,withinPortal:!0,offset:10,position:`right`,zIndex:h(`popover`)},we=A((e,{radius:t,color:n})=>({tooltip:{"--tooltip-radius":t===void 0?void 0:S(t),"--tooltip-bg":n?f(n,e):void 0,"--tooltip-color":n?`var(--mantine-color-white)`:void 0}})),Te=r(e=>{let r=u(`TooltipFloating`,Ce,e),{children:i,refProp:a,withinPortal:o,style:s,className:c,classNames:l,styles:f,unstyled:p,radius:m,color:h,label:g,offset:_,position:v,multiline:y,zIndex:b,disabled:x,defaultOpened:S,variant:C,vars:w,portalProps:T,attributes:D,ref:O,...A}=r,j=n(),M=d({name:`TooltipFloating`,props:r,classes:Se,className:c,style:s,classNames:l,styles:f,unstyled:p,attributes:D,rootSelector:`tooltip`,vars:w,varsResolver:we}),{handleMouseMove:N,x:F,y:I,opened:L,boundaryRef:R,floating:z,setOpened:ee}=xe({offset:_,position:v,defaultOpened:S}),B=E(i);if(!B)throw Error(`[@mantine/core] Tooltip.Floating component children should be an element or a component that accepts ref, fragments, strings, numbers and other primitive values are not supported`);let te=ae(R,k(B),O),ne=B.props,re=e=>{ne.onMouseEnter?.(e),N(e),ee(!0)},ie=e=>{ne.onMouseLeave?.(e),ee(!1)};return(0,Q.jsxs)(Q.Fragment,{children:[(0,Q.jsx)(pe,{...T,withinPortal:o,children:(0,Q.jsx)(t,{...A,...M(`tooltip`,{style:{...P(s,j),zIndex:b,display:!x&&L?`block`:`none`,top:Number.isFinite(I)?Math.round(I):``,left:Number.isFinite(F)?Math.round(F):``}}),variant:C,ref:z,mod:{multiline:y},children:g})}),(0,Z.cloneElement)(B,{...ne,[a]:te,onMouseEnter:re,onMouseLeave:ie})]})});Te.classes=Se,Te.varsResolver=we,Te.displayName=`@mantine/core/TooltipFloating`;var Ee=(0,Z.createContext)({withinGroup:!1}),De={openDelay:0,closeDelay:0};function Oe(e){let{openDelay:t,closeDelay:n,children:r}=u(`TooltipGroup`,De,e);return(0,Q.jsx)(Ee,{value:{withinGroup:!0},children:(0,Q.jsx)(ue,{delay:{open:t,close:n},children:r})})}Oe.displayName=`@mantine/core/TooltipGroup`,Oe.extend=e=>e;function ke(e){if(e===void 0)return{shift:!0,flip:!0};let t={...e};return e.shift===void 0&&(t.shift=!0),e.flip===void 0&&(t.flip=!0),t}function Ae(e){let t=ke(e.middlewares),n=[_e(e.offset),le()];return t.shift&&n.push(H(typeof t.shift==`boolean`?{padding:8}:{padding:8,...t.shift})),t.flip&&n.push(typeof t.flip==`boolean`?U():U(t.flip)),n.push(fe({element:e.arrowRef,padding:e.arrowOffset})),t.inline?n.push(typeof t.inline==`boolean`?V():V(t.inline)):e.inline&&n.push(V()),n}function je(e){let[t,n]=(0,Z.useState)(e.defaultOpened),r=typeof e.opened==`boolean`,i=!e.disabled&&(r?e.opened:t);(0,Z.useEffect)(()=>{e.disabled&&n(!1)},[e.disabled]);let a=(0,Z.use)(Ee).withinGroup,o=Y(),s=O(),c=(0,Z.useCallback)(e=>{n(e),e&&b(o)},[o]),{x:l,y:u,context:d,refs:f,placement:p,middlewareData:{arrow:{x:m,y:h}={},hide:g}}=se({strategy:e.strategy,placement:e.position,open:i,onOpenChange:c,middleware:Ae(e),whileElementsMounted:ie}),{delay:_,currentId:y,setCurrentId:b}=W(d,{id:o}),{getReferenceProps:x,getFloatingProps:S}=ce([ge(d,{enabled:!e.disabled&&e.events?.hover,delay:a?_:{open:e.openDelay,close:e.closeDelay},mouseOnly:!e.events?.touch,handleClose:e.interactive?oe():null}),de(d,{enabled:!e.disabled&&e.events?.focus,visibleOnly:!0}),me(d,{role:`tooltip`}),he(d,{enabled:e.opened===void 0})]),C=(0,Z.useRef)(p);v(()=>{C.current!==p&&(C.current=p,e.onPositionChange?.(p))},[p]);let w=i&&y&&y!==o;return{x:l,y:u,arrowX:m,arrowY:h,reference:f.setReference,floating:f.setFloating,getFloatingProps:S,getReferenceProps:x,isGroupPhase:w,opened:i,placement:p,referenceHidden:e.hideDetached&&s!==`test`?g?.referenceHidden:!1}}var Me={position:`top`,refProp:`ref`,withinPortal:!0,arrowSize:4,arrowOffset:5,arrowRadius:0,arrowPosition:`side`,offset:5,transitionProps:{duration:100,transition:`fade`},events:{hover:!0,focus:!1,touch:!1},zIndex:h(`popover`),middlewares:{flip:!0,shift:!0,inline:!1},hideDetached:!0},Ne=A((e,{radius:t,color:n,variant:r,autoContrast:i})=>{let a=e.variantColorResolver({theme:e,color:n||e.primaryColor,autoContrast:i,variant:r||`filled`});return{tooltip:{"--tooltip-radius":t===void 0?void 0:S(t),"--tooltip-bg":n?a.background:void 0,"--tooltip-color":n?a.color:void 0}}}),$=r(e=>{let n=u(`Tooltip`,Me,e),{children:r,position:a,refProp:s,label:c,openDelay:l,closeDelay:f,onPositionChange:p,opened:m,defaultOpened:h,withinPortal:g,radius:_,color:v,classNames:b,styles:x,unstyled:S,style:w,className:T,withArrow:D,arrowSize:O,arrowOffset:A,arrowRadius:j,arrowPosition:M,offset:N,transitionProps:P,multiline:F,events:I,interactive:L,zIndex:R,disabled:z,onClick:ee,onMouseEnter:re,onMouseLeave:ie,inline:V,variant:oe,keepMounted:H,vars:se,portalProps:ce,mod:le,floatingStrategy:U,middlewares:ue,autoContrast:de,attributes:fe,target:W,hideDetached:me,ref:he,...ge}=n,{dir:_e}=o(),G=(0,Z.useRef)(null),K=je({position:te(_e,a),closeDelay:f,openDelay:l,onPositionChange:p,opened:m,defaultOpened:h,disabled:z,events:I,interactive:L,arrowRef:G,arrowOffset:A,offset:typeof N==`number`?N+(D?O/2:0):N,inline:V,strategy:U,middlewares:ue,hideDetached:me});(0,Z.useEffect)(()=>{let e=W instanceof HTMLElement?W:typeof W==`string`?document.querySelector(W):W?.current||null;e&&K.reference(e)},[W,K]);let q=d({name:`Tooltip`,props:n,classes:Se,className:T,style:w,classNames:b,styles:x,unstyled:S,attributes:fe,rootSelector:`tooltip`,vars:se,varsResolver:Ne}),J=E(r);if(!W&&!J)throw Error(`[@mantine/core] Tooltip component children should be an element or a component that accepts ref, fragments, strings, numbers and other primitive values are not supported`);let Y=q(`tooltip`),ve=L&&!z&&!!K.opened,X=M===`merge`&&D?ne({position:K.placement,dir:_e}):void 0;if(W){let e=C(P,{duration:100,transition:`fade`});return(0,Q.jsx)(Q.Fragment,{children:(0,Q.jsx)(pe,{...ce,withinPortal:g,children:(0,Q.jsx)(i,{...e,keepMounted:H,mounted:!z&&!!K.opened,duration:K.isGroupPhase?10:e.duration,children:e=>(0,Q.jsxs)(t,{...ge,"data-fixed":U===`fixed`||void 0,variant:oe,mod:[{multiline:F,interactive:ve},le],...Y,...K.getFloatingProps({ref:K.floating,className:Y.className,style:{...Y.style,...e,...X,zIndex:R,top:K.y??0,left:K.x??0,...K.referenceHidden?{display:`none`}:null}}),children:[c,(0,Q.jsx)(B,{ref:G,arrowX:K.arrowX,arrowY:K.arrowY,visible:D,position:K.placement,arrowSize:O,arrowOffset:A,arrowRadius:j,arrowPosition:M,...q(`arrow`)})]})})})})}let ye=J.props,be=ae(K.reference,k(J),he),xe=C(P,{duration:100,transition:`fade`});return(0,Q.jsxs)(Q.Fragment,{children:[(0,Q.jsx)(pe,{...ce,withinPortal:g,children:(0,Q.jsx)(i,{...xe,keepMounted:H,mounted:!z&&!!K.opened,duration:K.isGroupPhase?10:xe.duration,children:e=>(0,Q.jsxs)(t,{...ge,"data-fixed":U===`fixed`||void 0,variant:oe,mod:[{multiline:F,interactive:ve},le],...K.getFloatingProps({ref:K.floating,className:q(`tooltip`).className,style:{...q(`tooltip`).style,...e,...X,zIndex:R,top:K.y??0,left:K.x??0,...K.referenceHidden?{display:`none`}:null}}),children:[c,(0,Q.jsx)(B,{ref:G,arrowX:K.arrowX,arrowY:K.arrowY,visible:D,position:K.placement,arrowSize:O,arrowOffset:A,arrowRadius:j,arrowPosition:M,...q(`arrow`)})]})})}),(0,Z.cloneElement)(J,K.getReferenceProps({onClick:ee,onMouseEnter:re,onMouseLeave:ie,onMouseMove:n.onMouseMove,onPointerDown:n.onPointerDown,onPointerEnter:n.onPointerEnter,...ye,className:y(T,ye.className),[s]:be}))]})});$.classes=Se,$.varsResolver=Ne,$.displayName=`@mantine/core/Tooltip`,$.Floating=Te,$.Group=Oe;var Pe=a(`
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
`),Fe=a(`
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
`),Ie=a(`
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
`),Le=a(`
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
`),Re=a(`
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
`),ze=a(`
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
`),Be=a(`
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
`),Ve=(0,Z.lazy)(()=>x(()=>import(`./invite.js`),__vite__mapDeps([0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23]))),He=c({en:{title:`People`,lead:`Everybody who belongs to this account, and everybody who was asked to.`,invite:`Invite people`,search:`Search by name or address`,filter:`Which people`,all:`All`,ACTIVE:`Active`,INVITED:`Invited`,DEACTIVATED:`Deactivated`,factorOnly:`without a second factor`,factorOff:`Show everybody`,owner:`Owner`,access:`Last access`,actions:e=>`What to do with ${e}`,never:`never`,none:`no roles`,secured:`Signs in with a second factor`,unsecured:`Signs in without a second factor`,blocked:`Kept out: this account asks for a second factor`,due:e=>`Has to turn a second factor on by ${e}`,through:`through the parent`,you:`you`,until:e=>`lapses ${e}`,more:`Show more`,empty:`Nobody is here`,emptySearch:`Nobody has such a name or address. Try less of it, or another state.`,emptyText:`Invite the people who work for this account. They get exactly the permissions that you choose.`,open:`Open`,resend:`Send the invitation again`,copy:`Copy a link to hand over`,withdraw:`Withdraw the invitation`,deactivate:`Deactivate`,reactivate:`Reactivate`,remove:`Remove`,resent:e=>`The invitation is on its way to ${e} again.`,copied:`A new link is copied. Links sent before no longer work.`,withdrawTitle:e=>`Withdraw the invitation of ${e}?`,withdrawText:`The link in the mail stops working at once. You can invite them again at any time.`,withdrawn:e=>`The invitation of ${e} is withdrawn.`,deactivated:e=>`${e} has no access any more. Roles and permissions are kept.`,reactivated:e=>`${e} has access again.`,undo:`Undo`,reactivateTitle:e=>`Give ${e} access again?`,removeTitle:e=>`Remove ${e}?`,removeText:(e,t)=>`${e} loses access to ${t} at once, and roles and permissions here are forgotten. Other accounts of theirs stay as they are, and so does what they did in the history. They can be invited again.`,removed:e=>`${e} was removed.`,suspended:`The account is suspended, so nobody can be invited.`},de:{title:`Personen`,lead:`Alle, die zu diesem Konto gehören, und alle, die eingeladen sind.`,invite:`Personen einladen`,search:`Nach Name oder Adresse suchen`,filter:`Welche Personen`,all:`Alle`,ACTIVE:`Aktiv`,INVITED:`Eingeladen`,DEACTIVATED:`Deaktiviert`,factorOnly:`ohne zweiten Faktor`,factorOff:`Alle zeigen`,owner:`Inhaber`,access:`Zuletzt da`,actions:e=>`Was mit ${e} geschehen soll`,never:`noch nie`,none:`keine Rollen`,secured:`Meldet sich mit zweitem Faktor an`,unsecured:`Meldet sich ohne zweiten Faktor an`,blocked:`Ausgesperrt: Dieses Konto verlangt einen zweiten Faktor`,due:e=>`Muss bis ${e} einen zweiten Faktor einrichten`,through:`über das Hauptkonto`,you:`Sie`,until:e=>`läuft ${e} ab`,more:`Mehr anzeigen`,empty:`Hier ist niemand`,emptySearch:`Niemand hat so einen Namen oder so eine Adresse. Versuchen Sie weniger davon oder einen anderen Zustand.`,emptyText:`Laden Sie ein, wer für dieses Konto arbeitet. Alle bekommen genau die Rechte, die Sie wählen.`,open:`Öffnen`,resend:`Einladung noch einmal schicken`,copy:`Link zum Weitergeben kopieren`,withdraw:`Einladung zurückziehen`,deactivate:`Deaktivieren`,reactivate:`Wieder aktivieren`,remove:`Entfernen`,resent:e=>`Die Einladung ist noch einmal zu ${e} unterwegs.`,copied:`Ein neuer Link ist kopiert. Frühere Links gelten nicht mehr.`,withdrawTitle:e=>`Die Einladung von ${e} zurückziehen?`,withdrawText:`Der Link in der Mail gilt sofort nicht mehr. Sie können jederzeit wieder einladen.`,withdrawn:e=>`Die Einladung von ${e} ist zurückgezogen.`,deactivated:e=>`${e} hat keinen Zugang mehr. Rollen und Rechte bleiben gespeichert.`,reactivated:e=>`${e} hat wieder Zugang.`,undo:`Rückgängig`,reactivateTitle:e=>`${e} wieder Zugang geben?`,removeTitle:e=>`${e} entfernen?`,removeText:(e,t)=>`${e} verliert sofort den Zugang zu ${t}, Rollen und Rechte hier werden vergessen. Andere Konten bleiben, wie sie sind, ebenso der Verlauf. Eine neue Einladung ist möglich.`,removed:e=>`${e} wurde entfernt.`,suspended:`Das Konto ist gesperrt, darum kann niemand eingeladen werden.`}}),Ue=[`ACTIVE`,`INVITED`,`DEACTIVATED`],We={ACTIVE:`green`,INVITED:`blue`,DEACTIVATED:`gray`};function Ge({viewerId:e}){let t=M(He),{account:n,base:r,open:i}=be(),[a,o]=q(),s=Ue.find(e=>e===a.get(`state`)),c=a.get(`search`)??``,u=a.get(`factor`)!==`no`&&void 0,d=a.has(`invite`),[f,m]=(0,Z.useState)(c),h={accountId:n.id,state:s,search:c||void 0,twoFactorEnabled:u,after:void 0},{data:g,previousData:_,loading:v,error:y,refetch:x,fetchMore:S}=l(Pe,{variables:h,fetchPolicy:`cache-and-network`}),C=(g??_)?.account?.people,T=e=>o(t=>{let n=new URLSearchParams(t);for(let[t,r]of Object.entries(e))r===null?n.delete(t):n.set(t,r);return n},{replace:!0}),E=ve(e=>T({search:e.trim()||null}),250),O=()=>void x();return(0,Q.jsxs)(D,{title:t.title,lead:t.lead,shown:{document:Pe,variables:h},actions:(0,Q.jsx)($,{label:t.suspended,disabled:i,children:(0,Q.jsx)(w,{leftSection:(0,Q.jsx)(p,{name:`plus`,size:16}),onClick:()=>T({invite:``}),disabled:!i,children:t.invite})}),children:[(0,Q.jsxs)(`section`,{className:`panel`,"aria-busy":v,children:[(0,Q.jsxs)(`div`,{className:`bar`,children:[(0,Q.jsx)(ee,{className:`grow`,type:`search`,"aria-label":t.search,placeholder:t.search,leftSection:(0,Q.jsx)(p,{name:`search`}),value:f,onChange:e=>{m(e.currentTarget.value),E(e.currentTarget.value)}}),(0,Q.jsx)(R,{"aria-label":t.filter,value:s??``,onChange:e=>T({state:e||null}),data:[{value:``,label:t.all},...Ue.map(e=>({value:e,label:t[e]}))]})]}),u===!1&&(0,Q.jsxs)(`p`,{className:`notice`,children:[(0,Q.jsx)(p,{name:`unshielded`}),` `,t.factorOnly,(0,Q.jsx)(w,{size:`compact-sm`,variant:`default`,onClick:()=>T({factor:null}),children:t.factorOff})]}),C?C.nodes.length?(0,Q.jsx)(`ul`,{className:`list people`,children:C.nodes.map(t=>(0,Q.jsx)(qe,{person:t,base:r,account:n.name,mine:t.membership?.user?.id===e,changed:O,open:i},t.email))}):(0,Q.jsx)(j,{icon:`people`,title:t.empty,text:c||s||u===!1?t.emptySearch:t.emptyText}):v?(0,Q.jsx)(`div`,{className:`body stack`,children:Array.from({length:6},(e,t)=>(0,Q.jsx)(z,{h:44},t))}):(0,Q.jsx)(b,{error:y,again:O}),C?.pageInfo.hasNextPage&&(0,Q.jsx)(`div`,{className:`bar`,children:(0,Q.jsx)(w,{variant:`subtle`,fullWidth:!0,loading:v,onClick:()=>void S({variables:{after:C.pageInfo.endCursor}}),children:t.more})})]}),(0,Q.jsx)(Z.Suspense,{children:d&&(0,Q.jsx)(Ve,{close:e=>{T({invite:null}),e&&O()}})})]})}function Ke({on:e,blocked:t,due:n}){let r=M(He),i=s();if(e===null)return(0,Q.jsx)(`span`,{});let a=e?r.secured:t?r.blocked:n?r.due(i.date(n)):r.unsecured;return(0,Q.jsx)($,{label:a,children:(0,Q.jsx)(`span`,{className:`shield ${e?`on`:t||n?`due`:`off`}`,role:`img`,"aria-label":a,tabIndex:0,children:(0,Q.jsx)(p,{name:e?`shield`:`unshielded`,size:20})})})}function qe({person:e,base:t,account:n,mine:r,changed:i,open:a}){let o=M(He),c=g(),l=m(),u=s(),[d]=T(Fe),[f]=T(Ie),[h]=T(Le),[v]=T(Re),[y]=T(ze),[b,x]=(0,Z.useState)(null),[S,C]=(0,Z.useState)([]),[w,E]=(0,Z.useState)(!1),{membership:D,invitation:O}=e,k=e.name||e.email,A=D&&!D.isOwner&&!r,j=D&&!e.throughParent?(0,Q.jsx)(J,{href:`${t}/people/${D.id}`,children:k}):k,P=e.roles?.map(e=>e.name)??[];async function R(e,t,n){if(e.length)return c({text:e.map(l).join(` `)});c({text:t,undo:n&&{label:o.undo,run:n}}),i()}let z=async e=>{if(!D)return[];let{payload:t,refusals:n}=await f({input:{membershipId:D.id,acknowledgeRisks:e}});return!e&&n.some(e=>e.code===`RISK_NOT_ACKNOWLEDGED`)?(C(t?.warnings??[]),n):(await R(n,o.reactivated(k)),n)};return(0,Q.jsxs)(`li`,{children:[(0,Q.jsx)(_,{name:k,off:e.state!==`ACTIVE`}),(0,Q.jsxs)(`div`,{className:`grow who`,children:[(0,Q.jsxs)(`span`,{className:`wrap`,children:[(0,Q.jsx)(`strong`,{children:j}),r&&(0,Q.jsxs)(`span`,{className:`faint small`,children:[` (`,o.you,`)`]})]}),(0,Q.jsxs)(`span`,{className:`faint small wrap`,children:[e.name&&e.email,e.throughParent&&` · ${o.through}`]})]}),(0,Q.jsx)(I,{className:`state`,variant:`light`,color:We[e.state],children:D?.isOwner?o.owner:o[e.state]}),(0,Q.jsx)(`span`,{className:`roles small wrap`,children:P.length?u.list(P):D?.isOwner?``:(0,Q.jsx)(`span`,{className:`faint`,children:o.none})}),(0,Q.jsx)(Ke,{on:e.twoFactorEnabled,blocked:e.blockedByPolicy,due:e.twoFactorDueAt}),(0,Q.jsxs)(`span`,{className:`last small faint`,children:[(0,Q.jsxs)(`span`,{className:`hidden`,children:[o.access,`: `]}),O&&!D?o.until(u.ago(O.expiresAt)):e.lastAccessAt?(0,Q.jsx)(N,{at:e.lastAccessAt}):o.never]}),A||O&&!D?(0,Q.jsxs)(L,{children:[(0,Q.jsx)(L.Target,{children:(0,Q.jsx)(F,{variant:`subtle`,color:`gray`,"aria-label":o.actions(k),children:(0,Q.jsx)(p,{name:`more`})})}),(0,Q.jsxs)(L.Dropdown,{children:[O&&!D&&(0,Q.jsxs)(Q.Fragment,{children:[(0,Q.jsx)(L.Item,{disabled:!a,onClick:async()=>R((await v({input:{invitationId:O.id,acknowledgeRisks:!0}})).refusals,o.resent(k)),children:o.resend}),(0,Q.jsx)(L.Item,{disabled:!a,onClick:async()=>{if(!O)return;let{payload:e,refusals:t}=await v({input:{invitationId:O.id,sendEmail:!1,acknowledgeRisks:!0}});if(!e?.link)return R(t,``);let n=await navigator.clipboard.writeText(e.link).then(()=>!0,()=>!1);c({text:n?o.copied:e.link}),i()},children:o.copy}),(0,Q.jsx)(L.Divider,{}),(0,Q.jsx)(L.Item,{color:`red`,onClick:()=>x(`withdraw`),children:o.withdraw})]}),A&&(0,Q.jsxs)(Q.Fragment,{children:[(0,Q.jsx)(L.Item,{component:J,href:`${t}/people/${D.id}`,children:o.open}),D.state===`ACTIVE`?(0,Q.jsx)(L.Item,{onClick:async()=>{if(!D)return;let{refusals:e}=await d({input:{membershipId:D.id}});await R(e,o.deactivated(k),a?()=>void z(!0):void 0)},children:o.deactivate}):(0,Q.jsx)(L.Item,{disabled:!a,onClick:()=>void z(!1),children:o.reactivate}),(0,Q.jsx)(L.Divider,{}),(0,Q.jsx)(L.Item,{color:`red`,onClick:()=>x(`remove`),children:o.remove})]})]})]}):(0,Q.jsx)(`span`,{className:`gap`}),b===`withdraw`&&O&&(0,Q.jsx)(X,{title:o.withdrawTitle(k),label:o.withdraw,danger:!0,close:()=>x(null),act:async()=>{let{refusals:e}=await y({input:{invitationId:O.id}});return e.length||await R([],o.withdrawn(k)),e},children:o.withdrawText}),S.length>0&&(0,Q.jsx)(X,{title:o.reactivateTitle(k),label:o.reactivate,close:()=>C([]),act:()=>z(w),children:(0,Q.jsx)(ye,{warnings:S,read:w,onRead:E})}),b===`remove`&&D&&(0,Q.jsx)(X,{title:o.removeTitle(k),label:o.remove,danger:!0,close:()=>x(null),act:async()=>{let{refusals:e}=await h({input:{membershipId:D.id}});return e.length||await R([],o.removed(k)),e},children:o.removeText(k,n)})]})}export{Ke as Shield,Ge as default,Le as i,Be as n,Ie as r,Fe as t};