import{r as e}from"./rolldown-runtime.js";import{C as t,Et as n,O as r,S as i,T as a,Tt as o,_ as s,a as c,c as l,f as u,k as d,m as f,n as p,p as m,r as h,w as g,y as _}from"./base.js";import{n as v,r as y,t as b}from"./form.js";import{t as x}from"./Skeleton.js";import{a as S,d as C,l as w,s as T,t as E}from"./react.js";import{r as D}from"./shell.js";import{t as O}from"./Checkbox.js";import{a as k,i as A,n as j}from"./grants.js";import{t as ee}from"./Select.js";import{t as te}from"./Textarea.js";import{t as ne}from"./TextInput.js";import{t as re}from"./risks.js";import{a as M,i as ie,n as ae,o as oe,r as N,s as P,t as F}from"./wants.js";import{t as I}from"./Badge.js";import{n as L,t as R}from"./rules.js";import{t as se}from"./Modal.js";import{t as z}from"./SegmentedControl.js";import{t as B}from"./confirm.js";import{i as V,t as ce}from"./operations.js";var H=e(C(),1),le=[`BILLING`,`TECHNICAL`,`ADMINISTRATIVE`,`CONTRACTUAL`,`OTHER`],U=[`email`,`firstName`,`lastName`,`company`,`phone`,`locale`,`notes`,`externalId`],W=[`line1`,`line2`,`city`,`region`,`postalCode`,`country`],ue=e=>({...Object.fromEntries([...U,...W].map(e=>[e,``])),locale:e,type:`OTHER`,preferences:[],subAccountAccess:`NONE`,subAccountIds:[]}),de=e=>({...Object.fromEntries([...U.map(t=>[t,e[t]??``]),...W.map(t=>[t,e.address[t]])]),type:e.type,preferences:ae(e.preferences),subAccountAccess:e.subAccountAccess,subAccountIds:(e.selectedSubAccounts??[]).map(e=>e.id)}),G=e=>e.channel,K=(e,t)=>JSON.stringify(t===`preferences`?N([...e.preferences].sort((e,t)=>G(e).localeCompare(G(t)))):t===`subAccountIds`?[...e.subAccountIds].sort():e[t].toString().trim()),q=(e,t)=>Object.keys(e).filter(n=>K(e,n)!==K(t,n));function fe(e,t,n){let r=new Set(q(e,t));return Object.fromEntries(Object.entries(n).map(([t,n])=>[t,r.has(t)?e[t]:n]))}function pe(e,t){let n=new Set(t?q(e,t):Object.keys(e).filter(t=>e[t].length)),r={};for(let t of U)n.has(t)&&(r[t]=e[t].trim()||(t===`externalId`||t===`locale`?null:``));return W.some(e=>n.has(e))&&(r.address=Object.fromEntries(W.map(t=>[t,e[t].trim()]))),n.has(`type`)&&(r.type=e.type),n.has(`preferences`)&&(r.preferences=e.preferences.length?N(e.preferences):null),(n.has(`subAccountAccess`)||n.has(`subAccountIds`))&&(r.subAccountAccess=e.subAccountAccess,e.subAccountAccess===`SELECTED`&&(r.subAccountIds=e.subAccountIds)),r}var me=r(`
  query Contact($contactId: ID!) {
    node(id: $contactId) {
      ... on Contact {
        id
        account {
          id
        }
        email
        firstName
        lastName
        company
        phone
        address {
          line1
          line2
          city
          region
          postalCode
          country
        }
        locale
        type
        notes
        externalId
        preferences {
          channel
          all
          categories
          except
        }
        receives
        byPhone: receives(channel: PHONE)
        byWebhook: receives(channel: WEBHOOK)
        subAccountAccess
        selectedSubAccounts {
          id
          name
        }
        unsubscribedFrom
        verifiedAt
        verificationSentAt
        suppression {
          suppressedAt
          reason
        }
        membership {
          id
          state
          roles {
            id
            name
          }
        }
        invitation {
          id
          expiresAt
          roles {
            id
            name
          }
        }
        createdAt
        version
      }
    }
  }
`),he=r(`
  query ContactChoices($accountId: ID!) {
    permissionCatalog {
      categories {
        key
        label
        description
        mandatory
        transactional
        default
      }
    }
    account(id: $accountId) {
      id
      subAccounts(first: 100) {
        nodes {
          id
          name
        }
      }
    }
  }
`),ge=r(`
  mutation CreateContact($input: CreateContactInput!) {
    createContact(input: $input) {
      contact {
        id
      }
      login {
        outcome
        message
        link
      }
      warnings
      riskWarnings {
        permission
        message
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),_e=r(`
  mutation UpdateContact($input: UpdateContactInput!) {
    updateContact(input: $input) {
      contact {
        id
        email
        firstName
        lastName
        company
        phone
        address {
          line1
          line2
          city
          region
          postalCode
          country
        }
        locale
        type
        notes
        externalId
        preferences {
          channel
          all
          categories
          except
        }
        receives
        byPhone: receives(channel: PHONE)
        byWebhook: receives(channel: WEBHOOK)
        subAccountAccess
        selectedSubAccounts {
          id
          name
        }
        unsubscribedFrom
        verifiedAt
        verificationSentAt
        suppression {
          suppressedAt
          reason
        }
        membership {
          id
          state
          roles {
            id
            name
          }
        }
        invitation {
          id
          expiresAt
          roles {
            id
            name
          }
        }
        version
      }
      login {
        outcome
        message
        link
      }
      warnings
      riskWarnings {
        permission
        message
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),ve=r(`
  mutation DeleteContact($input: DeleteContactInput!) {
    deleteContact(input: $input) {
      deletedContactId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),ye=r(`
  mutation RevokeContactLogin($input: RevokeContactLoginInput!) {
    revokeContactLogin(input: $input) {
      contact {
        id
        version
        membership {
          id
        }
        invitation {
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
`),J=r(`
  mutation RequestContactVerification($input: RequestContactVerificationInput!) {
    requestContactVerification(input: $input) {
      contact {
        id
        verifiedAt
        verificationSentAt
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),Y=r(`
  mutation SendTestNotification($input: SendTestNotificationInput!) {
    sendTestNotification(input: $input) {
      sent
      rule
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),X=w(),Z=a({en:{title:`What they get`,text:`By mail to the address, by a call of your webhooks, or as a note to our staff to telephone.`,category:`Category`,usual:`as usual`,back:`Back to usual`,backOf:e=>`Back to usual: ${e}`,all:`Everything`,allText:`Also what is added later.`,cell:(e,t)=>`${e}, ${t}`,must:`somebody must get it`,left:`unsubscribed`,leftText:`Whoever reads the mail unsubscribed. Only they can take that back.`,suppressed:`Mail to this address comes back, so none is sent until that is cleared.`,silent:`As it is, they get nothing at all.`},de:{title:`Was sie bekommen`,text:`Per Mail an die Adresse, als Aufruf Ihrer Webhooks, oder als Notiz an unser Team, anzurufen.`,category:`Kategorie`,usual:`wie üblich`,back:`Wieder wie üblich`,backOf:e=>`Wieder wie üblich: ${e}`,all:`Alles`,allText:`Auch was später hinzukommt.`,cell:(e,t)=>`${e}, ${t}`,must:`jemand muss es bekommen`,left:`abgemeldet`,leftText:`Wer die Post liest, hat sich abgemeldet. Nur diese Person nimmt das zurück.`,suppressed:`Post an diese Adresse kommt zurück, darum wird keine geschickt, bis das behoben ist.`,silent:`So bekommt der Kontakt gar nichts.`}});function be({categories:e,value:t,onChange:n,contact:r,fixed:i}){let a=g(Z),o=R(),c=e=>t.find(t=>t.channel===e),l=e=>t.filter(t=>t.channel!==e);function u(r,i){let a=e.filter(e=>P(t,e,r)).map(e=>e.key);n([...l(r),i?{channel:r,all:i,categories:[],except:[]}:{channel:r,all:i,categories:a,except:[]}])}let d=!e.some(e=>F.some(n=>P(t,e,n)&&!(n===`EMAIL`&&r&&ie(r,e))));return(0,X.jsxs)(`section`,{className:`stack`,"aria-label":a.title,children:[(0,X.jsxs)(`div`,{children:[(0,X.jsx)(`h3`,{className:`legend`,children:a.title}),(0,X.jsx)(`p`,{className:`faint small`,children:a.text}),!!r?.suppression&&(0,X.jsx)(`p`,{className:`bad small`,children:a.suppressed})]}),(0,X.jsxs)(`table`,{className:`wants`,children:[(0,X.jsx)(`thead`,{children:(0,X.jsxs)(`tr`,{children:[(0,X.jsx)(`th`,{scope:`col`,children:(0,X.jsx)(`span`,{className:`hidden`,children:a.category})}),F.map(e=>(0,X.jsxs)(`th`,{scope:`col`,children:[o(e),c(e)&&!i?(0,X.jsx)(`button`,{type:`button`,className:`plain link small`,"aria-label":a.backOf(o(e)),onClick:()=>n(l(e)),children:a.back}):(0,X.jsx)(`span`,{className:`faint small`,children:!c(e)&&a.usual})]},e))]})}),(0,X.jsxs)(`tbody`,{children:[(0,X.jsxs)(`tr`,{children:[(0,X.jsxs)(`th`,{scope:`row`,children:[a.all,` `,(0,X.jsx)(`span`,{className:`faint small`,children:a.allText})]}),F.map(e=>(0,X.jsx)(`td`,{children:(0,X.jsx)(O,{"aria-label":a.cell(a.all,o(e)),checked:!!c(e)?.all,disabled:i,onChange:t=>u(e,t.currentTarget.checked)})},e))]}),e.map(c=>(0,X.jsxs)(`tr`,{children:[(0,X.jsxs)(`th`,{scope:`row`,children:[c.label,` `,c.mandatory&&(0,X.jsx)(I,{size:`sm`,variant:`light`,color:`gray`,children:a.must}),(0,X.jsx)(`span`,{className:`faint small`,children:c.description})]}),F.map(l=>(0,X.jsx)(`td`,{children:l===`EMAIL`&&r&&ie(r,c)?(0,X.jsxs)(`span`,{className:`left`,title:a.leftText,children:[(0,X.jsx)(s,{name:`exit`,size:16}),(0,X.jsx)(`span`,{className:`small`,children:a.left})]}):(0,X.jsx)(O,{"aria-label":a.cell(c.label,o(l)),checked:P(t,c,l),disabled:i,onChange:r=>n(oe(t,e,c,l,r.currentTarget.checked))})},l))]},c.key))]})]}),(0,X.jsxs)(`p`,{className:`faint small`,role:`status`,children:[d&&(0,X.jsx)(`span`,{className:`mild`,children:a.silent}),r&&r.unsubscribedFrom.length>0&&` ${a.leftText}`]})]})}var xe=a({en:{details:`Details`,email:`Email address`,emailText:`Where mail goes. The only thing that is needed.`,firstName:`First name`,lastName:`Last name`,company:`Company`,phone:`Telephone`,phoneText:`With the country: +49 30 1234567`,type:`What they are to you`,locale:`Language of their mail`,postal:`Postal address`,line1:`Street and number`,line2:`More of the address`,city:`Town`,region:`State or county`,postalCode:`Postal code`,country:`Country`,countryText:`Two letters, such as DE`,notes:`Notes`,notesText:`For you and your colleagues. Never sent.`,externalId:`Number in another system`,BILLING:`Billing`,TECHNICAL:`Technical`,ADMINISTRATIVE:`Administrative`,CONTRACTUAL:`Contractual`,OTHER:`Something else`,preferences:`Preferences`,covers:`Sub-accounts`,coversText:`Whether they get the notifications of sub-accounts as well.`,NONE:`None`,SELECTED:`Some`,ALL:`All, also those opened later`,login:`Let them sign in`,loginText:`They get an invitation, set their own password, and may then do what you choose here.`,save:`Save`,add:`Add the contact`,reset:`Reset`,cancel:`Cancel`,saved:e=>`${e} is saved.`,added:e=>`${e} is there.`,invited:e=>`${e} is there, and an invitation is on its way.`,silent:e=>`${e} is saved, and gets nothing: check the preferences.`,fallback:e=>`${e} is saved. Something that somebody must get now reaches no contact, so the owner gets it.`,conflict:`Somebody changed this contact while you were at it. What you typed is kept, what you did not touch is as they left it. Look it over and save.`,theirs:`They changed:`,subAccountAccess:`Sub-accounts`,subAccountIds:`Sub-accounts`},de:{details:`Angaben`,email:`E-Mail-Adresse`,emailText:`Wohin die Post geht. Nur das muss sein.`,firstName:`Vorname`,lastName:`Nachname`,company:`Firma`,phone:`Telefon`,phoneText:`Mit Landesvorwahl: +49 30 1234567`,type:`Wofür der Kontakt da ist`,locale:`Sprache der Mails`,postal:`Anschrift`,line1:`Straße und Hausnummer`,line2:`Adresszusatz`,city:`Ort`,region:`Bundesland oder Region`,postalCode:`Postleitzahl`,country:`Land`,countryText:`Zwei Buchstaben, etwa DE`,notes:`Notizen`,notesText:`Für Sie und Ihre Kollegen. Werden nie verschickt.`,externalId:`Nummer in einem anderen System`,BILLING:`Abrechnung`,TECHNICAL:`Technik`,ADMINISTRATIVE:`Verwaltung`,CONTRACTUAL:`Verträge`,OTHER:`Etwas anderes`,preferences:`Einstellungen`,covers:`Unterkonten`,coversText:`Ob auch die Benachrichtigungen von Unterkonten dorthin gehen.`,NONE:`Keine`,SELECTED:`Einige`,ALL:`Alle, auch spätere`,login:`Anmeldung erlauben`,loginText:`Es geht eine Einladung hinaus, das Passwort wird selbst gesetzt, und erlaubt ist dann, was Sie hier wählen.`,save:`Speichern`,add:`Kontakt anlegen`,reset:`Zurücksetzen`,cancel:`Abbrechen`,saved:e=>`${e} ist gespeichert.`,added:e=>`${e} ist angelegt.`,invited:e=>`${e} ist angelegt, und eine Einladung ist unterwegs.`,silent:e=>`${e} ist gespeichert und bekommt nichts: Prüfen Sie die Einstellungen.`,fallback:e=>`${e} ist gespeichert. Etwas, das jemand bekommen muss, erreicht jetzt keinen Kontakt, darum geht es an den Inhaber.`,conflict:`Jemand hat diesen Kontakt inzwischen geändert. Was Sie eingegeben haben, bleibt; was Sie nicht angerührt haben, ist auf dem neuen Stand. Sehen Sie es an und speichern Sie.`,theirs:`Geändert wurde:`,subAccountAccess:`Unterkonten`,subAccountIds:`Unterkonten`}}),Se=[`en`,`de`,`fr`,`es`];function Ce({contact:e,refetch:n}){let r=g(xe),a=l(),s=i(),{language:c}=t(),{account:u,base:m,can:_,open:v}=D(),[,C]=S(),[w]=T(),{data:E}=o(he,{variables:{accountId:u.id}}),[ee,te]=p(ge),[ne,ie]=p(_e),ae=h(),[N,P]=(0,H.useState)(()=>e?de(e):ue(c)),F=(0,H.useRef)(e?de(e):N),[I,L]=(0,H.useState)([]),[R,se]=(0,H.useState)(null),[z,B]=(0,H.useState)([]),[V,ce]=(0,H.useState)(!1),U=E?.permissionCatalog?.categories??[],W=E?.account?.subAccounts?.nodes??[],G=q(N,F.current).length>0,K=!v,me=e?.version;(0,H.useEffect)(()=>{if(!e)return;let t=de(e),n=F.current;F.current=t,P(e=>{let r=q(e,n),i=q(t,n).filter(n=>q(t,e).includes(n));return L(r.length&&i.length?q(t,n):[]),fe(e,n,t)})},[me]);let ve=w.get(`category`),ye=(0,H.useRef)(!1);(0,H.useEffect)(()=>{let t=U.find(e=>e.key===ve);e||ye.current||!t||(ye.current=!0,P(e=>({...e,preferences:oe(e.preferences,U,t,`EMAIL`,!0)})))},[U,ve,e]);let J=(e,t)=>P(n=>({...n,[e]:t})),Y=e=>({name:e,value:N[e],onChange:t=>J(e,t),fixed:K}),Z=M(N);async function Ce(){if(e){let{payload:t,refusals:i}=await ne({input:{contactId:e.id,version:e.version,...pe(N,F.current)}});if(i.some(e=>e.code===`CONFLICT`&&e.field===`version`)){await n?.();return}if(i.length)return i;L([]),a({text:t?.warnings.includes(`CONTACT_RECEIVES_NOTHING`)?r.silent(Z):t?.warnings.includes(`OWNER_IS_FALLBACK`)?r.fallback(Z):r.saved(Z)});return}let t=R&&{...R,subAccountIds:R.subAccountAccess===`SELECTED`?R.subAccountIds:void 0,acknowledgeRisks:V},i={accountId:u.id,email:N.email.trim(),...pe(N),login:t??void 0},{payload:o,refusals:s}=await ee({input:{...i,idempotencyKey:ae(i)}});if(s.some(e=>e.code===`RISK_NOT_ACKNOWLEDGED`))B(o?.riskWarnings??[]),ce(!1);else{if(s.length)return s;a({text:o?.warnings.includes(`CONTACT_RECEIVES_NOTHING`)?r.silent(Z):R?r.invited(Z):r.added(Z)}),C(o?.contact?`${m}/contacts/${o.contact.id}`:`${m}/contacts`)}}let we=[...new Set(I.map(e=>r[e]??e))];return(0,X.jsxs)(b,{send:Ce,className:`stack side-stack`,children:[I.length>0&&(0,X.jsxs)(y,{color:`yellow`,role:`alert`,children:[r.conflict,(0,X.jsx)(`br`,{}),(0,X.jsx)(`strong`,{children:r.theirs}),` `,s.list(we)]}),(0,X.jsx)(f,{title:r.details,children:(0,X.jsxs)(`div`,{className:`stack`,children:[(0,X.jsx)(Q,{...Y(`email`),label:r.email,description:r.emailText,type:`email`,required:!0,focus:!e,complete:`off`,max:254}),(0,X.jsxs)(`div`,{className:`pair`,children:[(0,X.jsx)(Q,{...Y(`firstName`),label:r.firstName,max:100}),(0,X.jsx)(Q,{...Y(`lastName`),label:r.lastName,max:100}),(0,X.jsx)(Q,{...Y(`company`),label:r.company,max:200}),(0,X.jsx)(Q,{...Y(`phone`),label:r.phone,description:r.phoneText,type:`tel`,max:40}),(0,X.jsx)(Ee,{name:`type`,label:r.type,value:N.type,onChange:e=>J(`type`,e),data:le.map(e=>({value:e,label:r[e]})),fixed:K}),(0,X.jsx)(Ee,{name:`locale`,label:r.locale,value:N.locale,onChange:e=>J(`locale`,e),data:[...new Set([...Se,N.locale].filter(Boolean))].map(e=>({value:e,label:new Intl.DisplayNames(c,{type:`language`}).of(e)??e})),fixed:K})]}),(0,X.jsxs)(`fieldset`,{className:`plainset stack`,children:[(0,X.jsx)(`legend`,{className:`legend`,children:r.postal}),(0,X.jsxs)(`div`,{className:`pair`,children:[(0,X.jsx)(Q,{...Y(`line1`),label:r.line1,max:200}),(0,X.jsx)(Q,{...Y(`line2`),label:r.line2,max:200}),(0,X.jsx)(Q,{...Y(`postalCode`),label:r.postalCode,max:20}),(0,X.jsx)(Q,{...Y(`city`),label:r.city,max:100}),(0,X.jsx)(Q,{...Y(`region`),label:r.region,max:100}),(0,X.jsx)(Q,{...Y(`country`),label:r.country,description:r.countryText,max:2,upper:!0})]})]}),(0,X.jsxs)(`div`,{className:`pair`,children:[(0,X.jsx)(Te,{...Y(`notes`),label:r.notes,description:r.notesText}),(0,X.jsx)(Q,{...Y(`externalId`),label:r.externalId,max:100})]})]})}),(0,X.jsx)(f,{title:r.preferences,children:(0,X.jsxs)(`div`,{className:`stack`,children:[E?(0,X.jsx)(be,{categories:U,value:N.preferences,onChange:e=>J(`preferences`,e),contact:e,fixed:K}):(0,X.jsx)(x,{h:380}),W.length>0&&(0,X.jsxs)(`fieldset`,{className:`plainset stack`,children:[(0,X.jsxs)(`div`,{children:[(0,X.jsx)(`legend`,{className:`legend`,children:r.covers}),(0,X.jsx)(`p`,{className:`faint small`,children:r.coversText})]}),(0,X.jsx)(k.Group,{"aria-label":r.covers,value:N.subAccountAccess,onChange:e=>P(t=>({...t,subAccountAccess:e,subAccountIds:[]})),children:(0,X.jsx)(`div`,{className:`stack tight`,children:[`NONE`,`SELECTED`,`ALL`].map(e=>(0,X.jsxs)(`div`,{className:`stack tight`,children:[(0,X.jsx)(k,{value:e,label:r[e],disabled:K}),e===`SELECTED`&&N.subAccountAccess===e&&(0,X.jsx)(`ul`,{className:`subs`,children:W.map(e=>(0,X.jsx)(`li`,{children:(0,X.jsx)(O,{label:e.name,checked:N.subAccountIds.includes(e.id),disabled:K,onChange:t=>J(`subAccountIds`,t.currentTarget.checked?[...N.subAccountIds,e.id]:N.subAccountIds.filter(t=>t!==e.id))})},e.id))})]},e))})})]})]})}),!e&&_(`users`)&&(0,X.jsx)(`section`,{className:`panel`,children:(0,X.jsxs)(`div`,{className:`body stack`,children:[(0,X.jsx)(O,{label:r.login,description:r.loginText,checked:!!R,onChange:e=>(se(e.currentTarget.checked?A:null),B([]))}),R&&(0,X.jsx)(j,{accountId:u.id,value:R,onChange:se}),(0,X.jsx)(re,{warnings:z,read:V,onRead:ce,reveal:!0})]})}),v&&(0,X.jsxs)(`div`,{className:`row right keep`,"data-dirty":!e||G||void 0,children:[e?(0,X.jsx)(d,{variant:`default`,disabled:!G,onClick:()=>(P(F.current),L([])),children:r.reset}):(0,X.jsx)(d,{variant:`default`,onClick:()=>C(`${m}/contacts`),children:r.cancel}),(0,X.jsx)(d,{type:`submit`,loading:te||ie,disabled:!!e&&!G||z.length>0&&!V||N.subAccountAccess===`SELECTED`&&!N.subAccountIds.length,children:e?r.save:r.add})]})]})}var we={inputWrapperOrder:[`label`,`input`,`error`,`description`]};function Q({value:e,onChange:t,fixed:n,name:r,max:i,focus:a,complete:o=`off`,upper:s,...c}){return(0,X.jsx)(ne,{...v(r),...c,...we,withAsterisk:!1,value:e,onChange:e=>t(s?e.currentTarget.value.toUpperCase():e.currentTarget.value),readOnly:n,maxLength:i,autoFocus:a,autoComplete:o,spellCheck:!1})}function Te({value:e,onChange:t,fixed:n,name:r,...i}){return(0,X.jsx)(te,{...v(r),...i,...we,value:e,onChange:e=>t(e.currentTarget.value),readOnly:n,maxLength:2e3,rows:3})}function Ee({value:e,onChange:t,fixed:n,name:r,...i}){let{error:a}=v(r);return(0,X.jsx)(ee,{...i,error:a,value:e,onChange:e=>e&&t(e),disabled:n})}var $=a({en:{address:`The address`,bounced:`Mail comes back`,bouncedText:e=>`Since ${e} no mail is sent to it.`,clear:`Send mail again`,cleared:e=>`Mail goes to ${e} again. If it comes back once more, it stops again.`,verified:`Confirmed`,verifiedText:e=>`Whoever reads the mail said ${e} that the address is right.`,waiting:`Asked`,waitingText:e=>`A mail asked ${e}; the link works for seven days.`,unverified:`Not confirmed`,unverifiedText:`Mail goes there all the same. Ask, and you know it reaches the right person.`,ask:`Ask by mail`,again:`Ask again`,asked:e=>`A mail is on its way to ${e}.`,test:`Does it arrive?`,testText:`Choose something and try it, or see by which rule they get it or not.`,category:`Category`,channel:`How`,send:`Send a test`,why:`Only say why`,sent:e=>`On its way to ${e}.`,notSent:`Nothing is sent.`,gets:`They get it.`,not:`They do not get it.`,because:(e,t)=>`${e} ${t}.`,SUPPRESSED:`Mail to the address comes back.`,UNSUBSCRIBED:`Whoever reads the mail unsubscribed from this.`,login:`Login`,signsIn:`Signs in`,off:`Deactivated`,invited:`Invited`,until:e=>`The invitation lapses ${e}.`,none:`Gets notifications and does not sign in.`,noUsers:`Whoever manages the people of this account sees whether they sign in.`,roles:`Roles`,noRoles:`none`,member:`What they may do`,give:`Give a login`,giveText:e=>`${e} gets an invitation and sets their own password. Somebody who belongs to the account already is linked at once and keeps what they hold.`,invite:`Send the invitation`,takeAway:`Take the login away`,takeTitle:e=>`Take the login of ${e} away?`,takeMember:e=>`${e} is removed from the people of this account at once. The contact stays and goes on getting notifications.`,takeInvited:`The link in the mail stops working at once. The contact stays.`,taken:e=>`${e} no longer signs in.`,linked:e=>`${e} belongs to the account already, and is linked now.`,sentInvitation:e=>`An invitation to ${e} is on its way.`,more:`More`,remove:`Delete the contact`,removeText:`Nothing is sent to the address any more. What was done stays in the history.`,removeTitle:e=>`Delete ${e}?`,removeLong:e=>`Notifications no longer go to ${e}, and what they chose is forgotten.`,alsoMember:`Also take their login away`,alsoMemberText:`Otherwise they stay among the people of this account.`,removed:e=>`${e} is deleted.`,history:`Added`,close:`Close`,cancel:`Cancel`},de:{address:`Die Adresse`,bounced:`Post kommt zurück`,bouncedText:e=>`Seit ${e} wird keine Post dorthin geschickt.`,clear:`Wieder Post schicken`,cleared:e=>`Post geht wieder an ${e}. Kommt sie noch einmal zurück, ist wieder Schluss.`,verified:`Bestätigt`,verifiedText:e=>`Wer die Post liest, hat ${e} gesagt, dass die Adresse stimmt.`,waiting:`Gefragt`,waitingText:e=>`Eine Mail hat ${e} gefragt; der Link gilt sieben Tage.`,unverified:`Nicht bestätigt`,unverifiedText:`Post geht trotzdem dorthin. Fragen Sie, dann wissen Sie, dass sie richtig ankommt.`,ask:`Per Mail fragen`,again:`Noch einmal fragen`,asked:e=>`Eine Mail an ${e} ist unterwegs.`,test:`Kommt es an?`,testText:`Wählen Sie etwas und probieren Sie es aus, oder sehen Sie, nach welcher Regel es ankommt oder nicht.`,category:`Kategorie`,channel:`Wie`,send:`Probe schicken`,why:`Nur sagen, warum`,sent:e=>`Unterwegs an ${e}.`,notSent:`Es wird nichts geschickt.`,gets:`Kommt an.`,not:`Kommt nicht an.`,because:(e,t)=>`${e} ${t}.`,SUPPRESSED:`Post an die Adresse kommt zurück.`,UNSUBSCRIBED:`Wer die Post liest, hat sich davon abgemeldet.`,login:`Anmeldung`,signsIn:`Meldet sich an`,off:`Deaktiviert`,invited:`Eingeladen`,until:e=>`Die Einladung läuft ${e} ab.`,none:`Bekommt Benachrichtigungen und meldet sich nicht an.`,noUsers:`Wer die Personen dieses Kontos verwaltet, sieht, ob sich der Kontakt anmeldet.`,roles:`Rollen`,noRoles:`keine`,member:`Was sie dürfen`,give:`Anmeldung erlauben`,giveText:e=>`${e} bekommt eine Einladung und setzt das Passwort selbst. Wer schon zum Konto gehört, wird sofort verbunden und behält, was er hat.`,invite:`Einladung schicken`,takeAway:`Anmeldung nehmen`,takeTitle:e=>`${e} die Anmeldung nehmen?`,takeMember:e=>`${e} gehört dann sofort nicht mehr zu den Personen dieses Kontos. Der Kontakt bleibt und bekommt weiter Benachrichtigungen.`,takeInvited:`Der Link in der Mail gilt sofort nicht mehr. Der Kontakt bleibt.`,taken:e=>`${e} meldet sich nicht mehr an.`,linked:e=>`${e} gehört schon zum Konto und ist jetzt verbunden.`,sentInvitation:e=>`Eine Einladung an ${e} ist unterwegs.`,more:`Mehr`,remove:`Kontakt löschen`,removeText:`An die Adresse geht nichts mehr. Was geschehen ist, bleibt im Verlauf.`,removeTitle:e=>`${e} löschen?`,removeLong:e=>`Benachrichtigungen gehen nicht mehr an ${e}, und was gewählt war, wird vergessen.`,alsoMember:`Auch die Anmeldung nehmen`,alsoMemberText:`Sonst gehört sie weiter zu den Personen dieses Kontos.`,removed:e=>`${e} ist gelöscht.`,history:`Angelegt`,close:`Schließen`,cancel:`Abbrechen`}});function De({contact:e}){let t=g($),n=l(),r=c(),a=i(),{open:o}=D(),[s,u]=p(ce),[m,h]=p(J),v=(e,t)=>n({text:e.length?e.map(r).join(` `):t}),y={contactId:e.id},b=e.suppression?`bounced`:e.verifiedAt?`verified`:e.verificationSentAt?`waiting`:`unverified`;return(0,X.jsx)(f,{title:t.address,actions:(0,X.jsx)(I,{variant:`light`,color:{bounced:`red`,verified:`green`,waiting:`blue`,unverified:`gray`}[b],children:t[b]}),children:(0,X.jsxs)(`div`,{className:`stack`,children:[e.suppression?(0,X.jsxs)(X.Fragment,{children:[(0,X.jsxs)(`p`,{children:[t.bouncedText(a.date(e.suppression.suppressedAt)),e.suppression.reason&&(0,X.jsx)(`q`,{className:`quote small`,children:e.suppression.reason})]}),(0,X.jsx)(d,{variant:`default`,loading:u,disabled:!o,onClick:async()=>v((await s({input:y})).refusals,t.cleared(e.email)),children:t.clear})]}):(0,X.jsxs)(X.Fragment,{children:[(0,X.jsx)(`p`,{className:`small`,children:e.verifiedAt?t.verifiedText(a.ago(e.verifiedAt)):e.verificationSentAt?t.waitingText(a.ago(e.verificationSentAt)):t.unverifiedText}),!e.verifiedAt&&(0,X.jsx)(d,{variant:`default`,loading:h,disabled:!o,onClick:async()=>v((await m({input:y})).refusals,t.asked(e.email)),children:e.verificationSentAt?t.again:t.ask})]}),(0,X.jsxs)(`p`,{className:`faint small`,children:[t.history,` `,(0,X.jsx)(_,{at:e.createdAt})]})]})})}function Oe({contact:e}){let t=g($),r=L(),i=R(),a=c(),{account:l,open:u}=D(),m=n(),[h,_]=p(Y),{data:v}=o(he,{variables:{accountId:l.id}}),y=v?.permissionCatalog?.categories??[],[b,x]=(0,H.useState)(null),[S,C]=(0,H.useState)(`EMAIL`),[w,T]=(0,H.useState)(null),[E,O]=(0,H.useState)(!1),k=b??y[0]?.key??null,A=M(e),j=e=>e?e===`SUPPRESSED`||e===`UNSUBSCRIBED`?t[e]:t.because(A,r(e)):``;async function te(){if(!k)return;let{payload:n,refusals:r}=await h({input:{contactId:e.id,category:k,channel:S}});T(r.length?{good:!1,title:t.notSent,text:r.map(a).join(` `)}:{good:!!n?.sent,title:n?.sent?t.sent(S===`EMAIL`?e.email:A):t.notSent,text:j(n?.rule??null)})}async function ne(){if(!k)return;O(!0);let n;try{for(;;){let{data:r}=await m.query({query:V,variables:{accountId:l.id,category:k,channel:S,after:n},fetchPolicy:`no-cache`}),i=r?.account?.recipients,a=i?.nodes.find(t=>t.contact?.id===e.id);if(a)return T({good:a.receives,title:a.receives?t.gets:t.not,text:j(a.rule)});if(!i?.pageInfo.hasNextPage)return;n=i.pageInfo.endCursor??void 0}}finally{O(!1)}}return(0,X.jsx)(f,{title:t.test,children:(0,X.jsxs)(`div`,{className:`stack`,children:[(0,X.jsx)(`p`,{className:`faint small`,children:t.testText}),(0,X.jsx)(ee,{label:t.category,value:k,onChange:e=>(x(e),T(null)),data:y.map(e=>({value:e.key,label:e.label}))}),(0,X.jsx)(z,{"aria-label":t.channel,value:S,onChange:e=>(C(e),T(null)),data:[`EMAIL`,`WEBHOOK`,`PHONE`].map(e=>({value:e,label:i(e)}))}),(0,X.jsxs)(`div`,{className:`row`,children:[(0,X.jsx)(d,{variant:`default`,className:`grow`,loading:_,disabled:!u||S===`PHONE`,onClick:()=>void te(),children:t.send}),(0,X.jsx)(d,{variant:`subtle`,loading:E,onClick:()=>void ne(),children:t.why})]}),(0,X.jsx)(`div`,{role:`status`,children:w&&(0,X.jsxs)(`div`,{className:`because`,children:[(0,X.jsx)(`span`,{className:`sign ${w.good?`good`:`care`}`,children:(0,X.jsx)(s,{name:w.good?`check`:`close`})}),(0,X.jsxs)(`div`,{children:[(0,X.jsx)(`strong`,{className:`wrap`,children:w.title}),(0,X.jsx)(`p`,{className:`small wrap`,children:w.text})]})]})})]})})}function ke({contact:e,refetch:t}){let n=g($),r=l(),a=i(),{base:o,can:s,open:c}=D(),[u]=p(ye),[m,h]=(0,H.useState)(null),_=M(e),{membership:v,invitation:y}=e,b=(v??y)?.roles?.map(e=>e.name)??[];return(0,X.jsxs)(f,{title:n.login,actions:(v||y)&&(0,X.jsx)(I,{variant:`light`,color:v?.state===`ACTIVE`?`green`:v?`gray`:`blue`,children:v?v.state===`ACTIVE`?n.signsIn:n.off:n.invited}),children:[(0,X.jsx)(`div`,{className:`stack`,children:s(`users`)?v||y?(0,X.jsxs)(X.Fragment,{children:[y&&!v&&(0,X.jsx)(`p`,{className:`small`,children:n.until(a.ago(y.expiresAt))}),(0,X.jsxs)(`p`,{className:`small`,children:[(0,X.jsxs)(`span`,{className:`faint`,children:[n.roles,`:`]}),` `,b.length?a.list(b):n.noRoles]}),v&&(0,X.jsx)(d,{variant:`default`,component:E,href:`${o}/people/${v.id}`,children:n.member}),(0,X.jsx)(d,{variant:`outline`,color:`red`,onClick:()=>h(`take`),children:n.takeAway})]}):(0,X.jsxs)(X.Fragment,{children:[(0,X.jsx)(`p`,{className:`small`,children:n.none}),(0,X.jsx)(d,{variant:`default`,disabled:!c,onClick:()=>h(`give`),children:n.give})]}):(0,X.jsx)(`p`,{className:`small`,children:n.noUsers})}),m===`give`&&(0,X.jsx)(Ae,{contact:e,refetch:t,close:()=>h(null)}),m===`take`&&(0,X.jsx)(B,{title:n.takeTitle(_),label:n.takeAway,danger:!0,close:()=>h(null),act:async()=>{let{refusals:i}=await u({input:{contactId:e.id}});return i.length||(r({text:n.taken(_)}),await t()),i},children:v?n.takeMember(_):n.takeInvited})]})}function Ae({contact:e,refetch:t,close:n}){let r=g($),i=l(),{account:a}=D(),[o,s]=p(_e),[c,u]=(0,H.useState)(A),[f,m]=(0,H.useState)([]),[h,_]=(0,H.useState)(!1);return(0,X.jsx)(se,{opened:!0,onClose:n,size:640,title:r.give,closeButtonProps:{"aria-label":r.close},children:(0,X.jsxs)(b,{send:async()=>{let a={...c,subAccountIds:c.subAccountAccess===`SELECTED`?c.subAccountIds:void 0,acknowledgeRisks:h},{payload:s,refusals:l}=await o({input:{contactId:e.id,login:a}});if(l.some(e=>e.code===`RISK_NOT_ACKNOWLEDGED`))m(s?.riskWarnings??[]),_(!1);else{if(l.length)return l;n(),i({text:s?.login?.outcome===`SKIPPED_ALREADY_MEMBER`?r.linked(M(e)):s?.login?.outcome===`SENT`?r.sentInvitation(e.email):s?.login?.message??``}),await t()}},children:[(0,X.jsx)(`p`,{children:r.giveText(e.email)}),(0,X.jsx)(j,{accountId:a.id,value:c,onChange:e=>{u(e),m([])}}),(0,X.jsx)(re,{warnings:f,read:h,onRead:_,reveal:!0}),(0,X.jsxs)(`div`,{className:`row right sticky`,children:[(0,X.jsx)(d,{variant:`default`,onClick:n,children:r.cancel}),(0,X.jsx)(d,{type:`submit`,loading:s,disabled:f.length>0&&!h||c.subAccountAccess===`SELECTED`&&!c.subAccountIds.length,children:r.invite})]})]})})}function je({contact:e}){let t=g($),r=l(),i=n(),{base:a,can:o,open:s}=D(),[,c]=S(),[u]=p(ve),[m,h]=(0,H.useState)(!1),[_,v]=(0,H.useState)(!1),y=M(e),b=o(`users`)&&(e.membership||e.invitation);return(0,X.jsxs)(f,{title:t.more,children:[(0,X.jsxs)(`div`,{className:`stack tight`,children:[(0,X.jsx)(d,{variant:`outline`,color:`red`,disabled:!s,onClick:()=>h(!0),fullWidth:!0,children:t.remove}),(0,X.jsx)(`p`,{className:`faint small`,children:t.removeText})]}),m&&(0,X.jsx)(B,{title:t.removeTitle(y),label:t.remove,danger:!0,close:()=>h(!1),act:async()=>{let{refusals:n}=await u({input:{contactId:e.id,alsoRemoveMember:!!b&&_}});return n.length||(r({text:t.removed(y)}),c(`${a}/contacts`),i.cache.evict({id:i.cache.identify({__typename:`Contact`,id:e.id})})),n},children:(0,X.jsxs)(`div`,{className:`stack`,children:[(0,X.jsx)(`p`,{children:t.removeLong(y)}),b&&(0,X.jsx)(O,{label:t.alsoMember,description:t.alsoMemberText,checked:_,onChange:e=>v(e.currentTarget.checked)})]})})]})}var Me=a({en:{contacts:`Contacts`,add:`Add a contact`,lead:`Details, preferences and login are saved together.`,suspended:`The account is suspended: contacts can be read, not changed.`},de:{contacts:`Kontakte`,add:`Kontakt anlegen`,lead:`Angaben, Einstellungen und Anmeldung werden zusammen gespeichert.`,suspended:`Das Konto ist gesperrt: Kontakte lassen sich lesen, nicht ändern.`}});function Ne({contactId:e}){return e===`new`?(0,X.jsx)(Pe,{}):(0,X.jsx)(Fe,{contactId:e})}function Pe(){let e=g(Me),{account:t,base:n}=D();return(0,X.jsx)(m,{title:e.add,lead:(0,X.jsxs)(`span`,{className:`row tight`,children:[(0,X.jsx)(E,{href:`${n}/contacts`,children:e.contacts}),` `,(0,X.jsx)(s,{name:`next`,size:14}),` `,e.lead]}),shown:{document:ge,variables:{input:{accountId:t.id,email:``}}},children:(0,X.jsx)(Ce,{})})}function Fe({contactId:e}){let t=g(Me),{account:n,base:r,open:i}=D(),{data:a,error:c,loading:l,refetch:d}=o(me,{variables:{contactId:e},fetchPolicy:`cache-and-network`});o(he,{variables:{accountId:n.id}});let f=a?.node&&`version`in a.node?a.node:null,p=()=>d().then(()=>{});return(0,X.jsx)(m,{title:f?M(f):l?`…`:t.contacts,lead:(0,X.jsxs)(`span`,{className:`row tight`,children:[(0,X.jsx)(E,{href:`${r}/contacts`,children:t.contacts}),` `,(0,X.jsx)(s,{name:`next`,size:14}),` `,f?.email]}),shown:{document:me,variables:{contactId:e}},children:f?(0,X.jsxs)(X.Fragment,{children:[!i&&(0,X.jsx)(y,{color:`yellow`,children:t.suspended}),(0,X.jsxs)(`div`,{className:`two`,children:[(0,X.jsx)(Ce,{contact:f,refetch:p}),(0,X.jsxs)(`div`,{className:`stack side-stack`,children:[(0,X.jsx)(De,{contact:f}),(0,X.jsx)(Oe,{contact:f}),(0,X.jsx)(ke,{contact:f,refetch:p}),(0,X.jsx)(je,{contact:f})]})]})]}):l?(0,X.jsxs)(`div`,{className:`two`,"aria-busy":`true`,children:[(0,X.jsx)(x,{h:640,radius:`lg`}),(0,X.jsx)(x,{h:220,radius:`lg`})]}):(0,X.jsx)(u,{error:c,again:p})})}export{Ne as default};