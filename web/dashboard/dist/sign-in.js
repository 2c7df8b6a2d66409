const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["ask.js","rolldown-runtime.js","base.js","react.js","fields.js","action.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime.js";import{At as t,E as n,M as r,Ot as i,T as a,_ as o,f as s,j as c,k as l,n as u,o as d,y as f}from"./base.js";import{a as p,i as m,n as h,r as g,t as _}from"./fields.js";import{d as v,l as y}from"./react.js";import{n as b,r as x}from"./passkey.js";var S=e(v(),1),C=y(),w=(0,S.lazy)(()=>o(()=>import(`./ask.js`),__vite__mapDeps([0,1,2,3,4,5]))),T=n({en:{title:`Sign in`,ended:`Your session has ended. Sign in to go on where you were.`,email:`Email address`,password:`Password`,signIn:`Sign in`,passkey:`Sign in with a passkey`,through:e=>`Sign in with ${e}`,forgot:`Forgot your password?`,signUp:`New here? Sign up`,noPasskey:`No passkey was used. Try again, or sign in with your password.`,step:`One more step`,stepText:e=>`The sign-in of ${e} is protected by a second factor.`,code:`Code`,codeApp:`The six digits of your authenticator app, or a recovery code`,codeRecovery:`A recovery code`,usePasskey:`Use a passkey`,again:`Begin again`,stuck:`It is a passkey, and this browser cannot use one here. Sign in with another browser.`,demo:`or come in as somebody from the demo`,demoNote:`Only on this machine: the demo data has the same password for everybody.`},de:{title:`Anmelden`,ended:`Ihre Sitzung ist beendet. Melden Sie sich an, um hier weiterzumachen.`,email:`E-Mail-Adresse`,password:`Passwort`,signIn:`Anmelden`,passkey:`Mit Passkey anmelden`,through:e=>`Mit ${e} anmelden`,forgot:`Passwort vergessen?`,signUp:`Neu hier? Registrieren`,noPasskey:`Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal, oder nehmen Sie Ihr Passwort.`,step:`Noch ein Schritt`,stepText:e=>`Die Anmeldung von ${e} ist durch einen zweiten Faktor geschützt.`,code:`Code`,codeApp:`Die sechs Ziffern Ihrer Authenticator-App oder ein Wiederherstellungscode`,codeRecovery:`Ein Wiederherstellungscode`,usePasskey:`Passkey verwenden`,again:`Von vorn beginnen`,stuck:`Es ist ein Passkey, und dieser Browser kann hier keinen verwenden. Melden Sie sich mit einem anderen an.`,demo:`oder als jemand aus der Demo eintreten`,demoNote:`Nur auf diesem Rechner: In den Demodaten haben alle dasselbe Passwort.`}}),E=c(`
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
`),D=c(`
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
`),O=c(`
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
`),k=c(`
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
`),A=c(`
  query SignInProviders {
    signInProviders {
      key
      label
    }
  }
`),j=c(`
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
`),M=c(`
  mutation SignOut {
    signOut {
      signedOut
      errors {
        code
      }
    }
  }
`);function N({name:e,label:t,type:n,complete:r,description:i,focus:a,letters:o}){let s={...h(e),label:t,autoComplete:r,required:!0,withAsterisk:!1,description:i,"data-autofocus":a,autoFocus:a};return n===`password`?(0,C.jsx)(m,{...s}):(0,C.jsx)(g,{...s,type:n,spellCheck:!1,autoCapitalize:o?`characters`:`none`})}function P(){let[e,t]=(0,S.useState)(null);return(0,S.useEffect)(()=>{fetch(`/dashboard/demo.json`).then(e=>e.json()).then(t,()=>{})},[]),e}function F({pending:e,ended:n}){let o=a(T),c=t(),f=d(),m=P(),[h,g]=u(E),[v,y]=u(D),[F,L]=u(O),[R,z]=u(k),[B]=u(M),[V,H]=u(j),[U,W]=(0,S.useState)(``),[G,K]=(0,S.useState)(null),q=i(A,{skip:!!e}).data?.signInProviders??[];(0,S.useEffect)(()=>{G||(document.title=`${e?o.step:o.title} · Tenantry`)},[e,G,o]);let J=()=>c.refetchQueries({include:[l]});async function Y(e){let{refusals:t}=await h({input:e});return t.length||await J(),t}async function X(){W(``);let e=await F({});if(e.refusals.length||!e.payload?.ceremonyId)return W(e.refusals.map(f).join(` `));let t=await x(e.payload.options);if(!t)return W(o.noPasskey);let n=await R({input:{ceremonyId:e.payload.ceremonyId,credential:t}});if(n.refusals.length)return W(n.refusals.map(f).join(` `));await J()}async function Z(e){W(``);let{payload:t,refusals:n}=await V({input:{provider:e,returnTo:location.pathname+location.search}});t?.url?location.assign(t.url):W(n.map(f).join(` `))}let Q=U&&(0,C.jsx)(p,{color:`red`,role:`alert`,children:U});if(e){let t=e.secondFactors.includes(`TOTP`),n=t||e.secondFactors.includes(`RECOVERY_CODE`),i=e.secondFactors.includes(`PASSKEY`)&&b;return(0,C.jsxs)(I,{children:[(0,C.jsx)(`h1`,{children:o.step}),(0,C.jsxs)(`div`,{className:`stack`,children:[(0,C.jsx)(`p`,{children:o.stepText(e.maskedEmail)}),i&&(0,C.jsx)(r,{onClick:X,loading:L||z,fullWidth:!0,children:o.usePasskey}),Q,n&&(0,C.jsxs)(_,{send:async e=>{let{refusals:t}=await v({input:{code:e.code??``}});return t.length||await J(),t},children:[(0,C.jsx)(N,{name:`code`,label:o.code,complete:`one-time-code`,description:t?o.codeApp:o.codeRecovery,focus:!0,letters:!0}),(0,C.jsx)(r,{type:`submit`,loading:y,variant:i?`default`:`filled`,fullWidth:!0,children:o.signIn})]}),!n&&!i&&(0,C.jsx)(`p`,{children:o.stuck}),(0,C.jsx)(r,{variant:`subtle`,onClick:async()=>{await B({}),await J()},children:o.again})]})]})}return G?(0,C.jsx)(I,{children:(0,C.jsx)(S.Suspense,{children:(0,C.jsx)(w,{what:G,mailbox:!!m,back:()=>K(null)})})}):(0,C.jsxs)(I,{children:[(0,C.jsx)(`h1`,{children:o.title}),n&&(0,C.jsx)(`p`,{className:`ended`,role:`alert`,children:o.ended}),(0,C.jsxs)(`div`,{className:`stack`,children:[(0,C.jsxs)(_,{send:e=>Y({email:e.email??``,password:e.password??``}),children:[(0,C.jsx)(N,{name:`email`,label:o.email,type:`email`,complete:`username`,focus:!0}),(0,C.jsx)(N,{name:`password`,label:o.password,type:`password`,complete:`current-password`}),(0,C.jsx)(r,{type:`submit`,loading:g,fullWidth:!0,children:o.signIn})]}),b&&(0,C.jsx)(r,{variant:`default`,onClick:X,loading:L||z,fullWidth:!0,children:o.passkey}),q.map(e=>(0,C.jsx)(r,{variant:`default`,onClick:()=>void Z(e.key),loading:H,fullWidth:!0,children:o.through(e.label)},e.key)),Q,(0,C.jsxs)(`p`,{className:`row small`,children:[(0,C.jsx)(`button`,{type:`button`,className:`plain link`,onClick:()=>K(`forgot`),children:o.forgot}),(0,C.jsx)(`button`,{type:`button`,className:`plain link`,onClick:()=>K(`up`),children:o.signUp})]})]}),m&&m.people.length>0&&(0,C.jsxs)(`section`,{"aria-label":o.demo,children:[(0,C.jsx)(`p`,{className:`or`,children:o.demo}),(0,C.jsx)(`ul`,{className:`demo`,children:m.people.map(e=>(0,C.jsx)(`li`,{children:(0,C.jsxs)(`button`,{type:`button`,className:`plain pick`,disabled:g,onClick:()=>void Y({email:e.email,password:m.password}).then(e=>W(e.map(f).join(` `))),children:[(0,C.jsx)(s,{name:e.name}),(0,C.jsxs)(`span`,{className:`grow`,children:[(0,C.jsx)(`strong`,{children:e.name}),(0,C.jsx)(`span`,{className:`faint small cut`,children:e.about})]})]})},e.email))}),(0,C.jsx)(`p`,{className:`faint small`,children:o.demoNote})]})]})}function I({children:e}){return(0,C.jsx)(`div`,{className:`door`,children:(0,C.jsxs)(`main`,{className:`card`,children:[(0,C.jsxs)(`p`,{className:`brand`,children:[(0,C.jsx)(f,{}),`Tenantry`]}),e]})})}export{F as default};