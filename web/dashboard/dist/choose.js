import{r as e}from"./rolldown-runtime.js";import{C as t,D as n,O as r,d as i,f as a,g as o,i as s,l as c,n as l,p as u,s as d,u as f,w as p,wt as m,x as h}from"./base.js";import{n as g,r as _,t as v}from"./form.js";import{t as y}from"./Checkbox.js";import{t as b}from"./Modal.js";import{t as x}from"./Skeleton.js";import{t as S}from"./TextInput.js";import{a as C,d as w,l as T,o as E}from"./react.js";import{n as D,r as O,t as k}from"./switch.js";var A=e(w(),1),j=T(),M=p({en:{title:`Where do you want to work?`,lead:`The accounts you belong to.`,accounts:`Your accounts`,remember:`Start here next time without asking`,more:`Show more`,none:`You belong to no account yet`,noneText:`Accept an invitation, or open an account of your own.`,create:`New account`,createTitle:`Open an account`,createText:`You will own it: you hold every permission, and can hand it over later.`,name:`What is it called?`,company:`Legal name`,optional:`If it differs from the name.`,cancel:`Cancel`,close:`Close`,waiting:`Invitations waiting for you`,by:e=>`invited by ${e}`,until:e=>`valid until ${e}`,accept:`Accept`,decline:`Decline`,accepted:e=>`You belong to ${e} now.`,declined:e=>`You declined the invitation to ${e}.`,member:`Member, without permissions yet`,news:e=>`${e} new`,owner:`you own it`,home:`where you start`},de:{title:`Wo möchten Sie arbeiten?`,lead:`Die Konten, zu denen Sie gehören.`,accounts:`Ihre Konten`,remember:`Beim nächsten Mal ohne Frage hier beginnen`,more:`Mehr anzeigen`,none:`Sie gehören noch zu keinem Konto`,noneText:`Nehmen Sie eine Einladung an, oder eröffnen Sie ein eigenes Konto.`,create:`Neues Konto`,createTitle:`Ein Konto eröffnen`,createText:`Es gehört dann Ihnen: Sie haben jedes Recht und können es später übergeben.`,name:`Wie soll es heißen?`,company:`Firmenname`,optional:`Falls er anders lautet.`,cancel:`Abbrechen`,close:`Schließen`,waiting:`Einladungen, die auf Sie warten`,by:e=>`eingeladen von ${e}`,until:e=>`gültig bis ${e}`,accept:`Annehmen`,decline:`Ablehnen`,accepted:e=>`Sie gehören jetzt zu ${e}.`,declined:e=>`Sie haben die Einladung zu ${e} abgelehnt.`,member:`Mitglied, noch ohne Rechte`,news:e=>`${e} neu`,owner:`gehört Ihnen`,home:`hier beginnen Sie`}}),N=n(`
  query WaitingInvitations {
    viewer {
      id
      invitations {
        id
        account {
          id
          name
        }
        invitedBy {
          id
          name
        }
        roles {
          id
          name
        }
        message
        expiresAt
      }
    }
  }
`),P=n(`
  mutation AcceptInvitation($input: AcceptInvitationInput!) {
    acceptInvitation(input: $input) {
      membership {
        id
        account {
          id
          name
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
`),F=n(`
  mutation DeclineInvitation($input: DeclineInvitationInput!) {
    declineInvitation(input: $input) {
      declinedInvitationId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),I=n(`
  mutation CreateAccount($input: CreateAccountInput!) {
    createAccount(input: $input) {
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
`);function L({viewer:e}){let n=t(M),l=s(),{choices:d,first:p,error:m,refetch:h,more:g}=O(),[v,b]=k(),[S,w]=(0,A.useState)(!1),[T,N]=(0,A.useState)([]),[,P]=C(),F=E()===`new`;return(0,j.jsxs)(a,{title:n.title,lead:n.lead,shown:{document:D,variables:{}},actions:(0,j.jsx)(r,{leftSection:(0,j.jsx)(o,{name:`plus`,size:16}),variant:d.length?`default`:`filled`,onClick:()=>P(`/accounts?new`),children:n.create}),children:[(0,j.jsx)(R,{}),m?(0,j.jsx)(i,{error:m,again:()=>void h()}):(0,j.jsxs)(u,{title:n.accounts,body:!1,actions:d.some(e=>!e.why)&&(0,j.jsx)(y,{size:`sm`,label:n.remember,checked:S,onChange:e=>w(e.currentTarget.checked)}),children:[p?(0,j.jsxs)(`div`,{className:`body stack`,"aria-busy":`true`,children:[(0,j.jsx)(x,{h:44}),(0,j.jsx)(x,{h:44}),(0,j.jsx)(x,{h:44})]}):d.length?(0,j.jsx)(`ul`,{className:`accounts`,children:d.map(t=>(0,j.jsx)(`li`,{children:(0,j.jsxs)(`button`,{type:`button`,className:`plain pick${t.beneath?` beneath`:``}`,disabled:!!t.why||b,onClick:()=>void v(t.id,S).then(N),children:[(0,j.jsx)(f,{name:t.name,square:!0,off:!!t.why}),(0,j.jsxs)(`span`,{className:`grow`,children:[(0,j.jsx)(`strong`,{className:`cut`,children:t.name}),(0,j.jsx)(`span`,{className:`faint small`,children:t.why??[t.owner&&n.owner,t.id===e.defaultAccount?.id&&n.home,t.note].filter(Boolean).join(` · `)})]}),t.unread>0&&(0,j.jsx)(`span`,{className:`count`,children:n.news(t.unread)}),!t.why&&(0,j.jsx)(o,{name:`next`})]})},t.id))}):(0,j.jsx)(c,{icon:`building`,title:n.none,text:n.noneText}),g&&(0,j.jsx)(`div`,{className:`body`,children:(0,j.jsx)(r,{variant:`subtle`,onClick:g,children:n.more})}),T.length>0&&(0,j.jsx)(`div`,{className:`body`,children:(0,j.jsx)(_,{color:`red`,role:`alert`,children:T.map(l).join(` `)})})]}),F&&(0,j.jsx)(V,{close:()=>P(`/accounts`,{replace:!0})})]})}function R(){let e=t(M),n=h(),i=d(),a=s(),{data:o,refetch:c}=m(N,{fetchPolicy:`cache-and-network`}),[p,g]=l(P),[v,y]=l(F),[b,x]=(0,A.useState)(``),[,S]=C(),w=o?.viewer?.invitations??[];return w.length?(0,j.jsxs)(u,{title:e.waiting,body:!1,children:[(0,j.jsx)(`ul`,{className:`list`,children:w.map(t=>(0,j.jsxs)(`li`,{className:`todo split`,children:[(0,j.jsx)(f,{name:t.account?.name??``,square:!0}),(0,j.jsxs)(`div`,{className:`grow`,children:[(0,j.jsx)(`strong`,{children:t.account?.name}),(0,j.jsx)(`p`,{className:`faint small`,children:[t.roles?.map(e=>e.name).join(`, `)||e.member,t.invitedBy&&e.by(t.invitedBy.name),e.until(n.date(t.expiresAt))].filter(Boolean).join(` · `)}),t.message&&(0,j.jsxs)(`p`,{className:`wrap`,children:[`“`,t.message,`”`]})]}),(0,j.jsxs)(`div`,{className:`row`,children:[(0,j.jsx)(r,{size:`sm`,loading:g,onClick:async()=>{let{payload:n,refusals:r}=await p({input:{invitationId:t.id}});if(r.length||!n?.membership?.account)return x(r.map(a).join(` `));i({text:e.accepted(n.membership.account.name)}),S(`/accounts/${n.membership.account.id}`)},children:e.accept}),(0,j.jsx)(r,{size:`sm`,variant:`default`,loading:y,onClick:async()=>{let{refusals:n}=await v({input:{invitationId:t.id}});if(n.length)return x(n.map(a).join(` `));i({text:e.declined(t.account?.name??``)}),await c()},children:e.decline})]})]},t.id))}),b&&(0,j.jsx)(`div`,{className:`body`,children:(0,j.jsx)(_,{color:`red`,role:`alert`,children:b})})]}):null}function z(){let e=t(M);return(0,j.jsx)(S,{...g(`name`),label:e.name,required:!0,withAsterisk:!1,maxLength:100,autoComplete:`organization`,"data-autofocus":!0})}function B(){let e=t(M);return(0,j.jsx)(S,{...g(`company`),label:e.company,description:e.optional,maxLength:200,autoComplete:`organization`})}function V({close:e}){let n=t(M),[i,a]=l(I),[o]=(0,A.useState)(()=>crypto.randomUUID()),[,s]=C();return(0,j.jsx)(b,{opened:!0,onClose:e,title:n.createTitle,closeButtonProps:{"aria-label":n.close},children:(0,j.jsxs)(v,{send:async({name:e=``,company:t})=>{let{payload:n,refusals:r}=await i({input:{name:e,company:t,idempotencyKey:`${o}-${e}-${t??``}`.slice(0,100)}});if(r.length||!n?.account)return r;s(`/accounts/${n.account.id}`,{replace:!0})},children:[(0,j.jsx)(`p`,{className:`faint`,children:n.createText}),(0,j.jsx)(z,{}),(0,j.jsx)(B,{}),(0,j.jsxs)(`div`,{className:`row right`,children:[(0,j.jsx)(r,{variant:`default`,onClick:e,children:n.cancel}),(0,j.jsx)(r,{type:`submit`,loading:a,children:n.create})]})]})})}export{L as default};