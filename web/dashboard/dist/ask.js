import{r as e}from"./rolldown-runtime.js";import{D as t,I as n,L as r,O as i,k as a,n as o}from"./base.js";import{n as s,r as c,t as l}from"./fields.js";import{d as u,l as d}from"./react.js";var f=e(u(),1),p=d(),m=a({en:{up:`Sign up`,upText:`We send a link to your address. Behind it you choose a password, and you are in.`,name:`Your name`,email:`Email address`,send:`Send the link`,forgot:`A new password`,forgotText:`We send a link to your address. It is good for 30 minutes and keeps your second factor.`,mailed:`Look into your mail`,mailedText:e=>`If ${e} can be reached, a mail is on its way there. It says what to do next; look into your spam folder as well.`,mailbox:`Open the mailbox of this machine`,back:`Back to signing in`},de:{up:`Registrieren`,upText:`Wir schicken einen Link an Ihre Adresse. Dahinter wählen Sie ein Passwort, und Sie sind drin.`,name:`Ihr Name`,email:`E-Mail-Adresse`,send:`Link schicken`,forgot:`Ein neues Passwort`,forgotText:`Wir schicken einen Link an Ihre Adresse. Er gilt 30 Minuten, und Ihr zweiter Faktor bleibt.`,mailed:`Sehen Sie in Ihre Mail`,mailedText:e=>`Wenn ${e} erreichbar ist, ist eine Mail dorthin unterwegs. Darin steht, wie es weitergeht; sehen Sie auch im Spam-Ordner nach.`,mailbox:`Das Postfach dieses Rechners öffnen`,back:`Zurück zur Anmeldung`}}),h=n(`
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
`),g=n(`
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
`);function _(){let e=i(m);return(0,p.jsx)(c,{...s(`name`),label:e.name,autoComplete:`name`,required:!0,withAsterisk:!1,maxLength:100,autoFocus:!0})}function v({focus:e}){let t=i(m);return(0,p.jsx)(c,{...s(`email`),label:t.email,type:`email`,autoComplete:`username`,required:!0,withAsterisk:!1,autoFocus:e})}function y({what:e,mailbox:n,back:a}){let s=i(m),{language:c}=t(),[u,d]=o(h),[y,b]=o(g),[x,S]=(0,f.useState)(``),C=(0,f.useRef)(null);return(0,f.useEffect)(()=>{x&&C.current?.focus()},[x]),(0,f.useEffect)(()=>{document.title=`${s[e]} · Tenantry`},[s,e]),(0,p.jsxs)(p.Fragment,{children:[(0,p.jsx)(`h1`,{ref:C,tabIndex:-1,children:x?s.mailed:s[e]}),(0,p.jsxs)(`div`,{className:`stack`,children:[x?(0,p.jsxs)(p.Fragment,{children:[(0,p.jsx)(`p`,{className:`wrap`,children:s.mailedText(x)}),n&&(0,p.jsx)(`p`,{children:(0,p.jsx)(`a`,{href:`/dev/mail`,children:s.mailbox})})]}):(0,p.jsxs)(l,{send:async({name:t,email:n=``})=>{let{refusals:r}=e===`up`?await u({input:{name:t,email:n,locale:c}}):await y({input:{email:n}});return r.length||S(n),r},children:[(0,p.jsx)(`p`,{className:`faint`,children:s[`${e}Text`]}),e===`up`&&(0,p.jsx)(_,{}),(0,p.jsx)(v,{focus:e===`forgot`}),(0,p.jsx)(r,{type:`submit`,loading:d||b,fullWidth:!0,children:s.send})]}),(0,p.jsx)(r,{variant:`subtle`,onClick:a,children:s.back})]})]})}export{y as default};