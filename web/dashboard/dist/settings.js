import{r as e}from"./rolldown-runtime.js";import{t}from"./Skeleton.js";import{D as n,E as r,Ft as i,I as a,L as o,N as s,O as c,_ as l,d as u,f as d,h as f,k as p,l as m,m as h,n as g,o as _,p as v,r as y,y as b}from"./base.js";import{n as x,r as S}from"./shell.js";import{a as C,n as w,t as T}from"./fields.js";import{t as E}from"./Select.js";import{a as D,d as O,l as k,t as A}from"./react.js";import{i as j,n as M,o as N,r as P,t as F}from"./field.js";import{t as I}from"./confirm.js";import{t as L}from"./Modal.js";import{t as R}from"./transfer.js";import{l as z}from"./operations3.js";import{t as B}from"./Checkbox.js";import{t as V}from"./Badge.js";var H=e(O(),1),U=`AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW`.split(` `),W=k(),G=p({en:{title:`Details`,name:`Name`,nameText:`What people call this account.`,company:`Legal name`,companyText:`As it stands on invoices.`,billingEmail:`Address for billing questions`,billingText:`Whom to ask. Notifications go to contacts.`,phone:`Telephone`,phoneText:`In international form: +49 30 1234567`,taxId:`VAT or tax number`,address:`Postal address`,line1:`Street and number`,line2:`More of the street address`,postalCode:`Postal code`,city:`Town`,region:`State, province or county`,country:`Country`,number:`Customer number`,numberText:`The company gives it.`,save:`Save`,saved:`The details are saved.`,conflict:`Somebody changed these details while you were at it. Yours are still in the form: save again to put them in the place of theirs.`,theirs:`They wrote:`,nothing:`nothing`},de:{title:`Angaben`,name:`Name`,nameText:`Wie dieses Konto heißt.`,company:`Firmenname`,companyText:`Wie er auf Rechnungen steht.`,billingEmail:`Adresse für Fragen zur Abrechnung`,billingText:`Wen man fragt. Benachrichtigungen gehen an Kontakte.`,phone:`Telefon`,phoneText:`In internationaler Form: +49 30 1234567`,taxId:`Umsatzsteuer- oder Steuernummer`,address:`Postanschrift`,line1:`Straße und Hausnummer`,line2:`Adresszusatz`,postalCode:`Postleitzahl`,city:`Ort`,region:`Bundesland, Kanton oder Provinz`,country:`Land`,number:`Kundennummer`,numberText:`Das Unternehmen vergibt sie.`,save:`Speichern`,saved:`Die Angaben sind gespeichert.`,conflict:`Jemand hat diese Angaben inzwischen geändert. Ihre stehen noch im Formular: Speichern Sie noch einmal, um sie an die Stelle der anderen zu setzen.`,theirs:`Dort steht jetzt:`,nothing:`nichts`}}),K=a(`
  mutation UpdateAccount($input: UpdateAccountInput!) {
    updateAccount(input: $input) {
      account {
        id
        name
        profile {
          company
          billingEmail
          phone
          taxId
          address {
            line1
            line2
            city
            region
            postalCode
            country
          }
          version
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
`),q=[`line1`,`line2`,`postalCode`,`city`,`region`,`country`],J=[`name`,`company`,`billingEmail`,`phone`,`taxId`,...q],Y=({name:e,profile:t})=>({name:e,company:t?.company??``,billingEmail:t?.billingEmail??``,phone:t?.phone??``,taxId:t?.taxId??``,line1:t?.address.line1??``,line2:t?.address.line2??``,postalCode:t?.address.postalCode??``,city:t?.address.city??``,region:t?.address.region??``,country:t?.address.country??``});function X({value:e,fixed:t}){let r=c(G),{language:i}=n(),a=new Intl.DisplayNames(i,{type:`region`}),o=U.map(e=>({value:e,label:a.of(e)??e})).sort((e,t)=>e.label.localeCompare(t.label,i));return(0,W.jsx)(E,{...w(`country`),label:r.country,data:o,defaultValue:e||null,searchable:!0,clearable:!t,readOnly:t,clearButtonProps:{"aria-label":r.nothing}})}function ee({found:e,again:t}){let n=c(G),r=m(),{open:i}=S(),[a,s]=g(K),[l,u]=(0,H.useState)(e.profile?.version),[d,p]=(0,H.useState)([]);if(!e.profile)return null;let h=Y(e),_=!i;return(0,W.jsx)(f,{title:n.title,children:(0,W.jsxs)(T,{send:async i=>{let{name:o=``,company:s=null,billingEmail:c=null,phone:d=null,taxId:f=null}=i,m=Object.fromEntries(q.map(e=>[e,i[e]??``])),{payload:g,refusals:_}=await a({input:{accountId:e.id,version:l,name:o,company:s,billingEmail:c,phone:d,taxId:f,address:m}});if(_.some(e=>e.code===`CONFLICT`)){let e=await t();if(!e?.profile)return _;let r=Y(e);u(e.profile.version),p(J.filter(e=>r[e]!==h[e]).map(e=>`${n[e]}: ${r[e]||n.nothing}`))}else{if(p([]),_.length)return _;u(g?.account?.profile?.version),r({text:n.saved})}},children:[d.length>0&&(0,W.jsxs)(C,{color:`yellow`,role:`alert`,children:[n.conflict,(0,W.jsx)(`br`,{}),(0,W.jsx)(`strong`,{children:n.theirs}),` `,d.join(` · `)]}),(0,W.jsxs)(`div`,{className:`pair`,children:[(0,W.jsx)(M,{name:`name`,label:n.name,description:n.nameText,defaultValue:h.name,required:!0,maxLength:100,readOnly:_,autoComplete:`organization`}),(0,W.jsx)(M,{name:`company`,label:n.company,description:n.companyText,defaultValue:h.company,maxLength:200,readOnly:_,autoComplete:`organization`}),(0,W.jsx)(M,{name:`billingEmail`,type:`email`,label:n.billingEmail,description:n.billingText,defaultValue:h.billingEmail,readOnly:_,autoComplete:`email`}),(0,W.jsx)(M,{name:`phone`,type:`tel`,label:n.phone,description:n.phoneText,defaultValue:h.phone,readOnly:_,autoComplete:`tel`}),(0,W.jsx)(M,{name:`taxId`,label:n.taxId,defaultValue:h.taxId,maxLength:50,readOnly:_}),e.profile.externalId&&(0,W.jsx)(M,{name:`externalId`,label:n.number,defaultValue:e.profile.externalId,description:n.numberText,readOnly:!0})]}),(0,W.jsxs)(`fieldset`,{className:`plainset stack`,children:[(0,W.jsx)(`legend`,{className:`legend`,children:n.address}),(0,W.jsxs)(`div`,{className:`pair`,children:[(0,W.jsx)(M,{name:`line1`,label:n.line1,defaultValue:h.line1,maxLength:200,readOnly:_,autoComplete:`address-line1`}),(0,W.jsx)(M,{name:`line2`,label:n.line2,defaultValue:h.line2,maxLength:200,readOnly:_,autoComplete:`address-line2`}),(0,W.jsx)(M,{name:`postalCode`,label:n.postalCode,defaultValue:h.postalCode,maxLength:20,readOnly:_,autoComplete:`postal-code`}),(0,W.jsx)(M,{name:`city`,label:n.city,defaultValue:h.city,maxLength:100,readOnly:_,autoComplete:`address-level2`}),(0,W.jsx)(M,{name:`region`,label:n.region,defaultValue:h.region,maxLength:100,readOnly:_,autoComplete:`address-level1`}),(0,W.jsx)(X,{value:h.country,fixed:_})]})]}),i&&(0,W.jsx)(`div`,{className:`row right`,children:(0,W.jsx)(o,{type:`submit`,loading:s,children:n.save})})]})})}var te=p({en:{title:`Leaving and closing`,leave:`Leave this account`,leaveText:`You lose access at once, and what you were given here is forgotten. What you did stays in the history. To come back you need a new invitation.`,leaveTitle:e=>`Leave ${e}?`,left:e=>`You left ${e}.`,tokens:`Programs that use API tokens of yours stop working as well.`,close:`Close this account`,closeText:`Nobody but you can look into it any more. Members keep what they have for the day that you open it again.`,closeTitle:e=>`Close ${e}?`,closeLong:(e,t)=>`${e}${t?` and its ${t===1?`sub-account`:`${t} sub-accounts`}`:``} can be used by nobody from the next request on, and only you can look into it. Invitations and offers that wait are withdrawn. API tokens stop working, and nobody is notified of anything. Nothing is deleted: you can open it again.`,closed:e=>`${e} is closed.`,reopen:`Open it again`,reopenText:e=>`It was closed on ${e}. Members and contacts are as they were; invitations stay withdrawn, and sub-accounts are opened one by one.`,reopened:e=>`${e} is open again.`,owner:`Whoever owns it cannot leave it: hand it over first, or close it.`,through:`You reach this account through the one above. Whether you do is decided there.`},de:{title:`Verlassen und schließen`,leave:`Dieses Konto verlassen`,leaveText:`Sie verlieren sofort den Zugang, und was Sie hier bekommen haben, wird vergessen. Was Sie getan haben, bleibt im Verlauf. Zurück geht es nur mit einer neuen Einladung.`,leaveTitle:e=>`${e} verlassen?`,left:e=>`Sie haben ${e} verlassen.`,tokens:`Auch Programme mit API-Tokens von Ihnen hören dann auf.`,close:`Dieses Konto schließen`,closeText:`Niemand außer Ihnen kann dann hineinsehen. Mitglieder behalten, was sie haben, bis Sie es wieder öffnen.`,closeTitle:e=>`${e} schließen?`,closeLong:(e,t)=>`${e}${t?` und ${t===1?`sein Unterkonto`:`seine ${t} Unterkonten`}`:``} kann ab der nächsten Anfrage niemand mehr benutzen, und nur Sie können hineinsehen. Wartende Einladungen und Angebote werden zurückgezogen. API-Tokens gelten nicht mehr, und niemand bekommt Benachrichtigungen. Gelöscht wird nichts: Sie können es wieder öffnen.`,closed:e=>`${e} ist geschlossen.`,reopen:`Wieder öffnen`,reopenText:e=>`Es wurde am ${e} geschlossen. Mitglieder und Kontakte sind, wie sie waren; Einladungen bleiben zurückgezogen, und Unterkonten werden einzeln geöffnet.`,reopened:e=>`${e} ist wieder offen.`,owner:`Wem es gehört, der kann es nicht verlassen: Übergeben Sie es zuerst, oder schließen Sie es.`,through:`Sie erreichen dieses Konto über das Hauptkonto. Dort wird entschieden, ob.`}}),ne=a(`
  mutation LeaveAccount($input: LeaveAccountInput!) {
    leaveAccount(input: $input) {
      leftAccountId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),re=a(`
  mutation CloseAccount($input: CloseAccountInput!) {
    closeAccount(input: $input) {
      account {
        id
        state
        closedAt
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),ie=a(`
  mutation ReopenAccount($input: ReopenAccountInput!) {
    reopenAccount(input: $input) {
      account {
        id
        state
        closedAt
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`);function ae({found:e,viewer:t,again:n}){let a=c(te),l=i(),u=m(),d=_(),p=r(),{account:h}=S(),[,v]=D(),[y]=g(ne),[b]=g(re),[C,w]=g(ie),[T,E]=(0,H.useState)(null),O=h.owner?.id===t?.id,k={accountId:h.id},A=(e.subAccounts?.nodes??[]).filter(e=>e.state!==`CLOSED`).length,j=()=>Promise.all([l.refetchQueries({include:[x]}),n()]);return(0,W.jsxs)(f,{title:a.title,children:[(0,W.jsx)(`ul`,{className:`settings`,children:e.state===`CLOSED`?(0,W.jsxs)(`li`,{children:[(0,W.jsx)(`p`,{className:`grow`,children:a.reopenText(p.date(e.closedAt??``))}),(0,W.jsx)(o,{loading:w,onClick:async()=>{let{refusals:e}=await C({input:k});u({text:e.length?e.map(d).join(` `):a.reopened(h.name)}),await j()},children:a.reopen})]}):O?(0,W.jsxs)(`li`,{children:[(0,W.jsxs)(`p`,{className:`grow`,children:[a.closeText,` `,h.state===`ACTIVE`&&!h.parent&&a.owner]}),(0,W.jsx)(o,{variant:`outline`,color:`red`,onClick:()=>E(`close`),disabled:h.state!==`ACTIVE`,children:a.close})]}):h.viewerMembership?(0,W.jsxs)(`li`,{children:[(0,W.jsx)(`p`,{className:`grow`,children:a.leaveText}),(0,W.jsx)(o,{variant:`outline`,color:`red`,onClick:()=>E(`leave`),children:a.leave})]}):(0,W.jsx)(`li`,{children:(0,W.jsx)(`p`,{children:a.through})})}),T===`leave`&&(0,W.jsxs)(I,{title:a.leaveTitle(h.name),label:a.leave,danger:!0,close:()=>E(null),act:async()=>{let{refusals:e}=await y({input:k});return e.length?e:(u({text:a.left(h.name)}),v(`/accounts`),l.cache.evict({id:l.cache.identify({__typename:`Account`,id:h.id})}),await s(),[])},children:[a.leaveText,` `,h.viewerPermissions.includes(`developer`)&&a.tokens]}),T===`close`&&(0,W.jsx)(I,{title:a.closeTitle(h.name),label:a.close,danger:!0,close:()=>E(null),act:async()=>{let{refusals:e}=await b({input:k});return e.length?e:(u({text:a.closed(h.name)}),await j(),[])},children:a.closeLong(h.name,A)})]})}var Z=p({en:{title:`Ownership`,owner:e=>`${e} owns this account: holds every permission, answers for what it owes, and alone can close it.`,you:`You own this account: you hold every permission, answer for what it owes, and alone can close it.`,sub:`A sub-account goes with the account above it.`,hand:`Hand it over`,handTitle:e=>`Hand ${e} over`,text:e=>`Offer ${e} with its sub-accounts to somebody who belongs to it. They have seven days to accept, and then own it: every permission, its debts, and whether it closes. You become an administrator in the same moment. Until then you can take the offer back.`,whom:`To whom`,nobody:`Nobody else belongs to this account yet. Invite them first.`,offer:`Offer it`,offered:e=>`The account is offered to ${e}. They are told by mail.`,offering:(e,t)=>`You offered this account to ${e}. It is yours until they accept; the offer stands until ${t}.`,toYou:(e,t)=>`${e} offers you this account. If you accept, it is yours at once, with everything it owes and owns. The offer stands until ${t}.`,toOther:(e,t,n)=>`${e} offered this account to ${t}. The offer stands until ${n}.`,assigned:(e,t)=>`This account goes to ${e} on ${t}, unless owner or nominee say no: the company started it since the owner is gone.`,cancel:`Cancel`,close:`Close`},de:{title:`Besitz`,owner:e=>`Das Konto gehört ${e}: mit jedem Recht, mit den Schulden, und nur so lässt es sich schließen.`,you:`Das Konto gehört Ihnen: Sie haben jedes Recht, stehen für seine Schulden ein, und nur Sie können es schließen.`,sub:`Ein Unterkonto gehört, wem das Hauptkonto gehört.`,hand:`Übergeben`,handTitle:e=>`${e} übergeben`,text:e=>`Bieten Sie ${e} mit seinen Unterkonten jemandem an, der dazugehört. Sieben Tage kann die Person annehmen und besitzt es dann: jedes Recht, die Schulden, und ob es geschlossen wird. Sie werden im selben Augenblick Administrator. Bis dahin können Sie das Angebot zurückziehen.`,whom:`Wem`,nobody:`Noch gehört sonst niemand zu diesem Konto. Laden Sie zuerst jemanden ein.`,offer:`Anbieten`,offered:e=>`Das Konto ist ${e} angeboten. Es geht eine Mail hinaus.`,offering:(e,t)=>`Sie haben dieses Konto ${e} angeboten. Bis zur Annahme gehört es Ihnen; das Angebot gilt bis ${t}.`,toYou:(e,t)=>`${e} bietet Ihnen dieses Konto an. Wenn Sie annehmen, gehört es sofort Ihnen, mit allem, was es hat und schuldet. Das Angebot gilt bis ${t}.`,toOther:(e,t,n)=>`${e} hat dieses Konto ${t} angeboten. Das Angebot gilt bis ${n}.`,assigned:(e,t)=>`Dieses Konto geht am ${t} an ${e}, außer jemand von beiden sagt Nein: Das Unternehmen hat es begonnen, weil der Inhaber nicht mehr da ist.`,cancel:`Abbrechen`,close:`Schließen`}});function oe({people:e}){let t=c(Z);return(0,W.jsx)(E,{...w(`membershipId`),label:t.whom,data:e,searchable:!0,required:!0,withAsterisk:!1,"data-autofocus":!0})}function se({found:e,viewer:t,again:n}){let i=c(Z),a=m(),s=r(),{account:u,open:d}=S(),[p,h]=g(z),[_,v]=(0,H.useState)(!1),y=e.pendingOwnershipTransfer,b=u.owner?.id===t?.id,x=y?.to.id===t?.id,C=y?s.moment(y.takesEffectAt??y.expiresAt??``):``,w=(e.members?.nodes??[]).filter(e=>!e.isOwner).map(e=>({value:e.id,label:`${e.user?.name} (${e.email})`}));return(0,W.jsxs)(f,{title:i.title,actions:b&&d&&!u.parent&&!y&&(0,W.jsx)(o,{size:`sm`,variant:`default`,onClick:()=>v(!0),children:i.hand}),children:[(0,W.jsxs)(`div`,{className:`stack`,children:[(0,W.jsxs)(`p`,{children:[b?i.you:i.owner(u.owner?.name??``),` `,u.parent&&i.sub]}),y&&(0,W.jsxs)(`div`,{className:`row offer`,children:[(0,W.jsx)(`span`,{className:`sign new`,children:(0,W.jsx)(l,{name:`hand`})}),(0,W.jsx)(`p`,{className:`grow`,children:y.takesEffectAt?i.assigned(y.to.name,C):b?i.offering(y.to.name,C):x?i.toYou(y.from.name,C):i.toOther(y.from.name,y.to.name,C)}),(x||b)&&(0,W.jsx)(R,{transfer:y,mine:x,changed:()=>void n()})]})]}),_&&(0,W.jsx)(L,{opened:!0,onClose:()=>v(!1),title:i.handTitle(u.name),closeButtonProps:{"aria-label":i.close},children:(0,W.jsxs)(T,{send:async({membershipId:t=``})=>{let{refusals:r}=await p({input:{accountId:u.id,membershipId:t}});if(r.length)return r;v(!1),a({text:i.offered(e.members?.nodes.find(e=>e.id===t)?.user?.name??``)}),await n()},children:[(0,W.jsx)(`p`,{children:i.text(u.name)}),w.length?(0,W.jsx)(oe,{people:w}):(0,W.jsx)(`p`,{className:`faint`,children:i.nobody}),(0,W.jsxs)(`div`,{className:`row right`,children:[(0,W.jsx)(o,{variant:`default`,onClick:()=>v(!1),children:i.cancel}),w.length>0&&(0,W.jsx)(o,{type:`submit`,loading:h,children:i.offer})]})]})})]})}var ce=p({en:{title:`Policies`,factor:`Members need a second factor`,factorText:`An authenticator app or a passkey. Whoever has none is told at once and again three days before.`,from:`From when on`,fromText:`From the beginning of this day on, whoever has only one factor is kept out until they turn a second one on.`,fromNow:`It holds already.`,without:e=>e===0?`Everybody has a second factor: nobody would be kept out.`:e===1?`One member has no second factor and would be kept out:`:`${e} members have no second factor and would be kept out:`,keptOut:e=>e===0?`Everybody has a second factor: nobody is kept out.`:e===1?`One member has no second factor and is kept out:`:`${e} members have no second factor and are kept out:`,others:e=>e===1?`and one other`:`and ${e} others`,see:`See them all`,self:`You have none yourself. Leave a day at least, or turn one on first:`,profile:`your profile`,parentFactor:e=>`The account above asks for a second factor from ${e} on, and that holds here too.`,domains:`Only addresses of these domains`,domainsText:`One a line, such as example.com; subdomains are domains of their own. Empty: any address can be invited.`,parentDomains:e=>`The account above admits only ${e}, and that holds here too.`,within:`Everybody who belongs to the account has such an address.`,outside:e=>e===1?`One member has another address. They stay:`:`${e} members have other addresses. They stay:`,first:e=>`Among the first ${e} members:`,lapsing:e=>e===1?`An invitation that waits could no longer be accepted:`:`${e} invitations that wait could no longer be accepted:`,save:`Save`,saved:`The policies hold from the next request on.`,conflict:`Somebody changed the policies while you were at it. Look them over, and save again to put yours in the place of theirs.`,theirs:`Now it is:`,asks:e=>`a second factor from ${e} on`,asksNot:`no second factor`,any:`any domain`,readFactor:e=>`Members need a second factor from ${e} on.`,readNoFactor:`A second factor is welcome and not asked for.`,readDomains:e=>`Only addresses of ${e} can be invited.`,readAny:`Any address can be invited.`,who:`The owner and administrators change this.`},de:{title:`Richtlinien`,factor:`Mitglieder brauchen einen zweiten Faktor`,factorText:`Eine Authenticator-App oder einen Passkey. Wer keinen hat, erfährt es sofort und noch einmal drei Tage vorher.`,from:`Ab wann`,fromText:`Vom Beginn dieses Tages an bleibt draußen, wer nur einen Faktor hat, bis ein zweiter eingerichtet ist.`,fromNow:`Es gilt schon.`,without:e=>e===0?`Alle haben einen zweiten Faktor: Niemand bliebe draußen.`:e===1?`Ein Mitglied hat keinen zweiten Faktor und bliebe draußen:`:`${e} Mitglieder haben keinen zweiten Faktor und blieben draußen:`,keptOut:e=>e===0?`Alle haben einen zweiten Faktor: Niemand bleibt draußen.`:e===1?`Ein Mitglied hat keinen zweiten Faktor und bleibt draußen:`:`${e} Mitglieder haben keinen zweiten Faktor und bleiben draußen:`,others:e=>e===1?`und eine weitere Person`:`und ${e} weitere`,see:`Alle ansehen`,self:`Sie selbst haben keinen. Lassen Sie mindestens einen Tag Zeit, oder richten Sie zuerst einen ein:`,profile:`Ihr Profil`,parentFactor:e=>`Das Hauptkonto verlangt ab ${e} einen zweiten Faktor, und das gilt auch hier.`,domains:`Nur Adressen dieser Domains`,domainsText:`Eine je Zeile, etwa example.com; Subdomains zählen für sich. Leer: Jede Adresse kann eingeladen werden.`,parentDomains:e=>`Das Hauptkonto lässt nur ${e} zu, und das gilt auch hier.`,within:`Alle, die zum Konto gehören, haben so eine Adresse.`,outside:e=>e===1?`Ein Mitglied hat eine andere Adresse. Es bleibt:`:`${e} Mitglieder haben andere Adressen. Sie bleiben:`,first:e=>`Unter den ersten ${e} Mitgliedern:`,lapsing:e=>e===1?`Eine wartende Einladung könnte nicht mehr angenommen werden:`:`${e} wartende Einladungen könnten nicht mehr angenommen werden:`,save:`Speichern`,saved:`Die Richtlinien gelten ab der nächsten Anfrage.`,conflict:`Jemand hat die Richtlinien inzwischen geändert. Sehen Sie sie an, und speichern Sie noch einmal, um Ihre an die Stelle der anderen zu setzen.`,theirs:`Jetzt gilt:`,asks:e=>`ein zweiter Faktor ab ${e}`,asksNot:`kein zweiter Faktor`,any:`jede Domain`,readFactor:e=>`Mitglieder brauchen ab ${e} einen zweiten Faktor.`,readNoFactor:`Ein zweiter Faktor ist willkommen, aber nicht verlangt.`,readDomains:e=>`Nur Adressen von ${e} können eingeladen werden.`,readAny:`Jede Adresse kann eingeladen werden.`,who:`Das ändern der Inhaber und die Verwaltung.`}}),le=a(`
  mutation UpdateAccountPolicies($input: UpdateAccountPoliciesInput!) {
    updateAccountPolicies(input: $input) {
      account {
        id
        policies {
          requireTwoFactor
          twoFactorFrom
          allowedDomains
          membersWithoutTwoFactor
          version
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
`),ue=e=>e.split(/[\s,;]+/).map(e=>e.replace(/^@/,``).toLowerCase()).filter(Boolean),Q=e=>e?.split(`@`).at(-1)?.toLowerCase()??``;function de({found:e,viewer:t,again:n}){let i=c(ce),a=m(),s=r(),{base:u,open:d}=S(),[p,h]=g(le),_=e.policies,[v,y]=(0,H.useState)(_?.version??0),[b,x]=(0,H.useState)(_?.requireTwoFactor??!1),[w,E]=(0,H.useState)(_?.twoFactorFrom?j(_.twoFactorFrom):N(7)),[D,O]=(0,H.useState)((_?.allowedDomains??[]).join(`
`)),[k,I]=(0,H.useState)(``);if(!_)return null;let L=(0,W.jsxs)(W.Fragment,{children:[_.parentTwoFactorFrom&&(0,W.jsx)(C,{children:i.parentFactor(s.date(_.parentTwoFactorFrom))}),_.parentAllowedDomains.length>0&&(0,W.jsx)(C,{children:i.parentDomains(s.list([..._.parentAllowedDomains]))})]});if(_.membersWithoutTwoFactor===null||!d)return(0,W.jsx)(f,{title:i.title,children:(0,W.jsxs)(`div`,{className:`stack`,children:[(0,W.jsx)(`p`,{children:_.requireTwoFactor&&_.twoFactorFrom?i.readFactor(s.date(_.twoFactorFrom)):i.readNoFactor}),(0,W.jsx)(`p`,{className:`wrap`,children:_.allowedDomains.length?i.readDomains(s.list([..._.allowedDomains])):i.readAny}),L,d&&(0,W.jsx)(`p`,{className:`faint small`,children:i.who})]})});let R=_.twoFactorFrom,z=!!R&&_.requireTwoFactor&&new Date(R)<=new Date,V=ue(D),U=V.length?(e.members?.nodes??[]).filter(e=>!V.includes(Q(e.email))):[],G=V.length?(e.invited?.nodes??[]).filter(e=>!V.includes(Q(e.email))):[],K=e.members?.nodes.length??0,q=_.membersWithoutTwoFactor,J=e.unshielded?.nodes??[];return(0,W.jsx)(f,{title:i.title,children:(0,W.jsxs)(T,{send:async()=>{let t=R&&j(R)===w?R:w===N(0)?new Date().toISOString():P(w),{payload:r,refusals:o}=await p({input:{accountId:e.id,version:v,requireTwoFactor:b,twoFactorFrom:b?t:null,allowedDomains:V}});if(o.some(e=>e.code===`CONFLICT`)){let e=(await n())?.policies;if(!e)return o;y(e.version),I([e.twoFactorFrom?i.asks(s.date(e.twoFactorFrom)):i.asksNot,e.allowedDomains.length?s.list([...e.allowedDomains]):i.any].join(` · `));return}if(I(``),o.length)return o.map(e=>/^\d+$/.test(e.field??``)?{...e,field:`allowedDomains`}:e);let c=r?.account?.policies;y(c?.version??v),O((c?.allowedDomains??V).join(`
`)),a({text:i.saved}),n()},children:[k&&(0,W.jsxs)(C,{color:`yellow`,role:`alert`,children:[i.conflict,(0,W.jsx)(`br`,{}),(0,W.jsx)(`strong`,{children:i.theirs}),` `,k]}),L,(0,W.jsx)(B,{label:i.factor,description:i.factorText,checked:b,onChange:e=>x(e.currentTarget.checked)}),b&&(0,W.jsxs)(`div`,{className:`subs stack`,children:[(0,W.jsx)(M,{name:`twoFactorFrom`,type:`date`,label:i.from,description:z&&R&&j(R)===w?i.fromNow:i.fromText,value:w,onChange:e=>E(e.currentTarget.value),min:R&&j(R)<N(0)?j(R):N(0),max:N(90),required:!0,className:`day`}),(0,W.jsxs)(`div`,{className:`small`,role:`status`,children:[(0,W.jsxs)(`p`,{className:`row tight beside`,children:[q>0&&(0,W.jsx)(l,{name:`unshielded`,size:16}),(z?i.keptOut:i.without)(q)]}),q>0&&(0,W.jsxs)(`p`,{className:`wrap`,children:[s.list([...J.map(e=>e.user?.name??e.email??``),...q>J.length?[i.others(q-J.length)]:[]]),` `,(0,W.jsx)(A,{href:`${u}/people?state=ACTIVE&factor=no`,children:i.see})]})]}),!t?.twoFactor.enabledAt&&!z&&(0,W.jsxs)(`p`,{className:`small warned`,children:[(0,W.jsx)(l,{name:`warning`,size:16}),(0,W.jsxs)(`span`,{children:[i.self,` `,(0,W.jsx)(A,{href:`/profile`,children:i.profile})]})]})]}),(0,W.jsx)(F,{name:`allowedDomains`,label:i.domains,description:i.domainsText,value:D,onChange:e=>O(e.currentTarget.value),autoCapitalize:`none`,spellCheck:!1}),V.length>0&&e.members&&(0,W.jsxs)(`div`,{className:`small stack tight`,role:`status`,children:[(e.members.totalCount??0)>K&&(0,W.jsx)(`p`,{className:`faint`,children:i.first(K)}),U.length?(0,W.jsxs)(`p`,{className:`wrap`,children:[i.outside(U.length),` `,s.list(U.map(e=>`${e.user?.name} (${e.email})`))]}):(0,W.jsx)(`p`,{className:`faint`,children:i.within}),G.length>0&&(0,W.jsxs)(`p`,{className:`wrap`,children:[i.lapsing(G.length),` `,s.list(G.map(e=>e.email))]})]}),(0,W.jsx)(`div`,{className:`row right`,children:(0,W.jsx)(o,{type:`submit`,loading:h,children:i.save})})]})})}var fe=p({en:{title:`Sub-accounts`,create:`New sub-account`,none:`There are no sub-accounts`,noneText:`A sub-account keeps a shop, a brand or a customer apart: its own people, contacts and history, beneath the same owner.`,text:`It has people, contacts and a history of its own, and the owner of this account. Members of this account reach it if their access to sub-accounts says so.`,name:`What is it called?`,cancel:`Cancel`,close:`Close`,created:e=>`The sub-account ${e} is there.`,states:e=>({SUSPENDED:`suspended`,CLOSED:`closed`})[e]??``,parent:`It is a sub-account`,beneath:`It lies beneath`,beneathText:`It has the owner of that account, and follows its policies besides its own.`},de:{title:`Unterkonten`,create:`Neues Unterkonto`,none:`Es gibt keine Unterkonten`,noneText:`Ein Unterkonto hält einen Shop, eine Marke oder einen Kunden getrennt: mit eigenen Personen, Kontakten und eigenem Verlauf, unter demselben Inhaber.`,text:`Es hat eigene Personen, Kontakte und einen eigenen Verlauf und gehört, wem dieses Konto gehört. Mitglieder dieses Kontos erreichen es, wenn ihr Zugang zu Unterkonten das sagt.`,name:`Wie soll es heißen?`,cancel:`Abbrechen`,close:`Schließen`,created:e=>`Das Unterkonto ${e} ist da.`,states:e=>({SUSPENDED:`gesperrt`,CLOSED:`geschlossen`})[e]??``,parent:`Es ist ein Unterkonto`,beneath:`Es liegt unter`,beneathText:`Es gehört, wem jenes Konto gehört, und folgt dessen Richtlinien neben den eigenen.`}}),pe=a(`
  mutation CreateSubAccount($input: CreateSubAccountInput!) {
    createSubAccount(input: $input) {
      account {
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
`);function me({found:e,again:t}){let n=c(fe),r=m(),{account:i,open:a}=S(),[s,p]=g(pe),[h,_]=(0,H.useState)(!1),v=y(),b=e.subAccounts?.nodes??[],x=a&&typeof e.policies?.membersWithoutTwoFactor==`number`;return i.parent?(0,W.jsx)(f,{title:n.parent,children:(0,W.jsxs)(`p`,{children:[n.beneath,` `,(0,W.jsx)(A,{href:`/accounts/${i.parent.id}`,children:i.parent.name}),`. `,n.beneathText]})}):!x&&!b.length?null:(0,W.jsxs)(f,{title:n.title,body:!1,actions:x&&(0,W.jsx)(o,{size:`sm`,variant:`default`,leftSection:(0,W.jsx)(l,{name:`plus`,size:16}),onClick:()=>_(!0),children:n.create}),children:[b.length?(0,W.jsx)(`ul`,{className:`list`,children:b.map(e=>(0,W.jsxs)(`li`,{children:[(0,W.jsx)(d,{name:e.name,square:!0,off:e.state===`CLOSED`}),(0,W.jsx)(`strong`,{className:`grow wrap`,children:(0,W.jsx)(A,{href:`/accounts/${e.id}`,children:e.name})}),e.state!==`ACTIVE`&&(0,W.jsx)(V,{variant:`light`,color:`gray`,children:n.states(e.state)})]},e.id))}):(0,W.jsx)(u,{icon:`building`,title:n.none,text:n.noneText}),h&&(0,W.jsx)(L,{opened:!0,onClose:()=>_(!1),title:n.create,closeButtonProps:{"aria-label":n.close},children:(0,W.jsxs)(T,{send:async({name:i=``})=>{let{refusals:a}=await s({input:{parentId:e.id,name:i,idempotencyKey:v(i)}});if(a.length)return a;_(!1),r({text:n.created(i)}),await t()},children:[(0,W.jsx)(`p`,{className:`faint`,children:n.text}),(0,W.jsx)(M,{name:`name`,label:n.name,required:!0,maxLength:100,"data-autofocus":!0}),(0,W.jsxs)(`div`,{className:`row right`,children:[(0,W.jsx)(o,{variant:`default`,onClick:()=>_(!1),children:n.cancel}),(0,W.jsx)(o,{type:`submit`,loading:p,children:n.create})]})]})})]})}var he=p({en:{title:`Settings`,lead:`Whose account this is, what it asks of those who come, and what is beneath it.`},de:{title:`Einstellungen`,lead:`Wessen Konto das ist, was es von allen verlangt, die kommen, und was darunter liegt.`}}),$=a(`
  query Settings($accountId: ID!, $profile: Boolean!, $users: Boolean!) {
    account(id: $accountId) {
      id
      name
      state
      closedAt
      profile @include(if: $profile) {
        company
        billingEmail
        phone
        taxId
        address {
          line1
          line2
          city
          region
          postalCode
          country
        }
        externalId
        version
      }
      policies {
        requireTwoFactor
        twoFactorFrom
        parentTwoFactorFrom
        allowedDomains
        parentAllowedDomains
        membersWithoutTwoFactor
        version
      }
      unshielded: memberships(state: ACTIVE, twoFactorEnabled: false, first: 10) @include(if: $users) {
        nodes {
          id
          email
          user {
            id
            name
          }
        }
        totalCount
      }
      members: memberships(state: ACTIVE, first: 100) @include(if: $users) {
        nodes {
          id
          email
          isOwner
          user {
            id
            name
          }
        }
        totalCount
      }
      invited: invitations(state: PENDING, first: 100) @include(if: $users) {
        nodes {
          id
          email
        }
      }
      subAccounts(first: 100) {
        nodes {
          id
          name
          state
        }
      }
      pendingOwnershipTransfer {
        id
        from {
          id
          name
        }
        to {
          id
          name
        }
        expiresAt
        takesEffectAt
      }
    }
    viewer {
      id
      twoFactor {
        enabledAt
      }
    }
  }
`);function ge(){let e=c(he),{account:n,can:r}=S(),i={accountId:n.id,profile:r(`profile`),users:r(`users`)},{data:a,error:o,loading:s,refetch:l}=b($,{variables:i,fetchPolicy:`cache-and-network`}),u=a?.account,d=u&&{found:u,viewer:a.viewer,again:()=>l().then(e=>e.data?.account)};return(0,W.jsx)(h,{title:e.title,lead:e.lead,shown:{document:$,variables:i},children:d?(0,W.jsxs)(W.Fragment,{children:[(0,W.jsx)(ee,{...d}),(0,W.jsx)(de,{...d}),(0,W.jsx)(me,{...d}),(0,W.jsx)(se,{...d}),(0,W.jsx)(ae,{...d})]}):s?(0,W.jsxs)(W.Fragment,{children:[(0,W.jsx)(t,{h:420,radius:`lg`}),(0,W.jsx)(t,{h:320,radius:`lg`}),(0,W.jsx)(t,{h:160,radius:`lg`})]}):(0,W.jsx)(v,{error:o,again:()=>void l()})})}export{ge as default};