import{n as e}from"./rolldown-runtime.js";import{At as t,E as n,M as r,T as i,j as a,l as o,n as s,o as c}from"./base.js";import{n as l}from"./shell.js";import{l as u}from"./react.js";var d=e({default:()=>_}),f=u(),p=n({en:{accept:`Accept`,decline:`Decline`,takeBack:`Take it back`,accepted:`The account is yours.`,declined:`You declined the account.`,takenBack:`The offer is taken back.`},de:{accept:`Annehmen`,decline:`Ablehnen`,takeBack:`Zurückziehen`,accepted:`Das Konto gehört jetzt Ihnen.`,declined:`Sie haben das Konto abgelehnt.`,takenBack:`Das Angebot ist zurückgezogen.`}}),m=a(`
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
`),h=a(`
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
`),g=a(`
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
`);function _({transfer:e,mine:n,changed:a}){let u=i(p),d=o(),_=c(),v=t(),[y,b]=s(m),[x,S]=s(h),[C,w]=s(g),T={transferId:e.id},E=(e,t)=>{v.refetchQueries({include:[l]}),d({text:e.length?e.map(_).join(` `):t}),a()};return(0,f.jsx)(`div`,{className:`row`,children:n?(0,f.jsxs)(f.Fragment,{children:[!e.takesEffectAt&&(0,f.jsx)(r,{size:`sm`,loading:b,onClick:async()=>E((await y({input:T})).refusals,u.accepted),children:u.accept}),(0,f.jsx)(r,{size:`sm`,variant:`default`,loading:S,onClick:async()=>E((await x({input:T})).refusals,u.declined),children:u.decline})]}):(0,f.jsx)(r,{size:`sm`,variant:`default`,loading:w,onClick:async()=>E((await C({input:T})).refusals,u.takenBack),children:u.takeBack})})}export{d as n,_ as t};