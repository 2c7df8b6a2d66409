const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["./ask.js","./rolldown-runtime.js","./base.js","./react.js","./fields.js","./action.js"])))=>i.map(i=>d[i]);
import{r as e}from"./rolldown-runtime.js";import{F as t,I as n,Mt as r,N as i,O as a,Pt as o,S as s,_ as c,f as l,k as u,n as d,o as f,y as p}from"./base.js";import{a as m,i as h,n as g,r as _,t as v}from"./fields.js";import{d as y,l as b}from"./react.js";import{n as x,r as S}from"./passkey.js";var C=e(y(),1),w=b(),T=s(()=>c(()=>import(`./ask.js`),__vite__mapDeps([0,1,2,3,4,5]),import.meta.url)),E=u({en:{title:`Sign in`,ended:`Your session has ended. Sign in to go on where you were.`,email:`Email address`,password:`Password`,signIn:`Sign in`,passkey:`Sign in with a passkey`,through:e=>`Sign in with ${e}`,forgot:`Forgot your password?`,signUp:`New here? Sign up`,noPasskey:`No passkey was used. Try again, or sign in with your password.`,step:`One more step`,stepText:e=>`The sign-in of ${e} is protected by a second factor.`,code:`Code`,codeApp:`The six digits of your authenticator app, or a recovery code`,codeRecovery:`A recovery code`,usePasskey:`Use a passkey`,again:`Begin again`,stuck:`It is a passkey, and this browser cannot use one here. Sign in with another browser.`,demo:`or come in as somebody from the demo`,demoNote:`Only on this machine: the demo data has the same password for everybody.`},de:{title:`Anmelden`,ended:`Ihre Sitzung ist beendet. Melden Sie sich an, um hier weiterzumachen.`,email:`E-Mail-Adresse`,password:`Passwort`,signIn:`Anmelden`,passkey:`Mit Passkey anmelden`,through:e=>`Mit ${e} anmelden`,forgot:`Passwort vergessen?`,signUp:`Neu hier? Registrieren`,noPasskey:`Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal, oder nehmen Sie Ihr Passwort.`,step:`Noch ein Schritt`,stepText:e=>`Die Anmeldung von ${e} ist durch einen zweiten Faktor geschützt.`,code:`Code`,codeApp:`Die sechs Ziffern Ihrer Authenticator-App oder ein Wiederherstellungscode`,codeRecovery:`Ein Wiederherstellungscode`,usePasskey:`Passkey verwenden`,again:`Von vorn beginnen`,stuck:`Es ist ein Passkey, und dieser Browser kann hier keinen verwenden. Melden Sie sich mit einem anderen an.`,demo:`oder als jemand aus der Demo eintreten`,demoNote:`Nur auf diesem Rechner: In den Demodaten haben alle dasselbe Passwort.`}}),D=t(`
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
`),O=t(`
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
`),k=t(`
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
`),A=t(`
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
`),j=t(`
  query SignInProviders {
    signInProviders {
      key
      label
    }
  }
`),M=t(`
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
`),N=t(`
  mutation SignOut {
    signOut {
      signedOut
      errors {
        code
        message
      }
    }
  }
`);function P({name:e,label:t,type:n,complete:r,description:i,focus:a,letters:o}){let s={...g(e),label:t,autoComplete:r,required:!0,withAsterisk:!1,description:i,"data-autofocus":a,autoFocus:a};return n===`password`?(0,w.jsx)(h,{...s}):(0,w.jsx)(_,{...s,type:n,spellCheck:!1,autoCapitalize:o?`characters`:`none`})}function F(){let[e,t]=(0,C.useState)(null);return(0,C.useEffect)(()=>{fetch(`/dashboard/demo.json`).then(e=>e.json()).then(t,()=>{})},[]),e}function I({pending:e,ended:t}){let s=a(E),c=o(),u=f(),p=F(),[h,g]=d(D),[_,y]=d(O),[b,I]=d(k),[R,z]=d(A),[B]=d(N),[V,H]=d(M),[U,W]=(0,C.useState)(``),[G,K]=(0,C.useState)(null),q=r(j,{skip:!!e}).data?.signInProviders??[];(0,C.useEffect)(()=>{G||(document.title=`${e?s.step:s.title} · Tenantry`)},[e,G,s]);let J=()=>c.refetchQueries({include:[i]});async function Y(e){let{refusals:t}=await h({input:e});return t.length||await J(),t}async function X(){W(``);let e=await b({});if(e.refusals.length||!e.payload?.ceremonyId)return W(e.refusals.map(u).join(` `));let t=await S(e.payload.options);if(!t)return W(s.noPasskey);let n=await R({input:{ceremonyId:e.payload.ceremonyId,credential:t}});if(n.refusals.length)return W(n.refusals.map(u).join(` `));await J()}async function Z(e){W(``);let{payload:t,refusals:n}=await V({input:{provider:e,returnTo:location.pathname+location.search}});t?.url?location.assign(t.url):W(n.map(u).join(` `))}let Q=U&&(0,w.jsx)(m,{color:`red`,role:`alert`,children:U});if(e){let t=e.secondFactors.includes(`TOTP`),r=t||e.secondFactors.includes(`RECOVERY_CODE`),i=e.secondFactors.includes(`PASSKEY`)&&x;return(0,w.jsxs)(L,{children:[(0,w.jsx)(`h1`,{children:s.step}),(0,w.jsxs)(`div`,{className:`stack`,children:[(0,w.jsx)(`p`,{children:s.stepText(e.maskedEmail)}),i&&(0,w.jsx)(n,{onClick:X,loading:I||z,fullWidth:!0,children:s.usePasskey}),Q,r&&(0,w.jsxs)(v,{send:async e=>{let{refusals:t}=await _({input:{code:e.code??``}});return t.length||await J(),t},children:[(0,w.jsx)(P,{name:`code`,label:s.code,complete:`one-time-code`,description:t?s.codeApp:s.codeRecovery,focus:!0,letters:!0}),(0,w.jsx)(n,{type:`submit`,loading:y,variant:i?`default`:`filled`,fullWidth:!0,children:s.signIn})]}),!r&&!i&&(0,w.jsx)(`p`,{children:s.stuck}),(0,w.jsx)(n,{variant:`subtle`,onClick:async()=>{let{refusals:e}=await B({});W(e.map(u).join(` `)),await J()},children:s.again})]})]})}return G?(0,w.jsx)(L,{children:(0,w.jsx)(C.Suspense,{children:(0,w.jsx)(T,{what:G,mailbox:!!p,back:()=>K(null)})})}):(0,w.jsxs)(L,{children:[(0,w.jsx)(`h1`,{children:s.title}),t&&(0,w.jsx)(`p`,{className:`ended`,role:`alert`,children:s.ended}),(0,w.jsxs)(`div`,{className:`stack`,children:[(0,w.jsxs)(v,{send:e=>Y({email:e.email??``,password:e.password??``}),children:[(0,w.jsx)(P,{name:`email`,label:s.email,type:`email`,complete:`username`,focus:!0}),(0,w.jsx)(P,{name:`password`,label:s.password,type:`password`,complete:`current-password`}),(0,w.jsx)(n,{type:`submit`,loading:g,fullWidth:!0,children:s.signIn})]}),x&&(0,w.jsx)(n,{variant:`default`,onClick:X,loading:I||z,fullWidth:!0,children:s.passkey}),q.map(e=>(0,w.jsx)(n,{variant:`default`,onClick:()=>void Z(e.key),loading:H,fullWidth:!0,children:s.through(e.label)},e.key)),Q,(0,w.jsxs)(`p`,{className:`row small`,children:[(0,w.jsx)(`button`,{type:`button`,className:`plain link`,onClick:()=>K(`forgot`),children:s.forgot}),(0,w.jsx)(`button`,{type:`button`,className:`plain link`,onClick:()=>K(`up`),children:s.signUp})]})]}),p&&p.people.length>0&&(0,w.jsxs)(`section`,{"aria-label":s.demo,children:[(0,w.jsx)(`p`,{className:`or`,children:s.demo}),(0,w.jsx)(`ul`,{className:`demo`,children:p.people.map(e=>(0,w.jsx)(`li`,{children:(0,w.jsxs)(`button`,{type:`button`,className:`plain pick`,disabled:g,onClick:()=>void Y({email:e.email,password:p.password}).then(e=>W(e.map(u).join(` `))),children:[(0,w.jsx)(l,{name:e.name}),(0,w.jsxs)(`span`,{className:`grow`,children:[(0,w.jsx)(`strong`,{children:e.name}),(0,w.jsx)(`span`,{className:`faint small cut`,children:e.about})]})]})},e.email))}),(0,w.jsx)(`p`,{className:`faint small`,children:s.demoNote})]})]})}function L({children:e}){return(0,w.jsx)(`div`,{className:`door`,children:(0,w.jsxs)(`main`,{className:`card`,children:[(0,w.jsxs)(`p`,{className:`brand`,children:[(0,w.jsx)(p,{}),`Tenantry`]}),e]})})}export{I as default};