import{r as e}from"./rolldown-runtime.js";import{a as t,n,r,t as i}from"./fields.js";import{E as a,I as o,L as s,O as c,_ as l,d as u,f as d,h as f,k as p,l as m,m as h,n as g,o as _,p as v,r as y,y as b}from"./base.js";import{t as x}from"./Checkbox.js";import{t as S}from"./Modal.js";import{t as C}from"./Skeleton.js";import{a as w,d as T,l as E,o as D}from"./react.js";import{t as O}from"./confirm.js";import{n as k,r as A,t as j}from"./switch.js";var M=e(T(),1),N=E(),P=p({en:{title:`Where do you want to work?`,lead:`The accounts you belong to.`,accounts:`Your accounts`,remember:`Start here next time without asking`,more:`Show more`,none:`You belong to no account yet`,noneText:`Accept an invitation, or open an account of your own.`,create:`New account`,createTitle:`Open an account`,createText:`You will own it: you hold every permission, and can hand it over later.`,name:`What is it called?`,company:`Legal name`,optional:`If it differs from the name.`,cancel:`Cancel`,close:`Close`,waiting:`Invitations waiting for you`,by:e=>`invited by ${e}`,until:e=>`valid until ${e}`,accept:`Accept`,decline:`Decline`,accepted:e=>`You belong to ${e} now.`,declineTitle:e=>`Decline the invitation to ${e}?`,declineText:`The link in the mail stops working as well. They would have to invite you again.`,declined:e=>`You declined the invitation to ${e}.`,member:`Member, without permissions yet`,news:e=>`${e} new`,owner:`you own it`,home:`where you start`},de:{title:`Wo möchten Sie arbeiten?`,lead:`Die Konten, zu denen Sie gehören.`,accounts:`Ihre Konten`,remember:`Beim nächsten Mal ohne Frage hier beginnen`,more:`Mehr anzeigen`,none:`Sie gehören noch zu keinem Konto`,noneText:`Nehmen Sie eine Einladung an, oder eröffnen Sie ein eigenes Konto.`,create:`Neues Konto`,createTitle:`Ein Konto eröffnen`,createText:`Es gehört dann Ihnen: Sie haben jedes Recht und können es später übergeben.`,name:`Wie soll es heißen?`,company:`Firmenname`,optional:`Falls er anders lautet.`,cancel:`Abbrechen`,close:`Schließen`,waiting:`Einladungen, die auf Sie warten`,by:e=>`eingeladen von ${e}`,until:e=>`gültig bis ${e}`,accept:`Annehmen`,decline:`Ablehnen`,accepted:e=>`Sie gehören jetzt zu ${e}.`,declineTitle:e=>`Die Einladung zu ${e} ablehnen?`,declineText:`Auch der Link in der Mail gilt dann nicht mehr. Man müsste Sie noch einmal einladen.`,declined:e=>`Sie haben die Einladung zu ${e} abgelehnt.`,member:`Mitglied, noch ohne Rechte`,news:e=>`${e} neu`,owner:`gehört Ihnen`,home:`hier beginnen Sie`}}),F=o(`
  query WaitingInvitations($locale: String) {
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
          name(locale: $locale)
        }
        message
        expiresAt
      }
    }
  }
`),I=o(`
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
`),L=o(`
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
`),R=o(`
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
`);function z({viewer:e}){let n=c(P),r=_(),{choices:i,first:a,error:o,refetch:p,more:m}=A(),[g,y]=j(),[b,S]=(0,M.useState)(!1),[T,E]=(0,M.useState)([]),[,O]=w(),F=D()===`new`;return(0,N.jsxs)(h,{title:n.title,lead:n.lead,shown:{document:k,variables:{}},actions:(0,N.jsx)(s,{leftSection:(0,N.jsx)(l,{name:`plus`,size:16}),variant:i.length?`default`:`filled`,onClick:()=>O(`/accounts?new`),children:n.create}),children:[(0,N.jsx)(B,{}),o?(0,N.jsx)(v,{error:o,again:()=>void p()}):(0,N.jsxs)(f,{title:n.accounts,body:!1,actions:i.some(e=>!e.why)&&(0,N.jsx)(x,{size:`sm`,label:n.remember,checked:b,onChange:e=>S(e.currentTarget.checked)}),children:[a?(0,N.jsxs)(`div`,{className:`body stack`,"aria-busy":`true`,children:[(0,N.jsx)(C,{h:44}),(0,N.jsx)(C,{h:44}),(0,N.jsx)(C,{h:44})]}):i.length?(0,N.jsx)(`ul`,{className:`accounts`,children:i.map(t=>(0,N.jsx)(`li`,{children:(0,N.jsxs)(`button`,{type:`button`,className:`plain pick${t.beneath?` beneath`:``}`,disabled:!!t.why&&!t.reopens||y,onClick:()=>t.reopens?O(`/accounts/${t.id}/settings`):void g(t.id,b).then(E),children:[(0,N.jsx)(d,{name:t.name,square:!0,off:!!t.why}),(0,N.jsxs)(`span`,{className:`grow`,children:[(0,N.jsx)(`strong`,{className:`cut`,children:t.name}),(0,N.jsx)(`span`,{className:`faint small`,children:t.why??[t.owner&&n.owner,t.id===e.defaultAccount?.id&&n.home,t.note].filter(Boolean).join(` · `)})]}),t.unread>0&&(0,N.jsx)(`span`,{className:`count`,children:n.news(t.unread)}),(!t.why||t.reopens)&&(0,N.jsx)(l,{name:`next`})]})},t.id))}):(0,N.jsx)(u,{icon:`building`,title:n.none,text:n.noneText}),m&&(0,N.jsx)(`div`,{className:`body`,children:(0,N.jsx)(s,{variant:`subtle`,onClick:m,children:n.more})}),T.length>0&&(0,N.jsx)(`div`,{className:`body`,children:(0,N.jsx)(t,{color:`red`,role:`alert`,children:T.map(r).join(` `)})})]}),F&&(0,N.jsx)(U,{close:()=>O(`/accounts`,{replace:!0})})]})}function B(){let e=c(P),n=a(),r=m(),i=_(),{data:o,refetch:l}=b(F,{fetchPolicy:`cache-and-network`}),[u,p]=g(I),[h]=g(L),[v,y]=(0,M.useState)(null),[x,S]=(0,M.useState)(``),[,C]=w(),T=o?.viewer?.invitations??[];return T.length?(0,N.jsxs)(f,{title:e.waiting,body:!1,children:[(0,N.jsx)(`ul`,{className:`list`,children:T.map(t=>(0,N.jsxs)(`li`,{className:`todo split`,children:[(0,N.jsx)(d,{name:t.account?.name??``,square:!0}),(0,N.jsxs)(`div`,{className:`grow`,children:[(0,N.jsx)(`strong`,{children:t.account?.name}),(0,N.jsx)(`p`,{className:`faint small`,children:[t.roles?.map(e=>e.name).join(`, `)||e.member,t.invitedBy&&e.by(t.invitedBy.name),e.until(n.date(t.expiresAt))].filter(Boolean).join(` · `)}),t.message&&(0,N.jsx)(`q`,{className:`quote`,children:t.message})]}),(0,N.jsxs)(`div`,{className:`row`,children:[(0,N.jsx)(s,{size:`sm`,loading:p,onClick:async()=>{let{payload:n,refusals:a}=await u({input:{invitationId:t.id}});if(a.length||!n?.membership?.account)return S(a.map(i).join(` `));r({text:e.accepted(n.membership.account.name)}),C(`/accounts/${n.membership.account.id}`)},children:e.accept}),(0,N.jsx)(s,{size:`sm`,variant:`default`,onClick:()=>y(t),children:e.decline})]})]},t.id))}),x&&(0,N.jsx)(`div`,{className:`body`,children:(0,N.jsx)(t,{color:`red`,role:`alert`,children:x})}),v&&(0,N.jsx)(O,{title:e.declineTitle(v.account?.name??``),label:e.decline,danger:!0,close:()=>y(null),act:async()=>{let{refusals:t}=await h({input:{invitationId:v.id}});return t.length?t:(r({text:e.declined(v.account?.name??``)}),await l(),[])},children:e.declineText})]}):null}function V(){let e=c(P);return(0,N.jsx)(r,{...n(`name`),label:e.name,required:!0,withAsterisk:!1,maxLength:100,autoComplete:`organization`,"data-autofocus":!0})}function H(){let e=c(P);return(0,N.jsx)(r,{...n(`company`),label:e.company,description:e.optional,maxLength:200,autoComplete:`organization`})}function U({close:e}){let t=c(P),[n,r]=g(R),a=y(),[,o]=w();return(0,N.jsx)(S,{opened:!0,onClose:e,title:t.createTitle,closeButtonProps:{"aria-label":t.close},children:(0,N.jsxs)(i,{send:async({name:e=``,company:t})=>{let{payload:r,refusals:i}=await n({input:{name:e,company:t,idempotencyKey:a([e,t])}});if(i.length||!r?.account)return i;o(`/accounts/${r.account.id}`,{replace:!0})},children:[(0,N.jsx)(`p`,{className:`faint`,children:t.createText}),(0,N.jsx)(V,{}),(0,N.jsx)(H,{}),(0,N.jsxs)(`div`,{className:`row right`,children:[(0,N.jsx)(s,{variant:`default`,onClick:e,children:t.cancel}),(0,N.jsx)(s,{type:`submit`,loading:r,children:t.create})]})]})})}export{z as default};