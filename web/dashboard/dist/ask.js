import{r as e}from"./rolldown-runtime.js";import{E as t,M as n,T as r,j as i,n as a,w as o}from"./base.js";import{n as s,r as c,t as l}from"./fields.js";import{d as u,l as d}from"./react.js";var f=e(u(),1),p=d(),m=t({en:{up:`Sign up`,upText:`We send a link to your address. Behind it you choose a password, and you are in.`,name:`Your name`,email:`Email address`,send:`Send the link`,forgot:`A new password`,forgotText:`We send a link to your address. It is good for 30 minutes and keeps your second factor.`,mailed:`Look into your mail`,mailedText:e=>`If ${e} can be reached, a mail is on its way there. It says what to do next; look into your spam folder as well.`,mailbox:`Open the mailbox of this machine`,back:`Back to signing in`},de:{up:`Registrieren`,upText:`Wir schicken einen Link an Ihre Adresse. Dahinter wählen Sie ein Passwort, und Sie sind drin.`,name:`Ihr Name`,email:`E-Mail-Adresse`,send:`Link schicken`,forgot:`Ein neues Passwort`,forgotText:`Wir schicken einen Link an Ihre Adresse. Er gilt 30 Minuten, und Ihr zweiter Faktor bleibt.`,mailed:`Sehen Sie in Ihre Mail`,mailedText:e=>`Wenn ${e} erreichbar ist, ist eine Mail dorthin unterwegs. Darin steht, wie es weitergeht; sehen Sie auch im Spam-Ordner nach.`,mailbox:`Das Postfach dieses Rechners öffnen`,back:`Zurück zur Anmeldung`}}),h=i(`
  mutation SignUp($input: SignUpInput!) {
    signUp(input: $input) {
      mailed
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),g=i(`
  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
    requestPasswordReset(input: $input) {
      mailed
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`);function _(){let e=r(m);return(0,p.jsx)(c,{...s(`name`),label:e.name,autoComplete:`name`,required:!0,withAsterisk:!1,maxLength:100,autoFocus:!0})}function v({focus:e}){let t=r(m);return(0,p.jsx)(c,{...s(`email`),label:t.email,type:`email`,autoComplete:`username`,required:!0,withAsterisk:!1,autoFocus:e})}function y({what:e,mailbox:t,back:i}){let s=r(m),{language:c}=o(),[u,d]=a(h),[y,b]=a(g),[x,S]=(0,f.useState)(``),C=(0,f.useRef)(null);return(0,f.useEffect)(()=>{x&&C.current?.focus()},[x]),(0,f.useEffect)(()=>{document.title=`${s[e]} · Tenantry`},[s,e]),(0,p.jsxs)(p.Fragment,{children:[(0,p.jsx)(`h1`,{ref:C,tabIndex:-1,children:x?s.mailed:s[e]}),(0,p.jsxs)(`div`,{className:`stack`,children:[x?(0,p.jsxs)(p.Fragment,{children:[(0,p.jsx)(`p`,{className:`wrap`,children:s.mailedText(x)}),t&&(0,p.jsx)(`p`,{children:(0,p.jsx)(`a`,{href:`/dev/mail`,children:s.mailbox})})]}):(0,p.jsxs)(l,{send:async({name:t,email:n=``})=>{let{refusals:r}=e===`up`?await u({input:{name:t,email:n,locale:c}}):await y({input:{email:n}});return r.length||S(n),r},children:[(0,p.jsx)(`p`,{className:`faint`,children:s[`${e}Text`]}),e===`up`&&(0,p.jsx)(_,{}),(0,p.jsx)(v,{focus:e===`forgot`}),(0,p.jsx)(n,{type:`submit`,loading:d||b,fullWidth:!0,children:s.send})]}),(0,p.jsx)(n,{variant:`subtle`,onClick:i,children:s.back})]})]})}export{y as default};