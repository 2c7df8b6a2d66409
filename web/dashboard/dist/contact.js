import{r as e}from"./rolldown-runtime.js";import{At as t,C as n,E as r,M as i,Ot as a,T as o,b as s,h as c,j as l,l as u,m as d,n as f,o as p,p as m,r as h,v as g,w as _}from"./base.js";import{a as v,n as y,r as b,t as x}from"./fields.js";import{t as S}from"./Skeleton.js";import{a as ee,d as C,l as w,s as te,t as T}from"./react.js";import{r as E}from"./shell.js";import{t as D}from"./Checkbox.js";import{t as O}from"./Radio.js";import{t as ne}from"./Select.js";import{t as k}from"./Textarea.js";import{a as re,n as A}from"./grants.js";import{t as ie}from"./risks.js";import{a as j,i as ae,n as oe,o as se,r as M,s as N,t as P}from"./wants.js";import{t as F}from"./Badge.js";import{n as I,t as L}from"./rules.js";import{t as R}from"./Modal.js";import{t as ce}from"./SegmentedControl.js";import{t as z}from"./confirm.js";import{i as B,t as le}from"./operations.js";var V=e(C(),1),ue=[`BILLING`,`TECHNICAL`,`ADMINISTRATIVE`,`CONTRACTUAL`,`OTHER`],H=[`email`,`firstName`,`lastName`,`company`,`phone`,`locale`,`notes`,`externalId`],U=[`line1`,`line2`,`city`,`region`,`postalCode`,`country`],de=e=>({...Object.fromEntries([...H,...U].map(e=>[e,``])),locale:e,type:`OTHER`,preferences:[],subAccountAccess:`NONE`,subAccountIds:[]}),W=e=>({...Object.fromEntries([...H.map(t=>[t,e[t]??``]),...U.map(t=>[t,e.address[t]])]),type:e.type,preferences:oe(e.preferences),subAccountAccess:e.subAccountAccess,subAccountIds:(e.selectedSubAccounts??[]).map(e=>e.id)}),G=e=>e.channel,K=(e,t)=>JSON.stringify(t===`preferences`?M([...e.preferences].sort((e,t)=>G(e).localeCompare(G(t)))):t===`subAccountIds`?[...e.subAccountIds].sort():e[t].toString().trim()),q=(e,t)=>Object.keys(e).filter(n=>K(e,n)!==K(t,n));function fe(e,t,n){let r=new Set(q(e,t));return Object.fromEntries(Object.entries(n).map(([t,n])=>[t,r.has(t)?e[t]:n]))}function pe(e,t){let n=new Set(t?q(e,t):Object.keys(e).filter(t=>e[t].length)),r={};for(let t of H)n.has(t)&&(r[t]=e[t].trim()||(t===`externalId`||t===`locale`?null:``));return U.some(e=>n.has(e))&&(r.address=Object.fromEntries(U.map(t=>[t,e[t].trim()]))),n.has(`type`)&&(r.type=e.type),n.has(`preferences`)&&(r.preferences=e.preferences.length?M(e.preferences):null),(n.has(`subAccountAccess`)||n.has(`subAccountIds`))&&(r.subAccountAccess=e.subAccountAccess,e.subAccountAccess===`SELECTED`&&(r.subAccountIds=e.subAccountIds)),r}var me=l(`
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
`),he=l(`
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
`),ge=l(`
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
`),_e=l(`
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
`),ve=l(`
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
`),ye=l(`
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
`),J=l(`
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
`),Y=l(`
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
`),X=w(),Z=r({en:{title:`What they get`,text:`By mail to the address, by a call of your webhooks, or as a note to our staff to telephone.`,category:`Category`,usual:`as usual`,back:`Back to usual`,backOf:e=>`Back to usual: ${e}`,all:`Everything`,allText:`Also what is added later.`,cell:(e,t)=>`${e}, ${t}`,must:`somebody must get it`,left:`unsubscribed`,leftText:`Whoever reads the mail unsubscribed. Only they can take that back.`,silent:`As it is, they get nothing at all.`},de:{title:`Was sie bekommen`,text:`Per Mail an die Adresse, als Aufruf Ihrer Webhooks, oder als Notiz an unser Team, anzurufen.`,category:`Kategorie`,usual:`wie üblich`,back:`Wieder wie üblich`,backOf:e=>`Wieder wie üblich: ${e}`,all:`Alles`,allText:`Auch was später hinzukommt.`,cell:(e,t)=>`${e}, ${t}`,must:`jemand muss es bekommen`,left:`abgemeldet`,leftText:`Wer die Post liest, hat sich abgemeldet. Nur diese Person nimmt das zurück.`,silent:`So bekommt der Kontakt gar nichts.`}});function be({categories:e,value:t,onChange:n,contact:r,fixed:i}){let a=o(Z),s=L(),c=e=>t.find(t=>t.channel===e),l=e=>t.filter(t=>t.channel!==e);function u(r,i){let a=e.filter(e=>N(t,e,r)).map(e=>e.key);n([...l(r),i?{channel:r,all:i,categories:[],except:[]}:{channel:r,all:i,categories:a,except:[]}])}let d=!e.some(e=>P.some(n=>N(t,e,n)&&!(n===`EMAIL`&&r&&ae(r,e))));return(0,X.jsxs)(`section`,{className:`stack`,"aria-label":a.title,children:[(0,X.jsxs)(`div`,{children:[(0,X.jsx)(`h3`,{className:`legend`,children:a.title}),(0,X.jsx)(`p`,{className:`faint small`,children:a.text})]}),(0,X.jsxs)(`table`,{className:`wants`,children:[(0,X.jsx)(`thead`,{children:(0,X.jsxs)(`tr`,{children:[(0,X.jsx)(`th`,{scope:`col`,children:(0,X.jsx)(`span`,{className:`hidden`,children:a.category})}),P.map(e=>(0,X.jsxs)(`th`,{scope:`col`,children:[s(e),c(e)&&!i?(0,X.jsx)(`button`,{type:`button`,className:`plain link small`,"aria-label":a.backOf(s(e)),onClick:()=>n(l(e)),children:a.back}):(0,X.jsx)(`span`,{className:`faint small`,children:!c(e)&&a.usual})]},e))]})}),(0,X.jsxs)(`tbody`,{children:[(0,X.jsxs)(`tr`,{children:[(0,X.jsxs)(`th`,{scope:`row`,children:[a.all,` `,(0,X.jsx)(`span`,{className:`faint small`,children:a.allText})]}),P.map(e=>(0,X.jsx)(`td`,{children:(0,X.jsx)(D,{"aria-label":a.cell(a.all,s(e)),checked:!!c(e)?.all,disabled:i,onChange:t=>u(e,t.currentTarget.checked)})},e))]}),e.map(o=>(0,X.jsxs)(`tr`,{children:[(0,X.jsxs)(`th`,{scope:`row`,children:[o.label,` `,o.mandatory&&(0,X.jsx)(F,{size:`sm`,variant:`light`,color:`gray`,children:a.must}),(0,X.jsx)(`span`,{className:`faint small`,children:o.description})]}),P.map(c=>(0,X.jsx)(`td`,{children:c===`EMAIL`&&r&&ae(r,o)?(0,X.jsxs)(`span`,{className:`left`,title:a.leftText,children:[(0,X.jsx)(g,{name:`exit`,size:16}),(0,X.jsx)(`span`,{className:`small`,children:a.left})]}):(0,X.jsx)(D,{"aria-label":a.cell(o.label,s(c)),checked:N(t,o,c),disabled:i,onChange:r=>n(se(t,e,o,c,r.currentTarget.checked))})},c))]},o.key))]})]}),(0,X.jsxs)(`p`,{className:`faint small`,role:`status`,children:[d&&(0,X.jsx)(`span`,{className:`mild`,children:a.silent}),r&&r.unsubscribedFrom.length>0&&` ${a.leftText}`]})]})}var xe=r({en:{details:`Details`,email:`Email address`,emailText:`Where mail goes. The only thing that is needed.`,firstName:`First name`,lastName:`Last name`,company:`Company`,phone:`Telephone`,phoneText:`With the country: +49 30 1234567`,type:`What they are to you`,locale:`Language of their mail`,postal:`Postal address`,line1:`Street and number`,line2:`More of the address`,city:`Town`,region:`State or county`,postalCode:`Postal code`,country:`Country`,countryText:`Two letters, such as DE`,notes:`Notes`,notesText:`For you and your colleagues. Never sent.`,externalId:`Number in another system`,BILLING:`Billing`,TECHNICAL:`Technical`,ADMINISTRATIVE:`Administrative`,CONTRACTUAL:`Contractual`,OTHER:`Something else`,preferences:`Preferences`,covers:`Sub-accounts`,coversText:`Whether they get the notifications of sub-accounts as well.`,NONE:`None`,SELECTED:`Some`,ALL:`All, also those opened later`,login:`Let them sign in`,loginText:`They get an invitation, set their own password, and may then do what you choose here.`,save:`Save`,add:`Add the contact`,reset:`Reset`,cancel:`Cancel`,saved:e=>`${e} is saved.`,added:e=>`${e} is there.`,invited:e=>`${e} is there, and an invitation is on its way.`,silent:e=>`${e} is saved, and gets nothing: check the preferences.`,fallback:e=>`${e} is saved. Something that somebody must get now reaches no contact, so the owner gets it.`,conflict:`Somebody changed this contact while you were at it. What you typed is kept, what you did not touch is as they left it. Look it over and save.`,theirs:`They changed:`,subAccountAccess:`Sub-accounts`,subAccountIds:`Sub-accounts`},de:{details:`Angaben`,email:`E-Mail-Adresse`,emailText:`Wohin die Post geht. Nur das muss sein.`,firstName:`Vorname`,lastName:`Nachname`,company:`Firma`,phone:`Telefon`,phoneText:`Mit Landesvorwahl: +49 30 1234567`,type:`Wofür der Kontakt da ist`,locale:`Sprache der Mails`,postal:`Anschrift`,line1:`Straße und Hausnummer`,line2:`Adresszusatz`,city:`Ort`,region:`Bundesland oder Region`,postalCode:`Postleitzahl`,country:`Land`,countryText:`Zwei Buchstaben, etwa DE`,notes:`Notizen`,notesText:`Für Sie und Ihre Kollegen. Werden nie verschickt.`,externalId:`Nummer in einem anderen System`,BILLING:`Abrechnung`,TECHNICAL:`Technik`,ADMINISTRATIVE:`Verwaltung`,CONTRACTUAL:`Verträge`,OTHER:`Etwas anderes`,preferences:`Einstellungen`,covers:`Unterkonten`,coversText:`Ob auch die Benachrichtigungen von Unterkonten dorthin gehen.`,NONE:`Keine`,SELECTED:`Einige`,ALL:`Alle, auch spätere`,login:`Anmeldung erlauben`,loginText:`Es geht eine Einladung hinaus, das Passwort wird selbst gesetzt, und erlaubt ist dann, was Sie hier wählen.`,save:`Speichern`,add:`Kontakt anlegen`,reset:`Zurücksetzen`,cancel:`Abbrechen`,saved:e=>`${e} ist gespeichert.`,added:e=>`${e} ist angelegt.`,invited:e=>`${e} ist angelegt, und eine Einladung ist unterwegs.`,silent:e=>`${e} ist gespeichert und bekommt nichts: Prüfen Sie die Einstellungen.`,fallback:e=>`${e} ist gespeichert. Etwas, das jemand bekommen muss, erreicht jetzt keinen Kontakt, darum geht es an den Inhaber.`,conflict:`Jemand hat diesen Kontakt inzwischen geändert. Was Sie eingegeben haben, bleibt; was Sie nicht angerührt haben, ist auf dem neuen Stand. Sehen Sie es an und speichern Sie.`,theirs:`Geändert wurde:`,subAccountAccess:`Unterkonten`,subAccountIds:`Unterkonten`}}),Se=[`en`,`de`,`fr`,`es`];function Ce({contact:e,refetch:t}){let r=o(xe),s=u(),l=n(),{language:d}=_(),{account:p,base:m,can:g,open:y}=E(),[,b]=ee(),[C]=te(),{data:w}=a(he,{variables:{accountId:p.id}}),[T,ne]=f(ge),[k,ae]=f(_e),oe=h(),[M,N]=(0,V.useState)(()=>e?W(e):de(d)),P=(0,V.useRef)(e?W(e):M),[F,I]=(0,V.useState)([]),[L,R]=(0,V.useState)(null),[ce,z]=(0,V.useState)([]),[B,le]=(0,V.useState)(!1),H=w?.permissionCatalog?.categories??[],U=w?.account?.subAccounts?.nodes??[],G=q(M,P.current).length>0,K=!y,me=e?.version;(0,V.useEffect)(()=>{if(!e)return;let t=W(e),n=P.current;P.current=t,N(e=>{let r=q(e,n),i=q(t,n).filter(n=>q(t,e).includes(n));return I(r.length&&i.length?q(t,n):[]),fe(e,n,t)})},[me]);let ve=C.get(`category`),ye=(0,V.useRef)(!1);(0,V.useEffect)(()=>{let t=H.find(e=>e.key===ve);e||ye.current||!t||(ye.current=!0,N(e=>({...e,preferences:se(e.preferences,H,t,`EMAIL`,!0)})))},[H,ve,e]);let J=(e,t)=>N(n=>({...n,[e]:t})),Y=e=>({name:e,value:M[e],onChange:t=>J(e,t),fixed:K}),Z=j(M);async function Ce(){if(e){let{payload:n,refusals:i}=await k({input:{contactId:e.id,version:e.version,...pe(M,P.current)}});if(i.some(e=>e.code===`CONFLICT`&&e.field===`version`)){await t?.();return}if(i.length)return i;I([]),s({text:n?.warnings.includes(`CONTACT_RECEIVES_NOTHING`)?r.silent(Z):n?.warnings.includes(`OWNER_IS_FALLBACK`)?r.fallback(Z):r.saved(Z)});return}let n=L&&{...L,subAccountIds:L.subAccountAccess===`SELECTED`?L.subAccountIds:void 0,acknowledgeRisks:B},i={accountId:p.id,email:M.email.trim(),...pe(M),login:n??void 0},{payload:a,refusals:o}=await T({input:{...i,idempotencyKey:oe(i)}});if(o.some(e=>e.code===`RISK_NOT_ACKNOWLEDGED`))z(a?.riskWarnings??[]),le(!1);else{if(o.length)return o;s({text:a?.warnings.includes(`CONTACT_RECEIVES_NOTHING`)?r.silent(Z):L?r.invited(Z):r.added(Z)}),b(a?.contact?`${m}/contacts/${a.contact.id}`:`${m}/contacts`)}}let we=[...new Set(F.map(e=>r[e]??e))];return(0,X.jsxs)(x,{send:Ce,className:`stack side-stack`,children:[F.length>0&&(0,X.jsxs)(v,{color:`yellow`,role:`alert`,children:[r.conflict,(0,X.jsx)(`br`,{}),(0,X.jsx)(`strong`,{children:r.theirs}),` `,l.list(we)]}),(0,X.jsx)(c,{title:r.details,children:(0,X.jsxs)(`div`,{className:`stack`,children:[(0,X.jsx)(Q,{...Y(`email`),label:r.email,description:r.emailText,type:`email`,required:!0,focus:!e,complete:`off`,max:254}),(0,X.jsxs)(`div`,{className:`pair`,children:[(0,X.jsx)(Q,{...Y(`firstName`),label:r.firstName,max:100}),(0,X.jsx)(Q,{...Y(`lastName`),label:r.lastName,max:100}),(0,X.jsx)(Q,{...Y(`company`),label:r.company,max:200}),(0,X.jsx)(Q,{...Y(`phone`),label:r.phone,description:r.phoneText,type:`tel`,max:40}),(0,X.jsx)(Ee,{name:`type`,label:r.type,value:M.type,onChange:e=>J(`type`,e),data:ue.map(e=>({value:e,label:r[e]})),fixed:K}),(0,X.jsx)(Ee,{name:`locale`,label:r.locale,value:M.locale,onChange:e=>J(`locale`,e),data:[...new Set([...Se,M.locale].filter(Boolean))].map(e=>({value:e,label:new Intl.DisplayNames(d,{type:`language`}).of(e)??e})),fixed:K})]}),(0,X.jsxs)(`fieldset`,{className:`plainset stack`,children:[(0,X.jsx)(`legend`,{className:`legend`,children:r.postal}),(0,X.jsxs)(`div`,{className:`pair`,children:[(0,X.jsx)(Q,{...Y(`line1`),label:r.line1,max:200}),(0,X.jsx)(Q,{...Y(`line2`),label:r.line2,max:200}),(0,X.jsx)(Q,{...Y(`postalCode`),label:r.postalCode,max:20}),(0,X.jsx)(Q,{...Y(`city`),label:r.city,max:100}),(0,X.jsx)(Q,{...Y(`region`),label:r.region,max:100}),(0,X.jsx)(Q,{...Y(`country`),label:r.country,description:r.countryText,max:2,upper:!0})]})]}),(0,X.jsxs)(`div`,{className:`pair`,children:[(0,X.jsx)(Te,{...Y(`notes`),label:r.notes,description:r.notesText}),(0,X.jsx)(Q,{...Y(`externalId`),label:r.externalId,max:100})]})]})}),(0,X.jsx)(c,{title:r.preferences,children:(0,X.jsxs)(`div`,{className:`stack`,children:[w?(0,X.jsx)(be,{categories:H,value:M.preferences,onChange:e=>J(`preferences`,e),contact:e,fixed:K}):(0,X.jsx)(S,{h:380}),U.length>0&&(0,X.jsxs)(`fieldset`,{className:`plainset stack`,children:[(0,X.jsxs)(`div`,{children:[(0,X.jsx)(`legend`,{className:`legend`,children:r.covers}),(0,X.jsx)(`p`,{className:`faint small`,children:r.coversText})]}),(0,X.jsx)(O.Group,{"aria-label":r.covers,value:M.subAccountAccess,onChange:e=>N(t=>({...t,subAccountAccess:e,subAccountIds:[]})),children:(0,X.jsx)(`div`,{className:`stack tight`,children:[`NONE`,`SELECTED`,`ALL`].map(e=>(0,X.jsxs)(`div`,{className:`stack tight`,children:[(0,X.jsx)(O,{value:e,label:r[e],disabled:K}),e===`SELECTED`&&M.subAccountAccess===e&&(0,X.jsx)(`ul`,{className:`subs`,children:U.map(e=>(0,X.jsx)(`li`,{children:(0,X.jsx)(D,{label:e.name,checked:M.subAccountIds.includes(e.id),disabled:K,onChange:t=>J(`subAccountIds`,t.currentTarget.checked?[...M.subAccountIds,e.id]:M.subAccountIds.filter(t=>t!==e.id))})},e.id))})]},e))})})]})]})}),!e&&g(`users`)&&(0,X.jsx)(`section`,{className:`panel`,children:(0,X.jsxs)(`div`,{className:`body stack`,children:[(0,X.jsx)(D,{label:r.login,description:r.loginText,checked:!!L,onChange:e=>(R(e.currentTarget.checked?re:null),z([]))}),L&&(0,X.jsx)(A,{accountId:p.id,value:L,onChange:R}),(0,X.jsx)(ie,{warnings:ce,read:B,onRead:le,reveal:!0})]})}),y&&(0,X.jsxs)(`div`,{className:`row right keep`,"data-dirty":!e||G||void 0,children:[e?(0,X.jsx)(i,{variant:`default`,disabled:!G,onClick:()=>(N(P.current),I([])),children:r.reset}):(0,X.jsx)(i,{variant:`default`,onClick:()=>b(`${m}/contacts`),children:r.cancel}),(0,X.jsx)(i,{type:`submit`,loading:ne||ae,disabled:!!e&&!G||ce.length>0&&!B||M.subAccountAccess===`SELECTED`&&!M.subAccountIds.length,children:e?r.save:r.add})]})]})}var we={inputWrapperOrder:[`label`,`input`,`error`,`description`]};function Q({value:e,onChange:t,fixed:n,name:r,max:i,focus:a,complete:o=`off`,upper:s,...c}){return(0,X.jsx)(b,{...y(r),...c,...we,withAsterisk:!1,value:e,onChange:e=>t(s?e.currentTarget.value.toUpperCase():e.currentTarget.value),readOnly:n,maxLength:i,autoFocus:a,autoComplete:o,spellCheck:!1})}function Te({value:e,onChange:t,fixed:n,name:r,...i}){return(0,X.jsx)(k,{...y(r),...i,...we,value:e,onChange:e=>t(e.currentTarget.value),readOnly:n,maxLength:2e3,rows:3})}function Ee({value:e,onChange:t,fixed:n,name:r,...i}){let{error:a}=y(r);return(0,X.jsx)(ne,{...i,error:a,value:e,onChange:e=>e&&t(e),disabled:n})}var $=r({en:{address:`The address`,bounced:`Mail comes back`,bouncedText:e=>`Since ${e} no mail is sent to it.`,clear:`Send mail again`,cleared:e=>`Mail goes to ${e} again. If it comes back once more, it stops again.`,verified:`Confirmed`,verifiedText:e=>`Whoever reads the mail said ${e} that the address is right.`,waiting:`Asked`,waitingText:e=>`A mail asked ${e}; the link works for seven days.`,unverified:`Not confirmed`,unverifiedText:`Mail goes there all the same. Ask, and you know it reaches the right person.`,ask:`Ask by mail`,again:`Ask again`,asked:e=>`A mail is on its way to ${e}.`,test:`Does it arrive?`,testText:`Choose something and try it, or see by which rule they get it or not.`,category:`Category`,channel:`How`,send:`Send a test`,why:`Only say why`,sent:e=>`On its way to ${e}.`,notSent:`Nothing is sent.`,gets:`They get it.`,not:`They do not get it.`,because:(e,t)=>`${e} ${t}.`,SUPPRESSED:`Mail to the address comes back.`,UNSUBSCRIBED:`Whoever reads the mail unsubscribed from this.`,login:`Login`,signsIn:`Signs in`,off:`Deactivated`,invited:`Invited`,until:e=>`The invitation lapses ${e}.`,none:`Gets notifications and does not sign in.`,noUsers:`Whoever manages the people of this account sees whether they sign in.`,roles:`Roles`,noRoles:`none`,member:`What they may do`,give:`Give a login`,giveText:e=>`${e} gets an invitation and sets their own password. Somebody who belongs to the account already is linked at once and keeps what they hold.`,invite:`Send the invitation`,takeAway:`Take the login away`,takeTitle:e=>`Take the login of ${e} away?`,takeMember:e=>`${e} is removed from the people of this account at once. The contact stays and goes on getting notifications.`,takeInvited:`The link in the mail stops working at once. The contact stays.`,taken:e=>`${e} no longer signs in.`,linked:e=>`${e} belongs to the account already, and is linked now.`,sentInvitation:e=>`An invitation to ${e} is on its way.`,more:`More`,remove:`Delete the contact`,removeText:`Nothing is sent to the address any more. What was done stays in the history.`,removeTitle:e=>`Delete ${e}?`,removeLong:e=>`Notifications no longer go to ${e}, and what they chose is forgotten.`,alsoMember:`Also take their login away`,alsoMemberText:`Otherwise they stay among the people of this account.`,removed:e=>`${e} is deleted.`,history:`Added`,close:`Close`,cancel:`Cancel`},de:{address:`Die Adresse`,bounced:`Post kommt zurück`,bouncedText:e=>`Seit ${e} wird keine Post dorthin geschickt.`,clear:`Wieder Post schicken`,cleared:e=>`Post geht wieder an ${e}. Kommt sie noch einmal zurück, ist wieder Schluss.`,verified:`Bestätigt`,verifiedText:e=>`Wer die Post liest, hat ${e} gesagt, dass die Adresse stimmt.`,waiting:`Gefragt`,waitingText:e=>`Eine Mail hat ${e} gefragt; der Link gilt sieben Tage.`,unverified:`Nicht bestätigt`,unverifiedText:`Post geht trotzdem dorthin. Fragen Sie, dann wissen Sie, dass sie richtig ankommt.`,ask:`Per Mail fragen`,again:`Noch einmal fragen`,asked:e=>`Eine Mail an ${e} ist unterwegs.`,test:`Kommt es an?`,testText:`Wählen Sie etwas und probieren Sie es aus, oder sehen Sie, nach welcher Regel es ankommt oder nicht.`,category:`Kategorie`,channel:`Wie`,send:`Probe schicken`,why:`Nur sagen, warum`,sent:e=>`Unterwegs an ${e}.`,notSent:`Es wird nichts geschickt.`,gets:`Kommt an.`,not:`Kommt nicht an.`,because:(e,t)=>`${e} ${t}.`,SUPPRESSED:`Post an die Adresse kommt zurück.`,UNSUBSCRIBED:`Wer die Post liest, hat sich davon abgemeldet.`,login:`Anmeldung`,signsIn:`Meldet sich an`,off:`Deaktiviert`,invited:`Eingeladen`,until:e=>`Die Einladung läuft ${e} ab.`,none:`Bekommt Benachrichtigungen und meldet sich nicht an.`,noUsers:`Wer die Personen dieses Kontos verwaltet, sieht, ob sich der Kontakt anmeldet.`,roles:`Rollen`,noRoles:`keine`,member:`Was sie dürfen`,give:`Anmeldung erlauben`,giveText:e=>`${e} bekommt eine Einladung und setzt das Passwort selbst. Wer schon zum Konto gehört, wird sofort verbunden und behält, was er hat.`,invite:`Einladung schicken`,takeAway:`Anmeldung nehmen`,takeTitle:e=>`${e} die Anmeldung nehmen?`,takeMember:e=>`${e} gehört dann sofort nicht mehr zu den Personen dieses Kontos. Der Kontakt bleibt und bekommt weiter Benachrichtigungen.`,takeInvited:`Der Link in der Mail gilt sofort nicht mehr. Der Kontakt bleibt.`,taken:e=>`${e} meldet sich nicht mehr an.`,linked:e=>`${e} gehört schon zum Konto und ist jetzt verbunden.`,sentInvitation:e=>`Eine Einladung an ${e} ist unterwegs.`,more:`Mehr`,remove:`Kontakt löschen`,removeText:`An die Adresse geht nichts mehr. Was geschehen ist, bleibt im Verlauf.`,removeTitle:e=>`${e} löschen?`,removeLong:e=>`Benachrichtigungen gehen nicht mehr an ${e}, und was gewählt war, wird vergessen.`,alsoMember:`Auch die Anmeldung nehmen`,alsoMemberText:`Sonst gehört sie weiter zu den Personen dieses Kontos.`,removed:e=>`${e} ist gelöscht.`,history:`Angelegt`,close:`Schließen`,cancel:`Abbrechen`}});function De({contact:e}){let t=o($),r=u(),a=p(),l=n(),{open:d}=E(),[m,h]=f(le),[g,_]=f(J),v=(e,t)=>r({text:e.length?e.map(a).join(` `):t}),y={contactId:e.id},b=e.suppression?`bounced`:e.verifiedAt?`verified`:e.verificationSentAt?`waiting`:`unverified`;return(0,X.jsx)(c,{title:t.address,actions:(0,X.jsx)(F,{variant:`light`,color:{bounced:`red`,verified:`green`,waiting:`blue`,unverified:`gray`}[b],children:t[b]}),children:(0,X.jsxs)(`div`,{className:`stack`,children:[e.suppression?(0,X.jsxs)(X.Fragment,{children:[(0,X.jsxs)(`p`,{children:[t.bouncedText(l.date(e.suppression.suppressedAt)),e.suppression.reason&&(0,X.jsx)(`q`,{className:`quote small`,children:e.suppression.reason})]}),(0,X.jsx)(i,{variant:`default`,loading:h,disabled:!d,onClick:async()=>v((await m({input:y})).refusals,t.cleared(e.email)),children:t.clear})]}):(0,X.jsxs)(X.Fragment,{children:[(0,X.jsx)(`p`,{className:`small`,children:e.verifiedAt?t.verifiedText(l.ago(e.verifiedAt)):e.verificationSentAt?t.waitingText(l.ago(e.verificationSentAt)):t.unverifiedText}),!e.verifiedAt&&(0,X.jsx)(i,{variant:`default`,loading:_,disabled:!d,onClick:async()=>v((await g({input:y})).refusals,t.asked(e.email)),children:e.verificationSentAt?t.again:t.ask})]}),(0,X.jsxs)(`p`,{className:`faint small`,children:[t.history,` `,(0,X.jsx)(s,{at:e.createdAt})]})]})})}function Oe({contact:e}){let n=o($),r=I(),s=L(),l=p(),{account:u,open:d}=E(),m=t(),[h,_]=f(Y),{data:v}=a(he,{variables:{accountId:u.id}}),y=v?.permissionCatalog?.categories??[],[b,x]=(0,V.useState)(null),[S,ee]=(0,V.useState)(`EMAIL`),[C,w]=(0,V.useState)(null),[te,T]=(0,V.useState)(!1),D=b??y[0]?.key??null,O=j(e),k=e=>e?e===`SUPPRESSED`||e===`UNSUBSCRIBED`?n[e]:n.because(O,r(e)):``;async function re(){if(!D)return;let{payload:t,refusals:r}=await h({input:{contactId:e.id,category:D,channel:S}});w(r.length?{good:!1,title:n.notSent,text:r.map(l).join(` `)}:{good:!!t?.sent,title:t?.sent?n.sent(S===`EMAIL`?e.email:O):n.notSent,text:k(t?.rule??null)})}async function A(){if(!D)return;T(!0);let t;try{for(;;){let{data:r}=await m.query({query:B,variables:{accountId:u.id,category:D,channel:S,after:t},fetchPolicy:`no-cache`}),i=r?.account?.recipients,a=i?.nodes.find(t=>t.contact?.id===e.id);if(a)return w({good:a.receives,title:a.receives?n.gets:n.not,text:k(a.rule)});if(!i?.pageInfo.hasNextPage)return;t=i.pageInfo.endCursor??void 0}}finally{T(!1)}}return(0,X.jsx)(c,{title:n.test,children:(0,X.jsxs)(`div`,{className:`stack`,children:[(0,X.jsx)(`p`,{className:`faint small`,children:n.testText}),(0,X.jsx)(ne,{label:n.category,value:D,onChange:e=>(x(e),w(null)),data:y.map(e=>({value:e.key,label:e.label}))}),(0,X.jsx)(ce,{"aria-label":n.channel,value:S,onChange:e=>(ee(e),w(null)),data:[`EMAIL`,`WEBHOOK`,`PHONE`].map(e=>({value:e,label:s(e)}))}),(0,X.jsxs)(`div`,{className:`row`,children:[(0,X.jsx)(i,{variant:`default`,className:`grow`,loading:_,disabled:!d||S===`PHONE`,onClick:()=>void re(),children:n.send}),(0,X.jsx)(i,{variant:`subtle`,loading:te,onClick:()=>void A(),children:n.why})]}),(0,X.jsx)(`div`,{role:`status`,children:C&&(0,X.jsxs)(`div`,{className:`because`,children:[(0,X.jsx)(`span`,{className:`sign ${C.good?`good`:`care`}`,children:(0,X.jsx)(g,{name:C.good?`check`:`close`})}),(0,X.jsxs)(`div`,{children:[(0,X.jsx)(`strong`,{className:`wrap`,children:C.title}),(0,X.jsx)(`p`,{className:`small wrap`,children:C.text})]})]})})]})})}function ke({contact:e,refetch:t}){let r=o($),a=u(),s=n(),{base:l,can:d,open:p}=E(),[m]=f(ye),[h,g]=(0,V.useState)(null),_=j(e),{membership:v,invitation:y}=e,b=(v??y)?.roles?.map(e=>e.name)??[];return(0,X.jsxs)(c,{title:r.login,actions:(v||y)&&(0,X.jsx)(F,{variant:`light`,color:v?.state===`ACTIVE`?`green`:v?`gray`:`blue`,children:v?v.state===`ACTIVE`?r.signsIn:r.off:r.invited}),children:[(0,X.jsx)(`div`,{className:`stack`,children:d(`users`)?v||y?(0,X.jsxs)(X.Fragment,{children:[y&&!v&&(0,X.jsx)(`p`,{className:`small`,children:r.until(s.ago(y.expiresAt))}),(0,X.jsxs)(`p`,{className:`small`,children:[(0,X.jsxs)(`span`,{className:`faint`,children:[r.roles,`:`]}),` `,b.length?s.list(b):r.noRoles]}),v&&(0,X.jsx)(i,{variant:`default`,component:T,href:`${l}/people/${v.id}`,children:r.member}),(0,X.jsx)(i,{variant:`outline`,color:`red`,onClick:()=>g(`take`),children:r.takeAway})]}):(0,X.jsxs)(X.Fragment,{children:[(0,X.jsx)(`p`,{className:`small`,children:r.none}),(0,X.jsx)(i,{variant:`default`,disabled:!p,onClick:()=>g(`give`),children:r.give})]}):(0,X.jsx)(`p`,{className:`small`,children:r.noUsers})}),h===`give`&&(0,X.jsx)(Ae,{contact:e,refetch:t,close:()=>g(null)}),h===`take`&&(0,X.jsx)(z,{title:r.takeTitle(_),label:r.takeAway,danger:!0,close:()=>g(null),act:async()=>{let{refusals:n}=await m({input:{contactId:e.id}});return n.length||(a({text:r.taken(_)}),await t()),n},children:v?r.takeMember(_):r.takeInvited})]})}function Ae({contact:e,refetch:t,close:n}){let r=o($),a=u(),{account:s}=E(),[c,l]=f(_e),[d,p]=(0,V.useState)(re),[m,h]=(0,V.useState)([]),[g,_]=(0,V.useState)(!1);return(0,X.jsx)(R,{opened:!0,onClose:n,size:640,title:r.give,closeButtonProps:{"aria-label":r.close},children:(0,X.jsxs)(x,{send:async()=>{let i={...d,subAccountIds:d.subAccountAccess===`SELECTED`?d.subAccountIds:void 0,acknowledgeRisks:g},{payload:o,refusals:s}=await c({input:{contactId:e.id,login:i}});if(s.some(e=>e.code===`RISK_NOT_ACKNOWLEDGED`))h(o?.riskWarnings??[]),_(!1);else{if(s.length)return s;n(),a({text:o?.login?.outcome===`SKIPPED_ALREADY_MEMBER`?r.linked(j(e)):o?.login?.outcome===`SENT`?r.sentInvitation(e.email):o?.login?.message??``}),await t()}},children:[(0,X.jsx)(`p`,{children:r.giveText(e.email)}),(0,X.jsx)(A,{accountId:s.id,value:d,onChange:e=>{p(e),h([])}}),(0,X.jsx)(ie,{warnings:m,read:g,onRead:_,reveal:!0}),(0,X.jsxs)(`div`,{className:`row right sticky`,children:[(0,X.jsx)(i,{variant:`default`,onClick:n,children:r.cancel}),(0,X.jsx)(i,{type:`submit`,loading:l,disabled:m.length>0&&!g||d.subAccountAccess===`SELECTED`&&!d.subAccountIds.length,children:r.invite})]})]})})}function je({contact:e}){let n=o($),r=u(),a=t(),{base:s,can:l,open:d}=E(),[,p]=ee(),[m]=f(ve),[h,g]=(0,V.useState)(!1),[_,v]=(0,V.useState)(!1),y=j(e),b=l(`users`)&&(e.membership||e.invitation);return(0,X.jsxs)(c,{title:n.more,children:[(0,X.jsxs)(`div`,{className:`stack tight`,children:[(0,X.jsx)(i,{variant:`outline`,color:`red`,disabled:!d,onClick:()=>g(!0),fullWidth:!0,children:n.remove}),(0,X.jsx)(`p`,{className:`faint small`,children:n.removeText})]}),h&&(0,X.jsx)(z,{title:n.removeTitle(y),label:n.remove,danger:!0,close:()=>g(!1),act:async()=>{let{refusals:t}=await m({input:{contactId:e.id,alsoRemoveMember:!!b&&_}});return t.length||(r({text:n.removed(y)}),p(`${s}/contacts`),a.cache.evict({id:a.cache.identify({__typename:`Contact`,id:e.id})})),t},children:(0,X.jsxs)(`div`,{className:`stack`,children:[(0,X.jsx)(`p`,{children:n.removeLong(y)}),b&&(0,X.jsx)(D,{label:n.alsoMember,description:n.alsoMemberText,checked:_,onChange:e=>v(e.currentTarget.checked)})]})})]})}var Me=r({en:{contacts:`Contacts`,add:`Add a contact`,lead:`Details, preferences and login are saved together.`,suspended:`The account is suspended: contacts can be read, not changed.`,bounced:`Mail to this address comes back, so none is sent. Correct the address, or have mail sent again beside it.`},de:{contacts:`Kontakte`,add:`Kontakt anlegen`,lead:`Angaben, Einstellungen und Anmeldung werden zusammen gespeichert.`,suspended:`Das Konto ist gesperrt: Kontakte lassen sich lesen, nicht ändern.`,bounced:`Post an diese Adresse kommt zurück, darum wird keine geschickt. Berichtigen Sie die Adresse, oder lassen Sie daneben wieder Post schicken.`}});function Ne({contactId:e}){return e===`new`?(0,X.jsx)(Pe,{}):(0,X.jsx)(Fe,{contactId:e})}function Pe(){let e=o(Me),{account:t,base:n}=E();return(0,X.jsx)(d,{title:e.add,lead:(0,X.jsxs)(`span`,{className:`row tight`,children:[(0,X.jsx)(T,{href:`${n}/contacts`,children:e.contacts}),` `,(0,X.jsx)(g,{name:`next`,size:14}),` `,e.lead]}),shown:{document:ge,variables:{input:{accountId:t.id,email:``}}},children:(0,X.jsx)(Ce,{})})}function Fe({contactId:e}){let t=o(Me),{account:n,base:r,open:i}=E(),{data:s,error:c,loading:l,refetch:u}=a(me,{variables:{contactId:e},fetchPolicy:`cache-and-network`});a(he,{variables:{accountId:n.id}});let f=s?.node&&`version`in s.node?s.node:null,p=()=>u().then(()=>{});return(0,X.jsx)(d,{title:f?j(f):l?`…`:t.contacts,lead:(0,X.jsxs)(`span`,{className:`row tight`,children:[(0,X.jsx)(T,{href:`${r}/contacts`,children:t.contacts}),` `,(0,X.jsx)(g,{name:`next`,size:14}),` `,f?.email]}),shown:{document:me,variables:{contactId:e}},children:f?(0,X.jsxs)(X.Fragment,{children:[!i&&(0,X.jsx)(v,{color:`yellow`,children:t.suspended}),f.suppression&&(0,X.jsx)(v,{color:`red`,children:t.bounced}),(0,X.jsxs)(`div`,{className:`two`,children:[(0,X.jsx)(Ce,{contact:f,refetch:p}),(0,X.jsxs)(`div`,{className:`stack side-stack`,children:[(0,X.jsx)(De,{contact:f}),(0,X.jsx)(Oe,{contact:f}),(0,X.jsx)(ke,{contact:f,refetch:p}),(0,X.jsx)(je,{contact:f})]})]})]}):l?(0,X.jsxs)(`div`,{className:`two`,"aria-busy":`true`,children:[(0,X.jsx)(S,{h:640,radius:`lg`}),(0,X.jsx)(S,{h:220,radius:`lg`})]}):(0,X.jsx)(m,{error:c,again:p})})}export{Ne as default};