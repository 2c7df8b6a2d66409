import{r as e}from"./rolldown-runtime.js";import{O as t,S as n,T as r,Tt as i,_ as a,a as o,c as s,d as c,f as l,k as u,m as d,n as f,p,r as m,u as h,w as g}from"./base.js";import{a as _,n as v,r as y,t as b}from"./fields.js";import{t as x}from"./Checkbox.js";import{t as S}from"./Modal.js";import{t as C}from"./Skeleton.js";import{a as w,d as T,l as E,o as D}from"./react.js";import{n as O,r as k,t as A}from"./switch.js";var j=e(T(),1),M=E(),N=r({en:{title:`Where do you want to work?`,lead:`The accounts you belong to.`,accounts:`Your accounts`,remember:`Start here next time without asking`,more:`Show more`,none:`You belong to no account yet`,noneText:`Accept an invitation, or open an account of your own.`,create:`New account`,createTitle:`Open an account`,createText:`You will own it: you hold every permission, and can hand it over later.`,name:`What is it called?`,company:`Legal name`,optional:`If it differs from the name.`,cancel:`Cancel`,close:`Close`,waiting:`Invitations waiting for you`,by:e=>`invited by ${e}`,until:e=>`valid until ${e}`,accept:`Accept`,decline:`Decline`,accepted:e=>`You belong to ${e} now.`,declined:e=>`You declined the invitation to ${e}.`,member:`Member, without permissions yet`,news:e=>`${e} new`,owner:`you own it`,home:`where you start`},de:{title:`Wo möchten Sie arbeiten?`,lead:`Die Konten, zu denen Sie gehören.`,accounts:`Ihre Konten`,remember:`Beim nächsten Mal ohne Frage hier beginnen`,more:`Mehr anzeigen`,none:`Sie gehören noch zu keinem Konto`,noneText:`Nehmen Sie eine Einladung an, oder eröffnen Sie ein eigenes Konto.`,create:`Neues Konto`,createTitle:`Ein Konto eröffnen`,createText:`Es gehört dann Ihnen: Sie haben jedes Recht und können es später übergeben.`,name:`Wie soll es heißen?`,company:`Firmenname`,optional:`Falls er anders lautet.`,cancel:`Abbrechen`,close:`Schließen`,waiting:`Einladungen, die auf Sie warten`,by:e=>`eingeladen von ${e}`,until:e=>`gültig bis ${e}`,accept:`Annehmen`,decline:`Ablehnen`,accepted:e=>`Sie gehören jetzt zu ${e}.`,declined:e=>`Sie haben die Einladung zu ${e} abgelehnt.`,member:`Mitglied, noch ohne Rechte`,news:e=>`${e} neu`,owner:`gehört Ihnen`,home:`hier beginnen Sie`}}),P=t(`
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
`),F=t(`
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
`),I=t(`
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
`),L=t(`
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
`);function R({viewer:e}){let t=g(N),n=o(),{choices:r,first:i,error:s,refetch:f,more:m}=k(),[v,y]=A(),[b,S]=(0,j.useState)(!1),[T,E]=(0,j.useState)([]),[,P]=w(),F=D()===`new`;return(0,M.jsxs)(p,{title:t.title,lead:t.lead,shown:{document:O,variables:{}},actions:(0,M.jsx)(u,{leftSection:(0,M.jsx)(a,{name:`plus`,size:16}),variant:r.length?`default`:`filled`,onClick:()=>P(`/accounts?new`),children:t.create}),children:[(0,M.jsx)(z,{}),s?(0,M.jsx)(l,{error:s,again:()=>void f()}):(0,M.jsxs)(d,{title:t.accounts,body:!1,actions:r.some(e=>!e.why)&&(0,M.jsx)(x,{size:`sm`,label:t.remember,checked:b,onChange:e=>S(e.currentTarget.checked)}),children:[i?(0,M.jsxs)(`div`,{className:`body stack`,"aria-busy":`true`,children:[(0,M.jsx)(C,{h:44}),(0,M.jsx)(C,{h:44}),(0,M.jsx)(C,{h:44})]}):r.length?(0,M.jsx)(`ul`,{className:`accounts`,children:r.map(n=>(0,M.jsx)(`li`,{children:(0,M.jsxs)(`button`,{type:`button`,className:`plain pick${n.beneath?` beneath`:``}`,disabled:!!n.why&&!n.reopens||y,onClick:()=>n.reopens?P(`/accounts/${n.id}/settings`):void v(n.id,b).then(E),children:[(0,M.jsx)(c,{name:n.name,square:!0,off:!!n.why}),(0,M.jsxs)(`span`,{className:`grow`,children:[(0,M.jsx)(`strong`,{className:`cut`,children:n.name}),(0,M.jsx)(`span`,{className:`faint small`,children:n.why??[n.owner&&t.owner,n.id===e.defaultAccount?.id&&t.home,n.note].filter(Boolean).join(` · `)})]}),n.unread>0&&(0,M.jsx)(`span`,{className:`count`,children:t.news(n.unread)}),(!n.why||n.reopens)&&(0,M.jsx)(a,{name:`next`})]})},n.id))}):(0,M.jsx)(h,{icon:`building`,title:t.none,text:t.noneText}),m&&(0,M.jsx)(`div`,{className:`body`,children:(0,M.jsx)(u,{variant:`subtle`,onClick:m,children:t.more})}),T.length>0&&(0,M.jsx)(`div`,{className:`body`,children:(0,M.jsx)(_,{color:`red`,role:`alert`,children:T.map(n).join(` `)})})]}),F&&(0,M.jsx)(H,{close:()=>P(`/accounts`,{replace:!0})})]})}function z(){let e=g(N),t=n(),r=s(),a=o(),{data:l,refetch:p}=i(P,{fetchPolicy:`cache-and-network`}),[m,h]=f(F),[v,y]=f(I),[b,x]=(0,j.useState)(``),[,S]=w(),C=l?.viewer?.invitations??[];return C.length?(0,M.jsxs)(d,{title:e.waiting,body:!1,children:[(0,M.jsx)(`ul`,{className:`list`,children:C.map(n=>(0,M.jsxs)(`li`,{className:`todo split`,children:[(0,M.jsx)(c,{name:n.account?.name??``,square:!0}),(0,M.jsxs)(`div`,{className:`grow`,children:[(0,M.jsx)(`strong`,{children:n.account?.name}),(0,M.jsx)(`p`,{className:`faint small`,children:[n.roles?.map(e=>e.name).join(`, `)||e.member,n.invitedBy&&e.by(n.invitedBy.name),e.until(t.date(n.expiresAt))].filter(Boolean).join(` · `)}),n.message&&(0,M.jsxs)(`p`,{className:`wrap`,children:[`“`,n.message,`”`]})]}),(0,M.jsxs)(`div`,{className:`row`,children:[(0,M.jsx)(u,{size:`sm`,loading:h,onClick:async()=>{let{payload:t,refusals:i}=await m({input:{invitationId:n.id}});if(i.length||!t?.membership?.account)return x(i.map(a).join(` `));r({text:e.accepted(t.membership.account.name)}),S(`/accounts/${t.membership.account.id}`)},children:e.accept}),(0,M.jsx)(u,{size:`sm`,variant:`default`,loading:y,onClick:async()=>{let{refusals:t}=await v({input:{invitationId:n.id}});if(t.length)return x(t.map(a).join(` `));r({text:e.declined(n.account?.name??``)}),await p()},children:e.decline})]})]},n.id))}),b&&(0,M.jsx)(`div`,{className:`body`,children:(0,M.jsx)(_,{color:`red`,role:`alert`,children:b})})]}):null}function B(){let e=g(N);return(0,M.jsx)(y,{...v(`name`),label:e.name,required:!0,withAsterisk:!1,maxLength:100,autoComplete:`organization`,"data-autofocus":!0})}function V(){let e=g(N);return(0,M.jsx)(y,{...v(`company`),label:e.company,description:e.optional,maxLength:200,autoComplete:`organization`})}function H({close:e}){let t=g(N),[n,r]=f(L),i=m(),[,a]=w();return(0,M.jsx)(S,{opened:!0,onClose:e,title:t.createTitle,closeButtonProps:{"aria-label":t.close},children:(0,M.jsxs)(b,{send:async({name:e=``,company:t})=>{let{payload:r,refusals:o}=await n({input:{name:e,company:t,idempotencyKey:i([e,t])}});if(o.length||!r?.account)return o;a(`/accounts/${r.account.id}`,{replace:!0})},children:[(0,M.jsx)(`p`,{className:`faint`,children:t.createText}),(0,M.jsx)(B,{}),(0,M.jsx)(V,{}),(0,M.jsxs)(`div`,{className:`row right`,children:[(0,M.jsx)(u,{variant:`default`,onClick:e,children:t.cancel}),(0,M.jsx)(u,{type:`submit`,loading:r,children:t.create})]})]})})}export{R as default};