import{r as e}from"./rolldown-runtime.js";import{E as t,M as n,Ot as r,T as i,j as a,n as o,o as s}from"./base.js";import{a as c,i as l,n as u,r as d,t as f}from"./fields.js";import{t as p}from"./Modal.js";import{d as m,l as h}from"./react.js";import{n as g,r as _}from"./passkey.js";var v=e(m(),1),y=h(),b=t({en:{title:`Is it you?`,text:`What you are about to do is sensitive, so prove once more who you are. It holds for ten minutes.`,password:`Your password`,code:`Code of your authenticator app`,go:`Go on`,passkey:`Use a passkey`,none:`No passkey was used. Try again.`,cancel:`Cancel`,close:`Close`,forgot:`Forgot your password?`,elsewhere:`Your second factor is a passkey, and this browser cannot use one here. Sign out and in again with a recovery code: that is a proof as well.`},de:{title:`Sind Sie es?`,text:`Was Sie vorhaben, ist heikel. Zeigen Sie noch einmal, dass Sie es sind. Es gilt zehn Minuten.`,password:`Ihr Passwort`,code:`Code Ihrer Authenticator-App`,go:`Weiter`,passkey:`Passkey verwenden`,none:`Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal.`,cancel:`Abbrechen`,close:`Schließen`,forgot:`Passwort vergessen?`,elsewhere:`Ihr zweiter Faktor ist ein Passkey, und dieser Browser kann hier keinen verwenden. Melden Sie sich ab und mit einem Wiederherstellungscode wieder an: Auch das gilt.`}}),x=a(`
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
`),S=a(`
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
`),C=a(`
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
`),w=a(`
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
`);function T(){let e=i(b);return(0,y.jsx)(l,{...u(`password`),label:e.password,autoComplete:`current-password`,required:!0,withAsterisk:!1,"data-autofocus":!0})}function E(){let e=i(b);return(0,y.jsx)(d,{...u(`code`),label:e.code,autoComplete:`one-time-code`,inputMode:`numeric`,required:!0,withAsterisk:!1,"data-autofocus":!0})}function D({done:e}){let t=i(b),a=s(),{data:l}=r(x,{fetchPolicy:`network-only`}),[u,d]=o(S),[m,h]=o(C),[D,O]=o(w),[k,A]=(0,v.useState)(``),j=l?.viewer,M=!!j?.twoFactor.enabledAt,N=!!j?.twoFactor.authenticatorAddedAt,P=g&&!!j?.passkeys.length;async function F(){A(``);let n=await m({});if(n.refusals.length||!n.payload?.ceremonyId)return A(n.refusals.map(a).join(` `));let r=await _(n.payload.options);if(!r)return A(t.none);let{refusals:i}=await D({input:{ceremonyId:n.payload.ceremonyId,credential:r}});i.length?A(i.map(a).join(` `)):e(!0)}return(0,y.jsx)(p,{opened:!0,onClose:()=>e(!1),title:t.title,closeButtonProps:{"aria-label":t.close},children:(0,y.jsxs)(`div`,{className:`stack`,children:[(0,y.jsx)(`p`,{children:t.text}),j&&P&&(0,y.jsx)(n,{onClick:F,loading:h||O,"data-autofocus":!N||void 0,children:t.passkey}),k&&(0,y.jsx)(c,{color:`red`,role:`alert`,children:k}),j&&(N||!M)&&(0,y.jsxs)(f,{send:async({password:t,code:n})=>{let{refusals:r}=await u({input:{password:t,code:n}});return r.length||e(!0),r},children:[N?(0,y.jsx)(E,{}):(0,y.jsx)(T,{}),(0,y.jsxs)(`div`,{className:`row right`,children:[!M&&(0,y.jsx)(`a`,{className:`small grow`,href:`/forgot-password`,children:t.forgot}),(0,y.jsx)(n,{variant:`default`,onClick:()=>e(!1),children:t.cancel}),(0,y.jsx)(n,{type:`submit`,loading:d,variant:P?`default`:`filled`,children:t.go})]})]}),j&&M&&!N&&!P&&(0,y.jsx)(`p`,{children:t.elsewhere})]})})}export{D as default};