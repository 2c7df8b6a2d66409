import{r as e}from"./rolldown-runtime.js";import{a as t,i as n,n as r,r as i,t as a}from"./fields.js";import{I as o,L as s,O as c,k as l,n as u,o as d,y as f}from"./base.js";import{t as p}from"./Modal.js";import{d as m,l as h}from"./react.js";import{n as g,r as _}from"./passkey.js";var v=e(m(),1),y=h(),b=l({en:{title:`Is it you?`,text:`What you are about to do is sensitive, so prove once more who you are. It holds for ten minutes.`,password:`Your password`,code:`Code of your authenticator app`,go:`Go on`,passkey:`Use a passkey`,none:`No passkey was used. Try again.`,cancel:`Cancel`,close:`Close`,forgot:`Forgot your password?`,elsewhere:`Your second factor is a passkey, and this browser cannot use one here. Sign out and in again with a recovery code: that is a proof as well.`},de:{title:`Sind Sie es?`,text:`Was Sie vorhaben, ist heikel. Zeigen Sie noch einmal, dass Sie es sind. Es gilt zehn Minuten.`,password:`Ihr Passwort`,code:`Code Ihrer Authenticator-App`,go:`Weiter`,passkey:`Passkey verwenden`,none:`Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal.`,cancel:`Abbrechen`,close:`Schließen`,forgot:`Passwort vergessen?`,elsewhere:`Ihr zweiter Faktor ist ein Passkey, und dieser Browser kann hier keinen verwenden. Melden Sie sich ab und mit einem Wiederherstellungscode wieder an: Auch das gilt.`}}),x=o(`
  query HowToProve {
    viewer {
      id
      twoFactor {
        enabledAt
        authenticatorAddedAt
      }
      passkeys {
        id
      }
    }
  }
`),S=o(`
  mutation Reauthenticate($input: ReauthenticateInput!) {
    reauthenticate(input: $input) {
      provedUntil
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),C=o(`
  mutation StartPasskeyProof {
    startPasskeyProof {
      ceremonyId
      options
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),w=o(`
  mutation FinishPasskeyProof($input: FinishPasskeyProofInput!) {
    finishPasskeyProof(input: $input) {
      provedUntil
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`);function T(){let e=c(b);return(0,y.jsx)(n,{...r(`password`),label:e.password,autoComplete:`current-password`,required:!0,withAsterisk:!1,"data-autofocus":!0})}function E(){let e=c(b);return(0,y.jsx)(i,{...r(`code`),label:e.code,autoComplete:`one-time-code`,inputMode:`numeric`,required:!0,withAsterisk:!1,"data-autofocus":!0})}function D({done:e}){let n=c(b),r=d(),{data:i}=f(x,{fetchPolicy:`network-only`}),[o,l]=u(S),[m,h]=u(C),[D,O]=u(w),[k,A]=(0,v.useState)(``),j=i?.viewer,M=!!j?.twoFactor.enabledAt,N=!!j?.twoFactor.authenticatorAddedAt,P=g&&!!j?.passkeys.length;async function F(){A(``);let t=await m({});if(t.refusals.length||!t.payload?.ceremonyId)return A(t.refusals.map(r).join(` `));let i=await _(t.payload.options);if(!i)return A(n.none);let{refusals:a}=await D({input:{ceremonyId:t.payload.ceremonyId,credential:i}});a.length?A(a.map(r).join(` `)):e(!0)}return(0,y.jsx)(p,{opened:!0,onClose:()=>e(!1),title:n.title,closeButtonProps:{"aria-label":n.close},children:(0,y.jsxs)(`div`,{className:`stack`,children:[(0,y.jsx)(`p`,{children:n.text}),j&&P&&(0,y.jsx)(s,{onClick:F,loading:h||O,"data-autofocus":!N||void 0,children:n.passkey}),k&&(0,y.jsx)(t,{color:`red`,role:`alert`,children:k}),j&&(N||!M)&&(0,y.jsxs)(a,{send:async({password:t,code:n})=>{let{refusals:r}=await o({input:{password:t,code:n}});return r.length||e(!0),r},children:[N?(0,y.jsx)(E,{}):(0,y.jsx)(T,{}),(0,y.jsxs)(`div`,{className:`row right`,children:[!M&&(0,y.jsx)(`a`,{className:`small grow`,href:`/forgot-password`,children:n.forgot}),(0,y.jsx)(s,{variant:`default`,onClick:()=>e(!1),children:n.cancel}),(0,y.jsx)(s,{type:`submit`,loading:l,variant:P?`default`:`filled`,children:n.go})]})]}),j&&M&&!N&&!P&&(0,y.jsx)(`p`,{children:n.elsewhere})]})})}export{D as default};