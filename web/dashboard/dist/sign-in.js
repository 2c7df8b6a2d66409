const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["ask.js","rolldown-runtime.js","base.js","react.js","fields.js","action.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime.js";import{D as t,Et as n,O as r,T as i,Tt as a,a as o,d as s,g as c,k as l,n as u,v as d,w as f}from"./base.js";import{a as p,i as m,n as h,r as g,t as _}from"./fields.js";import{d as v,l as y}from"./react.js";import{n as b,r as x}from"./passkey.js";var S=e(v(),1),C=y(),w=(0,S.lazy)(()=>c(()=>import(`./ask.js`),__vite__mapDeps([0,1,2,3,4,5]))),T=i({en:{title:`Sign in`,email:`Email address`,password:`Password`,signIn:`Sign in`,passkey:`Sign in with a passkey`,through:e=>`Sign in with ${e}`,forgot:`Forgot your password?`,signUp:`New here? Sign up`,noPasskey:`No passkey was used. Try again, or sign in with your password.`,step:`One more step`,stepText:e=>`The sign-in of ${e} is protected by a second factor.`,code:`Code`,codeApp:`The six digits of your authenticator app, or a recovery code`,codeRecovery:`A recovery code`,usePasskey:`Use a passkey`,again:`Begin again`,stuck:`It is a passkey, and this browser cannot use one here. Sign in with another browser.`,demo:`or come in as somebody from the demo`,demoNote:`Only on this machine: the demo data has the same password for everybody.`},de:{title:`Anmelden`,email:`E-Mail-Adresse`,password:`Passwort`,signIn:`Anmelden`,passkey:`Mit Passkey anmelden`,through:e=>`Mit ${e} anmelden`,forgot:`Passwort vergessen?`,signUp:`Neu hier? Registrieren`,noPasskey:`Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal, oder nehmen Sie Ihr Passwort.`,step:`Noch ein Schritt`,stepText:e=>`Die Anmeldung von ${e} ist durch einen zweiten Faktor geschützt.`,code:`Code`,codeApp:`Die sechs Ziffern Ihrer Authenticator-App oder ein Wiederherstellungscode`,codeRecovery:`Ein Wiederherstellungscode`,usePasskey:`Passkey verwenden`,again:`Von vorn beginnen`,stuck:`Es ist ein Passkey, und dieser Browser kann hier keinen verwenden. Melden Sie sich mit einem anderen an.`,demo:`oder als jemand aus der Demo eintreten`,demoNote:`Nur auf diesem Rechner: In den Demodaten haben alle dasselbe Passwort.`}}),E=r(`
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
`),D=r(`
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
`),O=r(`
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
`),k=r(`
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
`),A=r(`
  query SignInProviders {
    signInProviders {
      key
      label
    }
  }
`),j=r(`
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
`),M=r(`
  mutation SignOut {
    signOut {
      signedOut
      errors {
        code
      }
    }
  }
`);function N({name:e,label:t,type:n,complete:r,description:i,focus:a,letters:o}){let s={...h(e),label:t,autoComplete:r,required:!0,withAsterisk:!1,description:i,"data-autofocus":a,autoFocus:a};return n===`password`?(0,C.jsx)(m,{...s}):(0,C.jsx)(g,{...s,type:n,spellCheck:!1,autoCapitalize:o?`characters`:`none`})}function P(){let[e,t]=(0,S.useState)(null);return(0,S.useEffect)(()=>{fetch(`/dashboard/demo.json`).then(e=>e.json()).then(t,()=>{})},[]),e}function F({pending:e}){let r=f(T),i=n(),c=o(),d=P(),[m,h]=u(E),[g,v]=u(D),[y,F]=u(O),[L,R]=u(k),[z]=u(M),[B,V]=u(j),[H,U]=(0,S.useState)(``),[W,G]=(0,S.useState)(null),K=a(A,{skip:!!e}).data?.signInProviders??[];(0,S.useEffect)(()=>{W||(document.title=`${e?r.step:r.title} · Tenantry`)},[e,W,r]);let q=()=>i.refetchQueries({include:[t]});async function J(e){let{refusals:t}=await m({input:e});return t.length||await q(),t}async function Y(){U(``);let e=await y({});if(e.refusals.length||!e.payload?.ceremonyId)return U(e.refusals.map(c).join(` `));let t=await x(e.payload.options);if(!t)return U(r.noPasskey);let n=await L({input:{ceremonyId:e.payload.ceremonyId,credential:t}});if(n.refusals.length)return U(n.refusals.map(c).join(` `));await q()}async function X(e){U(``);let{payload:t,refusals:n}=await B({input:{provider:e,returnTo:location.pathname+location.search}});t?.url?location.assign(t.url):U(n.map(c).join(` `))}let Z=H&&(0,C.jsx)(p,{color:`red`,role:`alert`,children:H});if(e){let t=e.secondFactors.includes(`TOTP`),n=t||e.secondFactors.includes(`RECOVERY_CODE`),i=e.secondFactors.includes(`PASSKEY`)&&b;return(0,C.jsxs)(I,{children:[(0,C.jsx)(`h1`,{children:r.step}),(0,C.jsxs)(`div`,{className:`stack`,children:[(0,C.jsx)(`p`,{children:r.stepText(e.maskedEmail)}),i&&(0,C.jsx)(l,{onClick:Y,loading:F||R,fullWidth:!0,children:r.usePasskey}),Z,n&&(0,C.jsxs)(_,{send:async e=>{let{refusals:t}=await g({input:{code:e.code??``}});return t.length||await q(),t},children:[(0,C.jsx)(N,{name:`code`,label:r.code,complete:`one-time-code`,description:t?r.codeApp:r.codeRecovery,focus:!0,letters:!0}),(0,C.jsx)(l,{type:`submit`,loading:v,variant:i?`default`:`filled`,fullWidth:!0,children:r.signIn})]}),!n&&!i&&(0,C.jsx)(`p`,{children:r.stuck}),(0,C.jsx)(l,{variant:`subtle`,onClick:async()=>{await z({}),await q()},children:r.again})]})]})}return W?(0,C.jsx)(I,{children:(0,C.jsx)(S.Suspense,{children:(0,C.jsx)(w,{what:W,mailbox:!!d,back:()=>G(null)})})}):(0,C.jsxs)(I,{children:[(0,C.jsx)(`h1`,{children:r.title}),(0,C.jsxs)(`div`,{className:`stack`,children:[(0,C.jsxs)(_,{send:e=>J({email:e.email??``,password:e.password??``}),children:[(0,C.jsx)(N,{name:`email`,label:r.email,type:`email`,complete:`username`,focus:!0}),(0,C.jsx)(N,{name:`password`,label:r.password,type:`password`,complete:`current-password`}),(0,C.jsx)(l,{type:`submit`,loading:h,fullWidth:!0,children:r.signIn})]}),b&&(0,C.jsx)(l,{variant:`default`,onClick:Y,loading:F||R,fullWidth:!0,children:r.passkey}),K.map(e=>(0,C.jsx)(l,{variant:`default`,onClick:()=>void X(e.key),loading:V,fullWidth:!0,children:r.through(e.label)},e.key)),Z,(0,C.jsxs)(`p`,{className:`row small`,children:[(0,C.jsx)(`button`,{type:`button`,className:`plain link`,onClick:()=>G(`forgot`),children:r.forgot}),(0,C.jsx)(`button`,{type:`button`,className:`plain link`,onClick:()=>G(`up`),children:r.signUp})]})]}),d&&d.people.length>0&&(0,C.jsxs)(`section`,{"aria-label":r.demo,children:[(0,C.jsx)(`p`,{className:`or`,children:r.demo}),(0,C.jsx)(`ul`,{className:`demo`,children:d.people.map(e=>(0,C.jsx)(`li`,{children:(0,C.jsxs)(`button`,{type:`button`,className:`plain pick`,disabled:h,onClick:()=>void J({email:e.email,password:d.password}).then(e=>U(e.map(c).join(` `))),children:[(0,C.jsx)(s,{name:e.name}),(0,C.jsxs)(`span`,{className:`grow`,children:[(0,C.jsx)(`strong`,{children:e.name}),(0,C.jsx)(`span`,{className:`faint small cut`,children:e.about})]})]})},e.email))}),(0,C.jsx)(`p`,{className:`faint small`,children:r.demoNote})]})]})}function I({children:e}){return(0,C.jsx)(`div`,{className:`door`,children:(0,C.jsxs)(`main`,{className:`card`,children:[(0,C.jsxs)(`p`,{className:`brand`,children:[(0,C.jsx)(d,{}),`Tenantry`]}),e]})})}export{F as default};