import{r as e}from"./rolldown-runtime.js";import{C as t,E as n,M as r,Ot as i,S as a,T as o,b as s,h as c,j as l,l as u,m as d,n as f,o as p,p as m,v as h,w as g}from"./base.js";import{t as _}from"./Skeleton.js";import{a as v,i as y,n as b,r as x,t as S}from"./fields.js";import{t as C}from"./Modal.js";import{t as w}from"./Select.js";import{d as T,l as E}from"./react.js";import{t as D}from"./action.js";import{t as O}from"./Badge.js";import{t as k}from"./Menu.js";import{t as A}from"./confirm.js";import{n as j,t as M}from"./passkey.js";var N=e(T(),1),P=E(),F=n({en:{title:`You`,name:`Name`,locale:`Language`,localeText:`Of this page and of the mail you get.`,save:`Save`,saved:`Saved.`,email:`Address`,change:`Change`,waiting:(e,t)=>`${e} waits for its proof until ${t}: follow the link in the mail there.`,forget:`Forget it`,forgotten:`The new address is forgotten.`,emailTitle:`Sign in with another address`,emailText:`A link goes to the new address. Until you follow it, the present one stays, and it is told.`,newEmail:`New address`,send:`Send the link`,mailed:e=>`A link is on its way to ${e}.`,password:`Password`,passwordTitle:`Change your password`,passwordText:`Everywhere else you are signed out.`,current:`Present password`,next:`New password`,nextText:`At least 10 characters, hard to guess: a few words are good.`,changed:e=>e?`The password is changed, and ${e===1?`one other session has`:`${e} other sessions have`} ended.`:`The password is changed.`,home:`You start in`,noHome:`the last account, or are asked`,forgetHome:`Ask me`,homeForgotten:`You are asked next time.`,cancel:`Cancel`,close:`Close`},de:{title:`Sie`,name:`Name`,locale:`Sprache`,localeText:`Dieser Seite und der Mails, die Sie bekommen.`,save:`Speichern`,saved:`Gespeichert.`,email:`Adresse`,change:`Ändern`,waiting:(e,t)=>`${e} wartet bis ${t} auf die Bestätigung: Folgen Sie dem Link in der Mail dort.`,forget:`Vergessen`,forgotten:`Die neue Adresse ist vergessen.`,emailTitle:`Mit anderer Adresse anmelden`,emailText:`An die neue Adresse geht ein Link. Bis Sie ihm folgen, bleibt die bisherige, und sie erfährt davon.`,newEmail:`Neue Adresse`,send:`Link schicken`,mailed:e=>`Ein Link ist unterwegs an ${e}.`,password:`Passwort`,passwordTitle:`Passwort ändern`,passwordText:`Überall sonst werden Sie abgemeldet.`,current:`Bisheriges Passwort`,next:`Neues Passwort`,nextText:`Mindestens 10 Zeichen, schwer zu erraten: ein paar Wörter sind gut.`,changed:e=>e?`Das Passwort ist geändert, und ${e===1?`eine andere Sitzung wurde`:`${e} andere Sitzungen wurden`} beendet.`:`Das Passwort ist geändert.`,home:`Sie beginnen in`,noHome:`dem letzten Konto, oder Sie werden gefragt`,forgetHome:`Mich fragen`,homeForgotten:`Beim nächsten Mal werden Sie gefragt.`,cancel:`Abbrechen`,close:`Schließen`}}),I=l(`
  mutation UpdateProfile($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      viewer {
        id
        name
        locale
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),L=l(`
  mutation RequestEmailChange($input: RequestEmailChangeInput!) {
    requestEmailChange(input: $input) {
      emailChange {
        email
        expiresAt
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),R=l(`
  mutation CancelEmailChange {
    cancelEmailChange {
      canceled
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),z=l(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      endedSessions
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),B=l(`
  mutation SetDefaultAccount($input: SetDefaultAccountInput!) {
    setDefaultAccount(input: $input) {
      viewer {
        id
        defaultAccount {
          id
        }
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`);function V({name:e,label:t,...n}){return(0,P.jsx)(x,{...b(e),label:t,required:!0,withAsterisk:!1,...n})}function H({name:e,label:t,...n}){return(0,P.jsx)(y,{...b(e),label:t,required:!0,withAsterisk:!1,...n})}function U({person:e,changed:n}){let i=o(F),s=u(),l=t(),{choose:d}=g(),[p,m]=f(I),[h,_]=f(L),[y,b]=f(R),[x,T]=f(z),[E]=f(B),[D,O]=(0,N.useState)(null),[k,A]=(0,N.useState)(e.locale.split(`-`)[0]??`en`),j=()=>O(null),M={...a,fr:`Français`,es:`Español`},U=(e,t)=>(0,P.jsxs)(`div`,{className:`row right`,children:[(0,P.jsx)(r,{variant:`default`,onClick:j,children:i.cancel}),(0,P.jsx)(r,{type:`submit`,loading:t,children:e})]});return(0,P.jsxs)(c,{title:i.title,children:[(0,P.jsxs)(`div`,{className:`stack`,children:[(0,P.jsxs)(S,{send:async({name:e})=>{let{refusals:t}=await p({input:{name:e,locale:k}});if(t.length)return t;k in a&&d(k),s({text:i.saved})},children:[(0,P.jsxs)(`div`,{className:`pair`,children:[(0,P.jsx)(V,{name:`name`,label:i.name,defaultValue:e.name,autoComplete:`name`}),(0,P.jsx)(w,{label:i.locale,description:i.localeText,value:k,onChange:e=>A(e??`en`),data:Object.entries(M).map(([e,t])=>({value:e,label:t})),inputWrapperOrder:[`label`,`input`,`description`]})]}),(0,P.jsx)(`div`,{className:`row right`,children:(0,P.jsx)(r,{type:`submit`,loading:m,children:i.save})})]}),(0,P.jsxs)(`ul`,{className:`settings`,children:[(0,P.jsxs)(`li`,{children:[(0,P.jsxs)(`div`,{className:`grow`,children:[(0,P.jsx)(`strong`,{children:i.email}),(0,P.jsx)(`p`,{className:`wrap faint`,children:e.email})]}),(0,P.jsx)(r,{variant:`default`,size:`sm`,onClick:()=>O(`email`),"aria-label":`${i.email}: ${i.change}`,children:i.change})]}),e.emailChange&&(0,P.jsxs)(`li`,{children:[(0,P.jsx)(v,{className:`grow`,children:i.waiting(e.emailChange.email,l.moment(e.emailChange.expiresAt))}),(0,P.jsx)(r,{variant:`default`,size:`sm`,loading:b,onClick:async()=>{await y({}),s({text:i.forgotten}),n()},children:i.forget})]}),(0,P.jsxs)(`li`,{children:[(0,P.jsxs)(`div`,{className:`grow`,children:[(0,P.jsx)(`strong`,{children:i.password}),(0,P.jsx)(`p`,{className:`faint`,children:`••••••••••`})]}),(0,P.jsx)(r,{variant:`default`,size:`sm`,onClick:()=>O(`password`),"aria-label":`${i.password}: ${i.change}`,children:i.change})]}),(0,P.jsxs)(`li`,{children:[(0,P.jsxs)(`div`,{className:`grow`,children:[(0,P.jsx)(`strong`,{children:i.home}),(0,P.jsx)(`p`,{className:`faint wrap`,children:e.defaultAccount?.name??i.noHome})]}),e.defaultAccount&&(0,P.jsx)(r,{variant:`default`,size:`sm`,onClick:async()=>{let{refusals:e}=await E({input:{accountId:null}});e.length||s({text:i.homeForgotten}),n()},children:i.forgetHome})]})]})]}),D===`email`&&(0,P.jsx)(C,{opened:!0,onClose:j,title:i.emailTitle,closeButtonProps:{"aria-label":i.close},children:(0,P.jsxs)(S,{send:async({email:e=``})=>{let{refusals:t}=await h({input:{email:e}});if(t.length)return t;s({text:i.mailed(e)}),j(),n()},children:[(0,P.jsx)(`p`,{className:`faint`,children:i.emailText}),(0,P.jsx)(V,{name:`email`,label:i.newEmail,type:`email`,autoComplete:`email`,"data-autofocus":!0}),U(i.send,_)]})}),D===`password`&&(0,P.jsx)(C,{opened:!0,onClose:j,title:i.passwordTitle,closeButtonProps:{"aria-label":i.close},children:(0,P.jsxs)(S,{send:async({currentPassword:e=``,newPassword:t=``})=>{let{payload:r,refusals:a}=await x({input:{currentPassword:e,newPassword:t}});if(a.length)return a;s({text:i.changed(r?.endedSessions??0)}),j(),n()},children:[(0,P.jsx)(`p`,{className:`faint`,children:i.passwordText}),(0,P.jsx)(`input`,{type:`text`,name:`username`,value:e.email,autoComplete:`username`,readOnly:!0,hidden:!0}),(0,P.jsx)(H,{name:`currentPassword`,label:i.current,autoComplete:`current-password`,"data-autofocus":!0}),(0,P.jsx)(H,{name:`newPassword`,label:i.next,description:i.nextText,autoComplete:`new-password`}),U(i.change,T)]})})]})}var W=n({en:{title:`Second factor and passkeys`,on:`on`,off:`off`,offText:`Whoever learns your password is you. An authenticator app or a passkey ends that.`,app:`Authenticator app`,appSince:e=>`Set up on ${e}. It is asked for after the password.`,appNone:`A six-digit code from an app on your telephone.`,setUp:`Set up`,takeAway:`Take away`,codes:`Recovery codes`,codesLeft:e=>`${e} left. Each stands in once for a lost telephone.`,codesFew:e=>`Only ${e} left: make new ones soon.`,renew:`Make new ones`,passkey:`Passkeys`,passkeyText:`Signs in without a password, by your fingerprint, face or the lock of your device.`,add:`Add a passkey`,added:e=>`The passkey is added.${e?` ${e===1?`One other session has`:`${e} other sessions have`} ended.`:``}`,declined:`No passkey was made. Perhaps this device has one already.`,used:`last used`,unused:`never used yet`,rename:`Rename`,renamed:`Renamed.`,name:`Name`,remove:`Remove`,removeTitle:e=>`Remove the passkey “${e}”?`,removeText:`It signs nobody in from now on, and every other session of yours ends. If it is your only second factor, your sign-in is protected by the password alone.`,removed:`The passkey is removed.`,what:e=>`What to do with ${e}`,scanTitle:`Set up an authenticator app`,scan:`Scan this with your app, then type the six digits that it shows.`,scanAlt:`QR code for the authenticator app`,type:`Or type this key into it:`,openApp:`Open in an app on this device`,code:`Code`,confirm:`Turn on`,keepTitle:`Keep your recovery codes`,keep:`Each signs you in once when you have lost your telephone. They are shown this once: print them, or put them into your password manager.`,copy:`Copy all`,copied:`Copied`,kept:`I have kept them`,disableTitle:`Take the authenticator app away?`,disableText:`Without a passkey your sign-in is then protected by the password alone, and accounts that ask for a second factor keep you out. Every other session of yours ends.`,disabled:`The authenticator app is taken away.`,renewTitle:`Make new recovery codes?`,renewText:`All codes you have kept so far stop working.`,cancel:`Cancel`,save:`Save`,close:`Close`},de:{title:`Zweiter Faktor und Passkeys`,on:`an`,off:`aus`,offText:`Wer Ihr Passwort erfährt, ist Sie. Eine Authenticator-App oder ein Passkey beendet das.`,app:`Authenticator-App`,appSince:e=>`Eingerichtet am ${e}. Danach wird nach dem Passwort gefragt.`,appNone:`Ein sechsstelliger Code aus einer App auf Ihrem Telefon.`,setUp:`Einrichten`,takeAway:`Wegnehmen`,codes:`Wiederherstellungscodes`,codesLeft:e=>`Noch ${e}. Jeder ersetzt einmal ein verlorenes Telefon.`,codesFew:e=>`Nur noch ${e}: Erzeugen Sie bald neue.`,renew:`Neue erzeugen`,passkey:`Passkeys`,passkeyText:`Meldet ohne Passwort an, mit Fingerabdruck, Gesicht oder der Sperre Ihres Geräts.`,add:`Passkey hinzufügen`,added:e=>`Der Passkey ist hinzugefügt.${e?` ${e===1?`Eine andere Sitzung wurde`:`${e} andere Sitzungen wurden`} beendet.`:``}`,declined:`Es wurde kein Passkey erzeugt. Vielleicht hat dieses Gerät schon einen.`,used:`zuletzt benutzt`,unused:`noch nie benutzt`,rename:`Umbenennen`,renamed:`Umbenannt.`,name:`Name`,remove:`Entfernen`,removeTitle:e=>`Den Passkey „${e}“ entfernen?`,removeText:`Er meldet niemanden mehr an, und Ihre anderen Sitzungen enden. Ist er Ihr einziger zweiter Faktor, schützt danach nur noch das Passwort.`,removed:`Der Passkey ist entfernt.`,what:e=>`Was mit ${e} geschehen soll`,scanTitle:`Authenticator-App einrichten`,scan:`Scannen Sie das mit Ihrer App, und tippen Sie dann die sechs Ziffern, die sie zeigt.`,scanAlt:`QR-Code für die Authenticator-App`,type:`Oder tippen Sie diesen Schlüssel ein:`,openApp:`In einer App auf diesem Gerät öffnen`,code:`Code`,confirm:`Einschalten`,keepTitle:`Bewahren Sie Ihre Wiederherstellungscodes auf`,keep:`Jeder meldet Sie einmal an, wenn das Telefon weg ist. Sie werden nur dieses eine Mal gezeigt: Drucken Sie sie, oder legen Sie sie in Ihren Passwortmanager.`,copy:`Alle kopieren`,copied:`Kopiert`,kept:`Ich habe sie aufbewahrt`,disableTitle:`Die Authenticator-App wegnehmen?`,disableText:`Ohne Passkey schützt dann nur noch das Passwort, und Konten, die einen zweiten Faktor verlangen, lassen Sie nicht hinein. Ihre anderen Sitzungen enden.`,disabled:`Die Authenticator-App ist weggenommen.`,renewTitle:`Neue Wiederherstellungscodes erzeugen?`,renewText:`Alle bisherigen Codes gelten dann nicht mehr.`,cancel:`Abbrechen`,save:`Speichern`,close:`Schließen`}}),ee=l(`
  mutation StartTwoFactorSetup {
    startTwoFactorSetup {
      secret
      otpauthUri
      qrSvg
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),te=l(`
  mutation ConfirmTwoFactorSetup($input: ConfirmTwoFactorSetupInput!) {
    confirmTwoFactorSetup(input: $input) {
      recoveryCodes
      endedSessions
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),G=l(`
  mutation DisableTwoFactor {
    disableTwoFactor {
      endedSessions
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),K=l(`
  mutation RegenerateRecoveryCodes {
    regenerateRecoveryCodes {
      recoveryCodes
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),q=l(`
  mutation StartPasskeyRegistration {
    startPasskeyRegistration {
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
`),J=l(`
  mutation FinishPasskeyRegistration($input: FinishPasskeyRegistrationInput!) {
    finishPasskeyRegistration(input: $input) {
      passkey {
        id
      }
      recoveryCodes
      endedSessions
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),Y=l(`
  mutation RenamePasskey($input: RenamePasskeyInput!) {
    renamePasskey(input: $input) {
      passkey {
        id
        name
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),X=l(`
  mutation RemovePasskey($input: RemovePasskeyInput!) {
    removePasskey(input: $input) {
      removedPasskeyId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`);function Z({person:e,changed:n}){let i=o(W),a=u(),l=p(),d=t(),[m,g]=f(ee),[_]=f(G),[v]=f(K),[y,b]=f(q),[x,S]=f(J),[C]=f(X),[w,T]=(0,N.useState)(null),[E,F]=(0,N.useState)(null),[I,L]=(0,N.useState)(null),{twoFactor:R}=e,z=e=>a({text:e.map(l).join(` `)});async function B(){let{payload:e,refusals:t}=await m({});if(!e?.secret||!e.otpauthUri||!e.qrSvg)return z(t);T({secret:e.secret,otpauthUri:e.otpauthUri,qrSvg:e.qrSvg})}async function V(){let e=await y({});if(!e.payload?.ceremonyId)return z(e.refusals);let t=await M(e.payload.options);if(!t)return a({text:i.declined});let{payload:r,refusals:o}=await x({input:{ceremonyId:e.payload.ceremonyId,credential:t}});if(o.length||!r)return z(o);a({text:i.added(r.endedSessions)}),r.recoveryCodes.length&&F(r.recoveryCodes),n()}return(0,P.jsxs)(c,{title:i.title,actions:(0,P.jsx)(O,{variant:`light`,color:R.enabledAt?`green`:`gray`,children:R.enabledAt?i.on:i.off}),children:[!R.enabledAt&&(0,P.jsx)(`p`,{className:`faint`,children:i.offText}),(0,P.jsxs)(`ul`,{className:`settings`,children:[(0,P.jsxs)(`li`,{children:[(0,P.jsx)(`span`,{className:`sign ${R.authenticatorAddedAt?`good`:``}`,children:(0,P.jsx)(h,{name:`device`})}),(0,P.jsxs)(`div`,{className:`grow`,children:[(0,P.jsx)(`strong`,{children:i.app}),(0,P.jsx)(`p`,{className:`faint small`,children:R.authenticatorAddedAt?i.appSince(d.date(R.authenticatorAddedAt)):i.appNone})]}),R.authenticatorAddedAt?(0,P.jsx)(r,{size:`sm`,variant:`default`,onClick:()=>L(`disable`),children:i.takeAway}):(0,P.jsx)(r,{size:`sm`,variant:`default`,onClick:B,loading:g,"aria-label":`${i.app}: ${i.setUp}`,children:i.setUp})]}),R.enabledAt&&(0,P.jsxs)(`li`,{children:[(0,P.jsx)(`span`,{className:`sign ${R.recoveryCodesLeft>3?`good`:`care`}`,children:(0,P.jsx)(h,{name:`key`})}),(0,P.jsxs)(`div`,{className:`grow`,children:[(0,P.jsx)(`strong`,{children:i.codes}),(0,P.jsx)(`p`,{className:`faint small`,children:R.recoveryCodesLeft>3?i.codesLeft(R.recoveryCodesLeft):i.codesFew(R.recoveryCodesLeft)})]}),(0,P.jsx)(r,{size:`sm`,variant:`default`,onClick:()=>L(`renew`),children:i.renew})]}),(0,P.jsxs)(`li`,{children:[(0,P.jsx)(`span`,{className:`sign ${e.passkeys.length?`good`:``}`,children:(0,P.jsx)(h,{name:`shield`})}),(0,P.jsxs)(`div`,{className:`grow`,children:[(0,P.jsx)(`strong`,{children:i.passkey}),(0,P.jsx)(`p`,{className:`faint small`,children:i.passkeyText})]}),j&&(0,P.jsx)(r,{size:`sm`,variant:`default`,onClick:V,loading:b||S,children:i.add})]}),e.passkeys.map(e=>(0,P.jsxs)(`li`,{className:`inner`,children:[(0,P.jsxs)(`div`,{className:`grow`,children:[(0,P.jsx)(`span`,{className:`wrap`,children:e.name}),(0,P.jsx)(`p`,{className:`faint small`,children:e.lastUsedAt?(0,P.jsxs)(P.Fragment,{children:[i.used,` `,(0,P.jsx)(s,{at:e.lastUsedAt})]}):i.unused})]}),(0,P.jsxs)(k,{children:[(0,P.jsx)(k.Target,{children:(0,P.jsx)(D,{variant:`subtle`,color:`gray`,"aria-label":i.what(e.name),children:(0,P.jsx)(h,{name:`more`})})}),(0,P.jsxs)(k.Dropdown,{children:[(0,P.jsx)(k.Item,{onClick:()=>L({rename:e}),children:i.rename}),(0,P.jsx)(k.Item,{color:`red`,onClick:()=>L({remove:e}),children:i.remove})]})]})]},e.id))]}),w&&(0,P.jsx)(re,{setup:w,close:()=>T(null),finish:e=>{T(null),F(e),n()}}),E&&(0,P.jsx)(ie,{codes:E,close:()=>F(null)}),I===`disable`&&(0,P.jsx)(A,{title:i.disableTitle,label:i.takeAway,danger:!0,close:()=>L(null),act:async()=>{let{refusals:e}=await _({});return e.length||(a({text:i.disabled}),n()),e},children:i.disableText}),I===`renew`&&(0,P.jsx)(A,{title:i.renewTitle,label:i.renew,close:()=>L(null),act:async()=>{let{payload:e,refusals:t}=await v({});return!t.length&&e&&(F(e.recoveryCodes),n()),t},children:i.renewText}),I&&typeof I==`object`&&`remove`in I&&(0,P.jsx)(A,{title:i.removeTitle(I.remove.name),label:i.remove,danger:!0,close:()=>L(null),act:async()=>{let{refusals:e}=await C({input:{passkeyId:I.remove.id}});return e.length||(a({text:i.removed}),n()),e},children:i.removeText}),I&&typeof I==`object`&&`rename`in I&&(0,P.jsx)(oe,{of:I.rename,close:()=>L(null)})]})}function ne(){let e=o(W);return(0,P.jsx)(x,{...b(`code`),label:e.code,inputMode:`numeric`,autoComplete:`one-time-code`,required:!0,withAsterisk:!1,maxLength:9,"data-autofocus":!0})}function re({setup:e,close:t,finish:n}){let i=o(W),[a,s]=f(te);return(0,P.jsx)(C,{opened:!0,onClose:t,title:i.scanTitle,closeButtonProps:{"aria-label":i.close},children:(0,P.jsxs)(S,{send:async({code:e=``})=>{let{payload:t,refusals:r}=await a({input:{code:e}});if(r.length||!t)return r;n(t.recoveryCodes)},children:[(0,P.jsx)(`p`,{children:i.scan}),(0,P.jsx)(`img`,{className:`qr`,alt:i.scanAlt,src:`data:image/svg+xml,${encodeURIComponent(e.qrSvg)}`,width:200,height:200}),(0,P.jsxs)(`p`,{className:`faint small`,children:[i.type,` `,(0,P.jsx)(`span`,{className:`mono wrap`,children:e.secret})]}),(0,P.jsx)(`p`,{className:`small`,children:(0,P.jsx)(`a`,{href:e.otpauthUri,children:i.openApp})}),(0,P.jsx)(ne,{}),(0,P.jsxs)(`div`,{className:`row right`,children:[(0,P.jsx)(r,{variant:`default`,onClick:t,children:i.cancel}),(0,P.jsx)(r,{type:`submit`,loading:s,children:i.confirm})]})]})})}function ie({codes:e,close:t}){let n=o(W),[i,a]=(0,N.useState)(!1);return(0,P.jsx)(C,{opened:!0,onClose:t,title:n.keepTitle,closeOnClickOutside:!1,closeOnEscape:!1,withCloseButton:!1,children:(0,P.jsxs)(`div`,{className:`stack`,children:[(0,P.jsx)(v,{color:`yellow`,children:n.keep}),(0,P.jsx)(`ul`,{className:`codes mono`,children:e.map(e=>(0,P.jsx)(`li`,{children:e},e))}),(0,P.jsxs)(`div`,{className:`row right`,children:[(0,P.jsx)(r,{variant:`default`,onClick:()=>navigator.clipboard.writeText(e.join(`
`)).then(()=>a(!0),()=>{}),children:i?n.copied:n.copy}),(0,P.jsx)(r,{onClick:t,children:n.kept})]})]})})}function ae({value:e}){let t=o(W);return(0,P.jsx)(x,{...b(`name`),label:t.name,defaultValue:e,required:!0,withAsterisk:!1,maxLength:100,autoComplete:`off`,"data-autofocus":!0})}function oe({of:e,close:t}){let n=o(W),i=u(),[a,s]=f(Y);return(0,P.jsx)(C,{opened:!0,onClose:t,title:n.rename,closeButtonProps:{"aria-label":n.close},children:(0,P.jsxs)(S,{send:async({name:r=``})=>{let{refusals:o}=await a({input:{passkeyId:e.id,name:r}});if(o.length)return o;i({text:n.renamed}),t()},children:[(0,P.jsx)(ae,{value:e.name}),(0,P.jsxs)(`div`,{className:`row right`,children:[(0,P.jsx)(r,{variant:`default`,onClick:t,children:n.cancel}),(0,P.jsx)(r,{type:`submit`,loading:s,children:n.save})]})]})})}var Q=n({en:{title:`Where you are signed in`,here:`this one`,seen:`last seen`,since:e=>`signed in ${e}`,end:`Sign out`,ended:e=>`${e} is signed out.`,others:`Sign out everywhere else`,othersText:`Every other browser and app of yours is signed out at once, and has to sign in again.`,othersEnded:e=>e===1?`One other session has ended.`:`${e} other sessions have ended.`},de:{title:`Wo Sie angemeldet sind`,here:`diese hier`,seen:`zuletzt gesehen`,since:e=>`angemeldet am ${e}`,end:`Abmelden`,ended:e=>`${e} ist abgemeldet.`,others:`Überall sonst abmelden`,othersText:`Jeder andere Browser und jede andere App von Ihnen wird sofort abgemeldet und muss sich neu anmelden.`,othersEnded:e=>e===1?`Eine andere Sitzung wurde beendet.`:`${e} andere Sitzungen wurden beendet.`}}),se=l(`
  mutation RevokeSession($input: RevokeSessionInput!) {
    revokeSession(input: $input) {
      revokedSessionId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),ce=l(`
  mutation RevokeOtherSessions {
    revokeOtherSessions {
      endedSessions
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`);function le({person:e,changed:n}){let i=o(Q),a=u(),l=p(),d=t(),[m]=f(se),[g]=f(ce),[_,v]=(0,N.useState)(!1);return(0,P.jsxs)(c,{title:i.title,body:!1,actions:e.sessions.length>1&&(0,P.jsx)(r,{size:`sm`,variant:`default`,onClick:()=>v(!0),children:i.others}),children:[(0,P.jsx)(`ul`,{className:`list`,children:e.sessions.map(e=>(0,P.jsxs)(`li`,{children:[(0,P.jsx)(`span`,{className:`sign ${e.current?`good`:``}`,children:(0,P.jsx)(h,{name:`device`})}),(0,P.jsxs)(`div`,{className:`grow`,children:[(0,P.jsxs)(`span`,{className:`row tight`,children:[(0,P.jsx)(`strong`,{className:`wrap`,children:e.device}),e.current&&(0,P.jsx)(O,{size:`sm`,variant:`light`,color:`green`,children:i.here})]}),(0,P.jsxs)(`p`,{className:`faint small wrap`,children:[i.seen,` `,(0,P.jsx)(s,{at:e.lastSeenAt}),` · `,i.since(d.date(e.createdAt)),e.address&&` · ${e.address}`]})]}),!e.current&&(0,P.jsx)(r,{size:`sm`,variant:`default`,"aria-label":`${i.end}: ${e.device}`,onClick:async()=>{let{refusals:t}=await m({input:{sessionId:e.id}});a({text:t.length?t.map(l).join(` `):i.ended(e.device)}),n()},children:i.end})]},e.id))}),_&&(0,P.jsx)(A,{title:i.others,label:i.others,close:()=>v(!1),act:async()=>{let{payload:e,refusals:t}=await g({});return t.length||(a({text:i.othersEnded(e?.endedSessions??0)}),n()),t},children:i.othersText})]})}var ue=n({en:{title:`Your profile`,lead:`Who you are here, and how you sign in. It is the same in every account.`},de:{title:`Ihr Profil`,lead:`Wer Sie hier sind und wie Sie sich anmelden. Es ist in jedem Konto dasselbe.`}}),$=l(`
  query Profile {
    viewer {
      id
      name
      email
      locale
      emailChange {
        email
        expiresAt
      }
      defaultAccount {
        id
        name
      }
      twoFactor {
        enabledAt
        authenticatorAddedAt
        recoveryCodesLeft
      }
      passkeys {
        id
        name
        createdAt
        lastUsedAt
      }
      sessions {
        id
        device
        address
        createdAt
        lastSeenAt
        current
      }
    }
  }
`);function de(){let e=o(ue),{data:t,error:n,loading:r,refetch:a}=i($,{fetchPolicy:`cache-and-network`}),s=t?.viewer,c=s&&{person:s,changed:()=>void a()};return(0,P.jsx)(d,{title:e.title,lead:e.lead,shown:{document:$},children:c?(0,P.jsxs)(P.Fragment,{children:[(0,P.jsx)(U,{...c}),(0,P.jsx)(Z,{...c}),(0,P.jsx)(le,{...c})]}):r?(0,P.jsxs)(P.Fragment,{children:[(0,P.jsx)(_,{h:280,radius:`lg`}),(0,P.jsx)(_,{h:280,radius:`lg`}),(0,P.jsx)(_,{h:200,radius:`lg`})]}):(0,P.jsx)(m,{error:n,again:()=>void a()})})}export{$ as PROFILE,de as default};