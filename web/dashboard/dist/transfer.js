import{n as e}from"./rolldown-runtime.js";import{Et as t,O as n,T as r,a as i,c as a,k as o,n as s,w as c}from"./base.js";import{n as l}from"./shell.js";import{l as u}from"./react.js";var d=e({default:()=>_}),f=u(),p=r({en:{accept:`Accept`,decline:`Decline`,takeBack:`Take it back`,accepted:`The account is yours.`,declined:`You declined the account.`,takenBack:`The offer is taken back.`},de:{accept:`Annehmen`,decline:`Ablehnen`,takeBack:`Zurückziehen`,accepted:`Das Konto gehört jetzt Ihnen.`,declined:`Sie haben das Konto abgelehnt.`,takenBack:`Das Angebot ist zurückgezogen.`}}),m=n(`
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
`),h=n(`
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
`),g=n(`
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
`);function _({transfer:e,mine:n,changed:r}){let u=c(p),d=a(),_=i(),v=t(),[y,b]=s(m),[x,S]=s(h),[C,w]=s(g),T={transferId:e.id},E=(e,t)=>{v.refetchQueries({include:[l]}),d({text:e.length?e.map(_).join(` `):t}),r()};return(0,f.jsx)(`div`,{className:`row`,children:n?(0,f.jsxs)(f.Fragment,{children:[!e.takesEffectAt&&(0,f.jsx)(o,{size:`sm`,loading:b,onClick:async()=>E((await y({input:T})).refusals,u.accepted),children:u.accept}),(0,f.jsx)(o,{size:`sm`,variant:`default`,loading:S,onClick:async()=>E((await x({input:T})).refusals,u.declined),children:u.decline})]}):(0,f.jsx)(o,{size:`sm`,variant:`default`,loading:w,onClick:async()=>E((await C({input:T})).refusals,u.takenBack),children:u.takeBack})})}export{d as n,_ as t};