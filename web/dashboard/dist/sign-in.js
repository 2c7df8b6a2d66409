const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["./ask.js","./rolldown-runtime.js","./base.js","./react.js","./fields.js","./action.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime.js";import{I as t,L as n,N as r,Nt as i,O as a,S as o,f as s,k as c,n as l,o as u,v as d,x as f}from"./base.js";import{a as p,i as m,n as h,r as g,t as _}from"./fields.js";import{d as v,l as y}from"./react.js";import{n as b,r as x}from"./passkey.js";var S=e(v(),1),C=y(),w=f(()=>o(()=>import(`./ask.js`),__vite__mapDeps([0,1,2,3,4,5]),import.meta.url)),T=c({en:{title:`Sign in`,ended:`Your session has ended. Sign in to go on where you were.`,email:`Email address`,password:`Password`,signIn:`Sign in`,passkey:`Sign in with a passkey`,through:e=>`Sign in with ${e}`,forgot:`Forgot your password?`,signUp:`New here? Sign up`,noPasskey:`No passkey was used. Try again, or sign in with your password.`,step:`One more step`,stepText:e=>`The sign-in of ${e} is protected by a second factor.`,code:`Code`,codeApp:`The six digits of your authenticator app, or a recovery code`,codeRecovery:`A recovery code`,usePasskey:`Use a passkey`,again:`Begin again`,stuck:`It is a passkey, and this browser cannot use one here. Sign in with another browser.`,demo:`or come in as somebody from the demo`,demoNote:`Only on this machine: the demo data has the same password for everybody.`},de:{title:`Anmelden`,ended:`Ihre Sitzung ist beendet. Melden Sie sich an, um hier weiterzumachen.`,email:`E-Mail-Adresse`,password:`Passwort`,signIn:`Anmelden`,passkey:`Mit Passkey anmelden`,through:e=>`Mit ${e} anmelden`,forgot:`Passwort vergessen?`,signUp:`Neu hier? Registrieren`,noPasskey:`Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal, oder nehmen Sie Ihr Passwort.`,step:`Noch ein Schritt`,stepText:e=>`Die Anmeldung von ${e} ist durch einen zweiten Faktor geschützt.`,code:`Code`,codeApp:`Die sechs Ziffern Ihrer Authenticator-App oder ein Wiederherstellungscode`,codeRecovery:`Ein Wiederherstellungscode`,usePasskey:`Passkey verwenden`,again:`Von vorn beginnen`,stuck:`Es ist ein Passkey, und dieser Browser kann hier keinen verwenden. Melden Sie sich mit einem anderen an.`,demo:`oder als jemand aus der Demo eintreten`,demoNote:`Nur auf diesem Rechner: In den Demodaten haben alle dasselbe Passwort.`}}),E=t(`
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
`),D=t(`
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
`),O=t(`
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
`),k=t(`
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
`),A=t(`
  query SignInProviders {
    signInProviders {
      key
      label
    }
  }
`),j=t(`
  mutation StartOpenIdSignIn($input: StartOpenIdSignInInput!) {
    startOpenIdSignIn(input: $input) {
      url
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),M=t(`
  mutation SignOut {
    signOut {
      signedOut
      errors {
        code
        message
      }
    }
  }
`);function N({name:e,label:t,type:n,complete:r,description:i,focus:a,letters:o}){let s={...h(e),label:t,autoComplete:r,required:!0,withAsterisk:!1,description:i,"data-autofocus":a,autoFocus:a};return n===`password`?(0,C.jsx)(m,{...s}):(0,C.jsx)(g,{...s,type:n,spellCheck:!1,autoCapitalize:o?`characters`:`none`})}function P(){let[e,t]=(0,S.useState)(null);return(0,S.useEffect)(()=>{fetch(`/dashboard/demo.json`).then(e=>e.json()).then(t,()=>{})},[]),e}function F({pending:e,ended:t}){let o=a(T),c=u(),d=P(),[f,m]=l(E),[h,g]=l(D),[v,y]=l(O),[F,L]=l(k),[R]=l(M),[z,B]=l(j),[V,H]=(0,S.useState)(``),[U,W]=(0,S.useState)(null),G=i(A,{skip:!!e}).data?.signInProviders??[];(0,S.useEffect)(()=>{U||(document.title=`${e?o.step:o.title} · Tenantry`)},[e,U,o]);async function K(e){let{refusals:t}=await f({input:e});return t.length||await r(),t}async function q(){H(``);let e=await v({});if(e.refusals.length||!e.payload?.ceremonyId)return H(e.refusals.map(c).join(` `));let t=await x(e.payload.options);if(!t)return H(o.noPasskey);let n=await F({input:{ceremonyId:e.payload.ceremonyId,credential:t}});if(n.refusals.length)return H(n.refusals.map(c).join(` `));await r()}async function J(e){H(``);let{payload:t,refusals:n}=await z({input:{provider:e,returnTo:location.pathname+location.search}});t?.url?location.assign(t.url):H(n.map(c).join(` `))}let Y=V&&(0,C.jsx)(p,{color:`red`,role:`alert`,children:V});if(e){let t=e.secondFactors.includes(`TOTP`),i=t||e.secondFactors.includes(`RECOVERY_CODE`),a=e.secondFactors.includes(`PASSKEY`)&&b;return(0,C.jsxs)(I,{children:[(0,C.jsx)(`h1`,{children:o.step}),(0,C.jsxs)(`div`,{className:`stack`,children:[(0,C.jsx)(`p`,{children:o.stepText(e.maskedEmail)}),a&&(0,C.jsx)(n,{onClick:q,loading:y||L,fullWidth:!0,children:o.usePasskey}),Y,i&&(0,C.jsxs)(_,{send:async e=>{let{refusals:t}=await h({input:{code:e.code??``}});return t.length||await r(),t},children:[(0,C.jsx)(N,{name:`code`,label:o.code,complete:`one-time-code`,description:t?o.codeApp:o.codeRecovery,focus:!0,letters:!0}),(0,C.jsx)(n,{type:`submit`,loading:g,variant:a?`default`:`filled`,fullWidth:!0,children:o.signIn})]}),!i&&!a&&(0,C.jsx)(`p`,{children:o.stuck}),(0,C.jsx)(n,{variant:`subtle`,onClick:async()=>{let{refusals:e}=await R({});H(e.map(c).join(` `)),await r()},children:o.again})]})]})}return U?(0,C.jsx)(I,{children:(0,C.jsx)(S.Suspense,{children:(0,C.jsx)(w,{what:U,mailbox:!!d,back:()=>W(null)})})}):(0,C.jsxs)(I,{children:[(0,C.jsx)(`h1`,{children:o.title}),t&&(0,C.jsx)(`p`,{className:`ended`,role:`alert`,children:o.ended}),(0,C.jsxs)(`div`,{className:`stack`,children:[(0,C.jsxs)(_,{send:e=>K({email:e.email??``,password:e.password??``}),children:[(0,C.jsx)(N,{name:`email`,label:o.email,type:`email`,complete:`username`,focus:!0}),(0,C.jsx)(N,{name:`password`,label:o.password,type:`password`,complete:`current-password`}),(0,C.jsx)(n,{type:`submit`,loading:m,fullWidth:!0,children:o.signIn})]}),b&&(0,C.jsx)(n,{variant:`default`,onClick:q,loading:y||L,fullWidth:!0,children:o.passkey}),G.map(e=>(0,C.jsx)(n,{variant:`default`,onClick:()=>void J(e.key),loading:B,fullWidth:!0,children:o.through(e.label)},e.key)),Y,(0,C.jsxs)(`p`,{className:`row small`,children:[(0,C.jsx)(`button`,{type:`button`,className:`plain link`,onClick:()=>W(`forgot`),children:o.forgot}),(0,C.jsx)(`button`,{type:`button`,className:`plain link`,onClick:()=>W(`up`),children:o.signUp})]})]}),d&&d.people.length>0&&(0,C.jsxs)(`section`,{"aria-label":o.demo,children:[(0,C.jsx)(`p`,{className:`or`,children:o.demo}),(0,C.jsx)(`ul`,{className:`demo`,children:d.people.map(e=>(0,C.jsx)(`li`,{children:(0,C.jsxs)(`button`,{type:`button`,className:`plain pick`,disabled:m,onClick:()=>void K({email:e.email,password:d.password}).then(e=>H(e.map(c).join(` `))),children:[(0,C.jsx)(s,{name:e.name}),(0,C.jsxs)(`span`,{className:`grow`,children:[(0,C.jsx)(`strong`,{children:e.name}),(0,C.jsx)(`span`,{className:`faint small cut`,children:e.about})]})]})},e.email))}),(0,C.jsx)(`p`,{className:`faint small`,children:o.demoNote})]})]})}function I({children:e}){return(0,C.jsx)(`div`,{className:`door`,children:(0,C.jsxs)(`main`,{className:`card`,children:[(0,C.jsxs)(`p`,{className:`brand`,children:[(0,C.jsx)(d,{}),`Tenantry`]}),e]})})}export{F as default};