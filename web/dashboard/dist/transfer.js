import{n as e,r as t}from"./rolldown-runtime.js";import{Ft as n,I as r,L as i,O as a,k as o,l as s,n as c,o as l}from"./base.js";import{d as u,l as d}from"./react.js";import{n as f,r as p}from"./shell.js";import{t as m}from"./confirm.js";var h=e({default:()=>S}),g=t(u(),1),_=d(),v=o({en:{accept:`Accept`,decline:`Decline`,takeBack:`Take it back`,acceptTitle:e=>`Take over ${e}?`,acceptText:e=>`${e} and its sub-accounts are yours at once, with everything they owe and own, and you decide about every permission in them. There is no undo: afterwards you offer it to somebody yourself, or close it.`,declineTitle:`Decline the account?`,declineText:`It stays with whoever owns it. They would have to offer it to you again.`,accepted:`The account is yours.`,declined:`You declined the account.`,takenBack:`The offer is taken back.`},de:{accept:`Annehmen`,decline:`Ablehnen`,takeBack:`Zurückziehen`,acceptTitle:e=>`${e} übernehmen?`,acceptText:e=>`${e} mit seinen Unterkonten gehört sofort Ihnen, mit allem, was es hat und schuldet, und Sie entscheiden über jedes Recht darin. Rückgängig geht das nicht: Danach bieten Sie es selbst jemandem an oder schließen es.`,declineTitle:`Das Konto ablehnen?`,declineText:`Es bleibt, wem es gehört. Man müsste es Ihnen noch einmal anbieten.`,accepted:`Das Konto gehört jetzt Ihnen.`,declined:`Sie haben das Konto abgelehnt.`,takenBack:`Das Angebot ist zurückgezogen.`}}),y=r(`
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
`),b=r(`
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
`),x=r(`
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
`);function S({transfer:e,mine:t,changed:r}){let o=a(v),u=s(),d=l(),h=n(),{account:S}=p(),[C]=c(y),[w]=c(b),[T,E]=c(x),[D,O]=(0,g.useState)(null),k={transferId:e.id},A=e=>{h.refetchQueries({include:[f]}),u({text:e}),r()},j=async()=>{let{refusals:e}=await T({input:k});A(e.length?e.map(d).join(` `):o.takenBack)};return(0,_.jsxs)(`div`,{className:`row`,children:[t?(0,_.jsxs)(_.Fragment,{children:[!e.takesEffectAt&&(0,_.jsx)(i,{size:`sm`,onClick:()=>O(`accept`),children:o.accept}),(0,_.jsx)(i,{size:`sm`,variant:`default`,onClick:()=>O(`decline`),children:o.decline})]}):(0,_.jsx)(i,{size:`sm`,variant:`default`,loading:E,onClick:()=>void j(),children:o.takeBack}),D&&(0,_.jsx)(m,{title:D===`accept`?o.acceptTitle(S.name):o.declineTitle,label:o[D],danger:D===`decline`,close:()=>O(null),act:async()=>{let{refusals:e}=await(D===`accept`?C({input:k}):w({input:k}));return e.length||A(D===`accept`?o.accepted:o.declined),e},children:D===`accept`?o.acceptText(S.name):o.declineText})]})}export{h as n,S as t};