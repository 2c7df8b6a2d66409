import{r as e}from"./rolldown-runtime.js";import{C as t,D as n,E as r,O as i,Tt as a,_ as o,i as s,n as c,u as l,w as u}from"./base.js";import{n as d,r as f,t as p}from"./form.js";import{i as m,n as h,r as g}from"./passkey.js";import{t as _}from"./TextInput.js";import{d as v,l as y}from"./react.js";var b=e(v(),1),x=y(),S=u({en:{title:`Sign in`,email:`Email address`,password:`Password`,signIn:`Sign in`,passkey:`Sign in with a passkey`,forgot:`Forgot your password?`,signUp:`New here? Sign up`,noPasskey:`No passkey was used. Try again, or sign in with your password.`,step:`One more step`,stepText:e=>`The sign-in of ${e} is protected by a second factor.`,code:`Code`,codeApp:`The six digits of your authenticator app, or a recovery code`,codeRecovery:`A recovery code`,usePasskey:`Use a passkey`,again:`Begin again`,stuck:`It is a passkey, and this browser cannot use one here. Sign in with another browser.`,demo:`or come in as somebody from the demo`,demoNote:`Only on this machine: the demo data has the same password for everybody.`},de:{title:`Anmelden`,email:`E-Mail-Adresse`,password:`Passwort`,signIn:`Anmelden`,passkey:`Mit Passkey anmelden`,forgot:`Passwort vergessen?`,signUp:`Neu hier? Registrieren`,noPasskey:`Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal, oder nehmen Sie Ihr Passwort.`,step:`Noch ein Schritt`,stepText:e=>`Die Anmeldung von ${e} ist durch einen zweiten Faktor geschützt.`,code:`Code`,codeApp:`Die sechs Ziffern Ihrer Authenticator-App oder ein Wiederherstellungscode`,codeRecovery:`Ein Wiederherstellungscode`,usePasskey:`Passkey verwenden`,again:`Von vorn beginnen`,stuck:`Es ist ein Passkey, und dieser Browser kann hier keinen verwenden. Melden Sie sich mit einem anderen an.`,demo:`oder als jemand aus der Demo eintreten`,demoNote:`Nur auf diesem Rechner: In den Demodaten haben alle dasselbe Passwort.`}}),C=n(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      viewer {
        id
      }
      secondFactors
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),w=n(`
  mutation VerifyTwoFactor($input: VerifyTwoFactorInput!) {
    verifyTwoFactor(input: $input) {
      viewer {
        id
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),T=n(`
  mutation StartPasskeySignIn {
    startPasskeySignIn {
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
`),E=n(`
  mutation FinishPasskeySignIn($input: FinishPasskeySignInInput!) {
    finishPasskeySignIn(input: $input) {
      viewer {
        id
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),D=n(`
  mutation SignOut {
    signOut {
      signedOut
      errors {
        code
      }
    }
  }
`);function O({name:e,label:t,type:n,complete:r,description:i,focus:a,letters:o}){let s={...d(e),label:t,autoComplete:r,required:!0,withAsterisk:!1,description:i,"data-autofocus":a,autoFocus:a};return n===`password`?(0,x.jsx)(m,{...s}):(0,x.jsx)(_,{...s,type:n,spellCheck:!1,autoCapitalize:o?`characters`:`none`})}function k(){let[e,t]=(0,b.useState)(null);return(0,b.useEffect)(()=>{fetch(`/dashboard/demo.json`).then(e=>e.json()).then(t,()=>{})},[]),e}function A({pending:e}){let n=t(S),o=a(),u=s(),d=k(),[m,_]=c(C),[v,y]=c(w),[A,M]=c(T),[N,P]=c(E),[F]=c(D),[I,L]=(0,b.useState)(``);(0,b.useEffect)(()=>{document.title=`${e?n.step:n.title} · Tenantry`},[e,n]);let R=()=>o.refetchQueries({include:[r]});async function z(e){let{refusals:t}=await m({input:e});return t.length||await R(),t}async function B(){L(``);let e=await A({});if(e.refusals.length||!e.payload?.ceremonyId)return L(e.refusals.map(u).join(` `));let t=await g(e.payload.options);if(!t)return L(n.noPasskey);let r=await N({input:{ceremonyId:e.payload.ceremonyId,credential:t}});if(r.refusals.length)return L(r.refusals.map(u).join(` `));await R()}let V=I&&(0,x.jsx)(f,{color:`red`,role:`alert`,children:I});if(e){let t=e.secondFactors.includes(`TOTP`),r=t||e.secondFactors.includes(`RECOVERY_CODE`),a=e.secondFactors.includes(`PASSKEY`)&&h;return(0,x.jsxs)(j,{children:[(0,x.jsx)(`h1`,{children:n.step}),(0,x.jsxs)(`div`,{className:`stack`,children:[(0,x.jsx)(`p`,{children:n.stepText(e.maskedEmail)}),a&&(0,x.jsx)(i,{onClick:B,loading:M||P,fullWidth:!0,children:n.usePasskey}),V,r&&(0,x.jsxs)(p,{send:async e=>{let{refusals:t}=await v({input:{code:e.code??``}});return t.length||await R(),t},children:[(0,x.jsx)(O,{name:`code`,label:n.code,complete:`one-time-code`,description:t?n.codeApp:n.codeRecovery,focus:!0,letters:!0}),(0,x.jsx)(i,{type:`submit`,loading:y,variant:a?`default`:`filled`,fullWidth:!0,children:n.signIn})]}),!r&&!a&&(0,x.jsx)(`p`,{children:n.stuck}),(0,x.jsx)(i,{variant:`subtle`,onClick:async()=>{await F({}),await R()},children:n.again})]})]})}return(0,x.jsxs)(j,{children:[(0,x.jsx)(`h1`,{children:n.title}),(0,x.jsxs)(`div`,{className:`stack`,children:[(0,x.jsxs)(p,{send:e=>z({email:e.email??``,password:e.password??``}),children:[(0,x.jsx)(O,{name:`email`,label:n.email,type:`email`,complete:`username`,focus:!0}),(0,x.jsx)(O,{name:`password`,label:n.password,type:`password`,complete:`current-password`}),(0,x.jsx)(i,{type:`submit`,loading:_,fullWidth:!0,children:n.signIn})]}),h&&(0,x.jsx)(i,{variant:`default`,onClick:B,loading:M||P,fullWidth:!0,children:n.passkey}),V,(0,x.jsxs)(`p`,{className:`row small`,children:[(0,x.jsx)(`a`,{href:`/forgot-password`,children:n.forgot}),` `,(0,x.jsx)(`a`,{href:`/sign-up`,children:n.signUp})]})]}),d&&d.people.length>0&&(0,x.jsxs)(`section`,{"aria-label":n.demo,children:[(0,x.jsx)(`p`,{className:`or`,children:n.demo}),(0,x.jsx)(`ul`,{className:`demo`,children:d.people.map(e=>(0,x.jsx)(`li`,{children:(0,x.jsxs)(`button`,{type:`button`,className:`plain pick`,disabled:_,onClick:()=>void z({email:e.email,password:d.password}).then(e=>L(e.map(u).join(` `))),children:[(0,x.jsx)(l,{name:e.name}),(0,x.jsxs)(`span`,{className:`grow`,children:[(0,x.jsx)(`strong`,{children:e.name}),(0,x.jsx)(`span`,{className:`faint small cut`,children:e.about})]})]})},e.email))}),(0,x.jsx)(`p`,{className:`faint small`,children:n.demoNote})]})]})}function j({children:e}){return(0,x.jsx)(`div`,{className:`door`,children:(0,x.jsxs)(`main`,{className:`card`,children:[(0,x.jsxs)(`p`,{className:`brand`,children:[(0,x.jsx)(o,{}),`Tenantry`]}),e]})})}export{A as default};