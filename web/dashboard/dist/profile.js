import{r as e}from"./rolldown-runtime.js";import{t}from"./Skeleton.js";import{C as n,D as r,E as i,I as a,L as o,O as s,T as c,_ as l,h as u,k as d,l as f,m as p,n as m,o as h,p as g,y as _}from"./base.js";import{a as v,i as y,n as b,r as x,t as S}from"./fields.js";import{t as C}from"./Modal.js";import{t as w}from"./Select.js";import{d as T,l as E}from"./react.js";import{t as D}from"./action.js";import{t as O}from"./Badge.js";import{t as k}from"./Menu.js";import{t as A}from"./confirm.js";import{n as j,t as M}from"./passkey.js";var N=e(T(),1),P=E(),F=d({en:{title:`You`,name:`Name`,locale:`Language`,localeText:`Of this page and of the mail you get.`,save:`Save`,saved:`Saved.`,email:`Address`,change:`Change`,waiting:(e,t)=>`${e} waits for its proof until ${t}: follow the link in the mail there.`,forget:`Forget it`,forgotten:`The new address is forgotten.`,emailTitle:`Sign in with another address`,emailText:`A link goes to the new address. Until you follow it, the present one stays, and it is told.`,newEmail:`New address`,send:`Send the link`,mailed:e=>`A link is on its way to ${e}.`,password:`Password`,passwordTitle:`Change your password`,passwordText:`Everywhere else you are signed out.`,current:`Present password`,next:`New password`,nextText:`At least 10 characters, hard to guess: a few words are good.`,changed:e=>e?`The password is changed, and ${e===1?`one other session has`:`${e} other sessions have`} ended.`:`The password is changed.`,home:`You start in`,noHome:`the last account, or are asked`,forgetHome:`Ask me`,homeForgotten:`You are asked next time.`,cancel:`Cancel`,close:`Close`},de:{title:`Sie`,name:`Name`,locale:`Sprache`,localeText:`Dieser Seite und der Mails, die Sie bekommen.`,save:`Speichern`,saved:`Gespeichert.`,email:`Adresse`,change:`Ändern`,waiting:(e,t)=>`${e} wartet bis ${t} auf die Bestätigung: Folgen Sie dem Link in der Mail dort.`,forget:`Vergessen`,forgotten:`Die neue Adresse ist vergessen.`,emailTitle:`Mit anderer Adresse anmelden`,emailText:`An die neue Adresse geht ein Link. Bis Sie ihm folgen, bleibt die bisherige, und sie erfährt davon.`,newEmail:`Neue Adresse`,send:`Link schicken`,mailed:e=>`Ein Link ist unterwegs an ${e}.`,password:`Passwort`,passwordTitle:`Passwort ändern`,passwordText:`Überall sonst werden Sie abgemeldet.`,current:`Bisheriges Passwort`,next:`Neues Passwort`,nextText:`Mindestens 10 Zeichen, schwer zu erraten: ein paar Wörter sind gut.`,changed:e=>e?`Das Passwort ist geändert, und ${e===1?`eine andere Sitzung wurde`:`${e} andere Sitzungen wurden`} beendet.`:`Das Passwort ist geändert.`,home:`Sie beginnen in`,noHome:`dem letzten Konto, oder Sie werden gefragt`,forgetHome:`Mich fragen`,homeForgotten:`Beim nächsten Mal werden Sie gefragt.`,cancel:`Abbrechen`,close:`Schließen`}}),I=a(`
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
`),L=a(`
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
`),R=a(`
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
`),z=a(`
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
`),B=a(`
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
`);function V({name:e,label:t,...n}){return(0,P.jsx)(x,{...b(e),label:t,required:!0,withAsterisk:!1,...n})}function H({name:e,label:t,...n}){return(0,P.jsx)(y,{...b(e),label:t,required:!0,withAsterisk:!1,...n})}function U({person:e,changed:t}){let n=s(F),a=f(),l=i(),{choose:d}=r(),[p,g]=m(I),[_,y]=m(L),b=h(),[x,T]=m(R),[E,D]=m(z),[O]=m(B),[k,A]=(0,N.useState)(null),[j,M]=(0,N.useState)(e.locale.split(`-`)[0]??`en`),U=()=>A(null),W={...c,fr:`Français`,es:`Español`},G=(e,t)=>(0,P.jsxs)(`div`,{className:`row right`,children:[(0,P.jsx)(o,{variant:`default`,onClick:U,children:n.cancel}),(0,P.jsx)(o,{type:`submit`,loading:t,children:e})]});return(0,P.jsxs)(u,{title:n.title,children:[(0,P.jsxs)(`div`,{className:`stack`,children:[(0,P.jsxs)(S,{send:async({name:e})=>{let{refusals:t}=await p({input:{name:e,locale:j}});if(t.length)return t;j in c&&d(j),a({text:n.saved})},children:[(0,P.jsxs)(`div`,{className:`pair`,children:[(0,P.jsx)(V,{name:`name`,label:n.name,defaultValue:e.name,autoComplete:`name`}),(0,P.jsx)(w,{label:n.locale,description:n.localeText,value:j,onChange:e=>M(e??`en`),data:Object.entries(W).map(([e,t])=>({value:e,label:t})),inputWrapperOrder:[`label`,`input`,`description`]})]}),(0,P.jsx)(`div`,{className:`row right`,children:(0,P.jsx)(o,{type:`submit`,loading:g,children:n.save})})]}),(0,P.jsxs)(`ul`,{className:`settings`,children:[(0,P.jsxs)(`li`,{children:[(0,P.jsxs)(`div`,{className:`grow`,children:[(0,P.jsx)(`strong`,{children:n.email}),(0,P.jsx)(`p`,{className:`wrap faint`,children:e.email})]}),(0,P.jsx)(o,{variant:`default`,size:`sm`,onClick:()=>A(`email`),"aria-label":`${n.email}: ${n.change}`,children:n.change})]}),e.emailChange&&(0,P.jsxs)(`li`,{children:[(0,P.jsx)(v,{className:`grow`,children:n.waiting(e.emailChange.email,l.moment(e.emailChange.expiresAt))}),(0,P.jsx)(o,{variant:`default`,size:`sm`,loading:T,onClick:async()=>{let{refusals:e}=await x({});a({text:e.length?e.map(b).join(` `):n.forgotten}),t()},children:n.forget})]}),(0,P.jsxs)(`li`,{children:[(0,P.jsxs)(`div`,{className:`grow`,children:[(0,P.jsx)(`strong`,{children:n.password}),(0,P.jsx)(`p`,{className:`faint`,children:`••••••••••`})]}),(0,P.jsx)(o,{variant:`default`,size:`sm`,onClick:()=>A(`password`),"aria-label":`${n.password}: ${n.change}`,children:n.change})]}),(0,P.jsxs)(`li`,{children:[(0,P.jsxs)(`div`,{className:`grow`,children:[(0,P.jsx)(`strong`,{children:n.home}),(0,P.jsx)(`p`,{className:`faint wrap`,children:e.defaultAccount?.name??n.noHome})]}),e.defaultAccount&&(0,P.jsx)(o,{variant:`default`,size:`sm`,onClick:async()=>{let{refusals:e}=await O({input:{accountId:null}});e.length||a({text:n.homeForgotten}),t()},children:n.forgetHome})]})]})]}),k===`email`&&(0,P.jsx)(C,{opened:!0,onClose:U,title:n.emailTitle,closeButtonProps:{"aria-label":n.close},children:(0,P.jsxs)(S,{send:async({email:e=``})=>{let{refusals:r}=await _({input:{email:e}});if(r.length)return r;a({text:n.mailed(e)}),U(),t()},children:[(0,P.jsx)(`p`,{className:`faint`,children:n.emailText}),(0,P.jsx)(V,{name:`email`,label:n.newEmail,type:`email`,autoComplete:`email`,"data-autofocus":!0}),G(n.send,y)]})}),k===`password`&&(0,P.jsx)(C,{opened:!0,onClose:U,title:n.passwordTitle,closeButtonProps:{"aria-label":n.close},children:(0,P.jsxs)(S,{send:async({currentPassword:e=``,newPassword:r=``})=>{let{payload:i,refusals:o}=await E({input:{currentPassword:e,newPassword:r}});if(o.length)return o;a({text:n.changed(i?.endedSessions??0)}),U(),t()},children:[(0,P.jsx)(`p`,{className:`faint`,children:n.passwordText}),(0,P.jsx)(`input`,{type:`text`,name:`username`,value:e.email,autoComplete:`username`,readOnly:!0,hidden:!0}),(0,P.jsx)(H,{name:`currentPassword`,label:n.current,autoComplete:`current-password`,"data-autofocus":!0}),(0,P.jsx)(H,{name:`newPassword`,label:n.next,description:n.nextText,autoComplete:`new-password`}),G(n.change,D)]})})]})}var W=d({en:{title:`Second factor and passkeys`,on:`on`,off:`off`,offText:`Whoever learns your password is you. An authenticator app or a passkey ends that.`,app:`Authenticator app`,appSince:e=>`Set up on ${e}. It is asked for after the password.`,appNone:`A six-digit code from an app on your telephone.`,setUp:`Set up`,takeAway:`Take away`,codes:`Recovery codes`,codesLeft:e=>`${e} left. Each stands in once for a lost telephone.`,codesFew:e=>`Only ${e} left: make new ones soon.`,renew:`Make new ones`,passkey:`Passkeys`,passkeyText:`Signs in without a password, by your fingerprint, face or the lock of your device.`,add:`Add a passkey`,added:e=>`The passkey is added.${e?` ${e===1?`One other session has`:`${e} other sessions have`} ended.`:``}`,declined:`No passkey was made. Perhaps this device has one already.`,used:`last used`,unused:`never used yet`,rename:`Rename`,renamed:`Renamed.`,name:`Name`,remove:`Remove`,removeTitle:e=>`Remove the passkey “${e}”?`,removeText:`It signs nobody in from now on, and every other session of yours ends. If it is your only second factor, your sign-in is protected by the password alone.`,removed:`The passkey is removed.`,what:e=>`What to do with ${e}`,scanTitle:`Set up an authenticator app`,scan:`Scan this with your app, then type the six digits that it shows.`,scanAlt:`QR code for the authenticator app`,type:`Or type this key into it:`,openApp:`Open in an app on this device`,code:`Code`,confirm:`Turn on`,keepTitle:`Keep your recovery codes`,keep:`Each signs you in once when you have lost your telephone. They are shown this once: print them, or put them into your password manager.`,copy:`Copy all`,copied:`Copied`,kept:`I have kept them`,disableTitle:`Take the authenticator app away?`,disableText:`Without a passkey your sign-in is then protected by the password alone, and accounts that ask for a second factor keep you out. Every other session of yours ends.`,disabled:`The authenticator app is taken away.`,renewTitle:`Make new recovery codes?`,renewText:`All codes you have kept so far stop working.`,cancel:`Cancel`,save:`Save`,close:`Close`},de:{title:`Zweiter Faktor und Passkeys`,on:`an`,off:`aus`,offText:`Wer Ihr Passwort erfährt, ist Sie. Eine Authenticator-App oder ein Passkey beendet das.`,app:`Authenticator-App`,appSince:e=>`Eingerichtet am ${e}. Danach wird nach dem Passwort gefragt.`,appNone:`Ein sechsstelliger Code aus einer App auf Ihrem Telefon.`,setUp:`Einrichten`,takeAway:`Wegnehmen`,codes:`Wiederherstellungscodes`,codesLeft:e=>`Noch ${e}. Jeder ersetzt einmal ein verlorenes Telefon.`,codesFew:e=>`Nur noch ${e}: Erzeugen Sie bald neue.`,renew:`Neue erzeugen`,passkey:`Passkeys`,passkeyText:`Meldet ohne Passwort an, mit Fingerabdruck, Gesicht oder der Sperre Ihres Geräts.`,add:`Passkey hinzufügen`,added:e=>`Der Passkey ist hinzugefügt.${e?` ${e===1?`Eine andere Sitzung wurde`:`${e} andere Sitzungen wurden`} beendet.`:``}`,declined:`Es wurde kein Passkey erzeugt. Vielleicht hat dieses Gerät schon einen.`,used:`zuletzt benutzt`,unused:`noch nie benutzt`,rename:`Umbenennen`,renamed:`Umbenannt.`,name:`Name`,remove:`Entfernen`,removeTitle:e=>`Den Passkey „${e}“ entfernen?`,removeText:`Er meldet niemanden mehr an, und Ihre anderen Sitzungen enden. Ist er Ihr einziger zweiter Faktor, schützt danach nur noch das Passwort.`,removed:`Der Passkey ist entfernt.`,what:e=>`Was mit ${e} geschehen soll`,scanTitle:`Authenticator-App einrichten`,scan:`Scannen Sie das mit Ihrer App, und tippen Sie dann die sechs Ziffern, die sie zeigt.`,scanAlt:`QR-Code für die Authenticator-App`,type:`Oder tippen Sie diesen Schlüssel ein:`,openApp:`In einer App auf diesem Gerät öffnen`,code:`Code`,confirm:`Einschalten`,keepTitle:`Bewahren Sie Ihre Wiederherstellungscodes auf`,keep:`Jeder meldet Sie einmal an, wenn das Telefon weg ist. Sie werden nur dieses eine Mal gezeigt: Drucken Sie sie, oder legen Sie sie in Ihren Passwortmanager.`,copy:`Alle kopieren`,copied:`Kopiert`,kept:`Ich habe sie aufbewahrt`,disableTitle:`Die Authenticator-App wegnehmen?`,disableText:`Ohne Passkey schützt dann nur noch das Passwort, und Konten, die einen zweiten Faktor verlangen, lassen Sie nicht hinein. Ihre anderen Sitzungen enden.`,disabled:`Die Authenticator-App ist weggenommen.`,renewTitle:`Neue Wiederherstellungscodes erzeugen?`,renewText:`Alle bisherigen Codes gelten dann nicht mehr.`,cancel:`Abbrechen`,save:`Speichern`,close:`Schließen`}}),G=a(`
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
`),ee=a(`
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
`),te=a(`
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
`),K=a(`
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
`),q=a(`
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
`),J=a(`
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
`),Y=a(`
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
`),X=a(`
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
`);function Z({person:e,changed:t}){let r=s(W),a=f(),c=h(),d=i(),[p,g]=m(G),[_]=m(te),[v]=m(K),[y,b]=m(q),[x,S]=m(J),[C]=m(X),[w,T]=(0,N.useState)(null),[E,F]=(0,N.useState)(null),[I,L]=(0,N.useState)(null),{twoFactor:R}=e,z=e=>a({text:e.map(c).join(` `)});async function B(){let{payload:e,refusals:t}=await p({});if(!e?.secret||!e.otpauthUri||!e.qrSvg)return z(t);T({secret:e.secret,otpauthUri:e.otpauthUri,qrSvg:e.qrSvg})}async function V(){let e=await y({});if(!e.payload?.ceremonyId)return z(e.refusals);let n=await M(e.payload.options);if(!n)return a({text:r.declined});let{payload:i,refusals:o}=await x({input:{ceremonyId:e.payload.ceremonyId,credential:n}});if(o.length||!i)return z(o);a({text:r.added(i.endedSessions)}),i.recoveryCodes.length&&F(i.recoveryCodes),t()}return(0,P.jsxs)(u,{title:r.title,actions:(0,P.jsx)(O,{variant:`light`,color:R.enabledAt?`green`:`gray`,children:R.enabledAt?r.on:r.off}),children:[!R.enabledAt&&(0,P.jsx)(`p`,{className:`faint`,children:r.offText}),(0,P.jsxs)(`ul`,{className:`settings`,children:[(0,P.jsxs)(`li`,{children:[(0,P.jsx)(`span`,{className:`sign ${R.authenticatorAddedAt?`good`:``}`,children:(0,P.jsx)(l,{name:`device`})}),(0,P.jsxs)(`div`,{className:`grow`,children:[(0,P.jsx)(`strong`,{children:r.app}),(0,P.jsx)(`p`,{className:`faint small`,children:R.authenticatorAddedAt?r.appSince(d.date(R.authenticatorAddedAt)):r.appNone})]}),R.authenticatorAddedAt?(0,P.jsx)(o,{size:`sm`,variant:`default`,onClick:()=>L(`disable`),children:r.takeAway}):(0,P.jsx)(o,{size:`sm`,variant:`default`,onClick:B,loading:g,"aria-label":`${r.app}: ${r.setUp}`,children:r.setUp})]}),R.enabledAt&&(0,P.jsxs)(`li`,{children:[(0,P.jsx)(`span`,{className:`sign ${R.recoveryCodesLeft>3?`good`:`care`}`,children:(0,P.jsx)(l,{name:`key`})}),(0,P.jsxs)(`div`,{className:`grow`,children:[(0,P.jsx)(`strong`,{children:r.codes}),(0,P.jsx)(`p`,{className:`faint small`,children:R.recoveryCodesLeft>3?r.codesLeft(R.recoveryCodesLeft):r.codesFew(R.recoveryCodesLeft)})]}),(0,P.jsx)(o,{size:`sm`,variant:`default`,onClick:()=>L(`renew`),children:r.renew})]}),(0,P.jsxs)(`li`,{children:[(0,P.jsx)(`span`,{className:`sign ${e.passkeys.length?`good`:``}`,children:(0,P.jsx)(l,{name:`shield`})}),(0,P.jsxs)(`div`,{className:`grow`,children:[(0,P.jsx)(`strong`,{children:r.passkey}),(0,P.jsx)(`p`,{className:`faint small`,children:r.passkeyText})]}),j&&(0,P.jsx)(o,{size:`sm`,variant:`default`,onClick:V,loading:b||S,children:r.add})]}),e.passkeys.map(e=>(0,P.jsxs)(`li`,{className:`inner`,children:[(0,P.jsxs)(`div`,{className:`grow`,children:[(0,P.jsx)(`span`,{className:`wrap`,children:e.name}),(0,P.jsx)(`p`,{className:`faint small`,children:e.lastUsedAt?(0,P.jsxs)(P.Fragment,{children:[r.used,` `,(0,P.jsx)(n,{at:e.lastUsedAt})]}):r.unused})]}),(0,P.jsxs)(k,{children:[(0,P.jsx)(k.Target,{children:(0,P.jsx)(D,{variant:`subtle`,color:`gray`,"aria-label":r.what(e.name),children:(0,P.jsx)(l,{name:`more`})})}),(0,P.jsxs)(k.Dropdown,{children:[(0,P.jsx)(k.Item,{onClick:()=>L({rename:e}),children:r.rename}),(0,P.jsx)(k.Item,{color:`red`,onClick:()=>L({remove:e}),children:r.remove})]})]})]},e.id))]}),w&&(0,P.jsx)(re,{setup:w,close:()=>T(null),finish:e=>{T(null),F(e),t()}}),E&&(0,P.jsx)(ie,{codes:E,close:()=>F(null)}),I===`disable`&&(0,P.jsx)(A,{title:r.disableTitle,label:r.takeAway,danger:!0,close:()=>L(null),act:async()=>{let{refusals:e}=await _({});return e.length||(a({text:r.disabled}),t()),e},children:r.disableText}),I===`renew`&&(0,P.jsx)(A,{title:r.renewTitle,label:r.renew,close:()=>L(null),act:async()=>{let{payload:e,refusals:n}=await v({});return!n.length&&e&&(F(e.recoveryCodes),t()),n},children:r.renewText}),I&&typeof I==`object`&&`remove`in I&&(0,P.jsx)(A,{title:r.removeTitle(I.remove.name),label:r.remove,danger:!0,close:()=>L(null),act:async()=>{let{refusals:e}=await C({input:{passkeyId:I.remove.id}});return e.length||(a({text:r.removed}),t()),e},children:r.removeText}),I&&typeof I==`object`&&`rename`in I&&(0,P.jsx)(Q,{of:I.rename,close:()=>L(null)})]})}function ne(){let e=s(W);return(0,P.jsx)(x,{...b(`code`),label:e.code,inputMode:`numeric`,autoComplete:`one-time-code`,required:!0,withAsterisk:!1,maxLength:9,"data-autofocus":!0})}function re({setup:e,close:t,finish:n}){let r=s(W),[i,a]=m(ee);return(0,P.jsx)(C,{opened:!0,onClose:t,title:r.scanTitle,closeButtonProps:{"aria-label":r.close},children:(0,P.jsxs)(S,{send:async({code:e=``})=>{let{payload:t,refusals:r}=await i({input:{code:e}});if(r.length||!t)return r;n(t.recoveryCodes)},children:[(0,P.jsx)(`p`,{children:r.scan}),(0,P.jsx)(`img`,{className:`qr`,alt:r.scanAlt,src:`data:image/svg+xml,${encodeURIComponent(e.qrSvg)}`,width:200,height:200}),(0,P.jsxs)(`p`,{className:`faint small`,children:[r.type,` `,(0,P.jsx)(`span`,{className:`mono wrap`,children:e.secret})]}),(0,P.jsx)(`p`,{className:`small`,children:(0,P.jsx)(`a`,{href:e.otpauthUri,children:r.openApp})}),(0,P.jsx)(ne,{}),(0,P.jsxs)(`div`,{className:`row right`,children:[(0,P.jsx)(o,{variant:`default`,onClick:t,children:r.cancel}),(0,P.jsx)(o,{type:`submit`,loading:a,children:r.confirm})]})]})})}function ie({codes:e,close:t}){let n=s(W),[r,i]=(0,N.useState)(!1);return(0,P.jsx)(C,{opened:!0,onClose:t,title:n.keepTitle,closeOnClickOutside:!1,closeOnEscape:!1,withCloseButton:!1,children:(0,P.jsxs)(`div`,{className:`stack`,children:[(0,P.jsx)(v,{color:`yellow`,children:n.keep}),(0,P.jsx)(`ul`,{className:`codes mono`,children:e.map(e=>(0,P.jsx)(`li`,{children:e},e))}),(0,P.jsxs)(`div`,{className:`row right`,children:[(0,P.jsx)(o,{variant:`default`,onClick:()=>navigator.clipboard.writeText(e.join(`
`)).then(()=>i(!0),()=>{}),children:r?n.copied:n.copy}),(0,P.jsx)(o,{onClick:t,children:n.kept})]})]})})}function ae({value:e}){let t=s(W);return(0,P.jsx)(x,{...b(`name`),label:t.name,defaultValue:e,required:!0,withAsterisk:!1,maxLength:100,autoComplete:`off`,"data-autofocus":!0})}function Q({of:e,close:t}){let n=s(W),r=f(),[i,a]=m(Y);return(0,P.jsx)(C,{opened:!0,onClose:t,title:n.rename,closeButtonProps:{"aria-label":n.close},children:(0,P.jsxs)(S,{send:async({name:a=``})=>{let{refusals:o}=await i({input:{passkeyId:e.id,name:a}});if(o.length)return o;r({text:n.renamed}),t()},children:[(0,P.jsx)(ae,{value:e.name}),(0,P.jsxs)(`div`,{className:`row right`,children:[(0,P.jsx)(o,{variant:`default`,onClick:t,children:n.cancel}),(0,P.jsx)(o,{type:`submit`,loading:a,children:n.save})]})]})})}var oe=d({en:{title:`Where you are signed in`,here:`this one`,seen:`last seen`,since:e=>`signed in ${e}`,end:`Sign out`,ended:e=>`${e} is signed out.`,others:`Sign out everywhere else`,othersText:`Every other browser and app of yours is signed out at once, and has to sign in again.`,othersEnded:e=>e===1?`One other session has ended.`:`${e} other sessions have ended.`},de:{title:`Wo Sie angemeldet sind`,here:`diese hier`,seen:`zuletzt gesehen`,since:e=>`angemeldet am ${e}`,end:`Abmelden`,ended:e=>`${e} ist abgemeldet.`,others:`Überall sonst abmelden`,othersText:`Jeder andere Browser und jede andere App von Ihnen wird sofort abgemeldet und muss sich neu anmelden.`,othersEnded:e=>e===1?`Eine andere Sitzung wurde beendet.`:`${e} andere Sitzungen wurden beendet.`}}),se=a(`
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
`),ce=a(`
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
`);function le({person:e,changed:t}){let r=s(oe),a=f(),c=h(),d=i(),[p]=m(se),[g]=m(ce),[_,v]=(0,N.useState)(!1);return(0,P.jsxs)(u,{title:r.title,body:!1,actions:e.sessions.length>1&&(0,P.jsx)(o,{size:`sm`,variant:`default`,onClick:()=>v(!0),children:r.others}),children:[(0,P.jsx)(`ul`,{className:`list`,children:e.sessions.map(e=>(0,P.jsxs)(`li`,{children:[(0,P.jsx)(`span`,{className:`sign ${e.current?`good`:``}`,children:(0,P.jsx)(l,{name:`device`})}),(0,P.jsxs)(`div`,{className:`grow`,children:[(0,P.jsxs)(`span`,{className:`row tight`,children:[(0,P.jsx)(`strong`,{className:`wrap`,children:e.device}),e.current&&(0,P.jsx)(O,{size:`sm`,variant:`light`,color:`green`,children:r.here})]}),(0,P.jsxs)(`p`,{className:`faint small wrap`,children:[r.seen,` `,(0,P.jsx)(n,{at:e.lastSeenAt}),` · `,r.since(d.date(e.createdAt)),e.address&&` · ${e.address}`]})]}),!e.current&&(0,P.jsx)(o,{size:`sm`,variant:`default`,"aria-label":`${r.end}: ${e.device}`,onClick:async()=>{let{refusals:n}=await p({input:{sessionId:e.id}});a({text:n.length?n.map(c).join(` `):r.ended(e.device)}),t()},children:r.end})]},e.id))}),_&&(0,P.jsx)(A,{title:r.others,label:r.others,close:()=>v(!1),act:async()=>{let{payload:e,refusals:n}=await g({});return n.length||(a({text:r.othersEnded(e?.endedSessions??0)}),t()),n},children:r.othersText})]})}var ue=d({en:{title:`Your profile`,lead:`Who you are here, and how you sign in. It is the same in every account.`},de:{title:`Ihr Profil`,lead:`Wer Sie hier sind und wie Sie sich anmelden. Es ist in jedem Konto dasselbe.`}}),$=a(`
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
`);function de(){let e=s(ue),{data:n,error:r,loading:i,refetch:a}=_($,{fetchPolicy:`cache-and-network`}),o=n?.viewer,c=o&&{person:o,changed:()=>void a()};return(0,P.jsx)(p,{title:e.title,lead:e.lead,shown:{document:$},children:c?(0,P.jsxs)(P.Fragment,{children:[(0,P.jsx)(U,{...c}),(0,P.jsx)(Z,{...c}),(0,P.jsx)(le,{...c})]}):i?(0,P.jsxs)(P.Fragment,{children:[(0,P.jsx)(t,{h:280,radius:`lg`}),(0,P.jsx)(t,{h:280,radius:`lg`}),(0,P.jsx)(t,{h:200,radius:`lg`})]}):(0,P.jsx)(g,{error:r,again:()=>void a()})})}export{$ as PROFILE,de as default};