import{r as e}from"./rolldown-runtime.js";import{C as t,E as n,M as r,Ot as i,T as a,d as o,f as s,h as c,j as l,l as u,m as d,n as f,o as p,p as m,r as h,v as g}from"./base.js";import{a as _,n as v,r as y,t as b}from"./fields.js";import{t as x}from"./Checkbox.js";import{t as S}from"./Modal.js";import{t as C}from"./Skeleton.js";import{a as w,d as T,l as E,o as D}from"./react.js";import{n as O,r as k,t as A}from"./switch.js";var j=e(T(),1),M=E(),N=n({en:{title:`Where do you want to work?`,lead:`The accounts you belong to.`,accounts:`Your accounts`,remember:`Start here next time without asking`,more:`Show more`,none:`You belong to no account yet`,noneText:`Accept an invitation, or open an account of your own.`,create:`New account`,createTitle:`Open an account`,createText:`You will own it: you hold every permission, and can hand it over later.`,name:`What is it called?`,company:`Legal name`,optional:`If it differs from the name.`,cancel:`Cancel`,close:`Close`,waiting:`Invitations waiting for you`,by:e=>`invited by ${e}`,until:e=>`valid until ${e}`,accept:`Accept`,decline:`Decline`,accepted:e=>`You belong to ${e} now.`,declined:e=>`You declined the invitation to ${e}.`,member:`Member, without permissions yet`,news:e=>`${e} new`,owner:`you own it`,home:`where you start`},de:{title:`Wo möchten Sie arbeiten?`,lead:`Die Konten, zu denen Sie gehören.`,accounts:`Ihre Konten`,remember:`Beim nächsten Mal ohne Frage hier beginnen`,more:`Mehr anzeigen`,none:`Sie gehören noch zu keinem Konto`,noneText:`Nehmen Sie eine Einladung an, oder eröffnen Sie ein eigenes Konto.`,create:`Neues Konto`,createTitle:`Ein Konto eröffnen`,createText:`Es gehört dann Ihnen: Sie haben jedes Recht und können es später übergeben.`,name:`Wie soll es heißen?`,company:`Firmenname`,optional:`Falls er anders lautet.`,cancel:`Abbrechen`,close:`Schließen`,waiting:`Einladungen, die auf Sie warten`,by:e=>`eingeladen von ${e}`,until:e=>`gültig bis ${e}`,accept:`Annehmen`,decline:`Ablehnen`,accepted:e=>`Sie gehören jetzt zu ${e}.`,declined:e=>`Sie haben die Einladung zu ${e} abgelehnt.`,member:`Mitglied, noch ohne Rechte`,news:e=>`${e} neu`,owner:`gehört Ihnen`,home:`hier beginnen Sie`}}),P=l(`
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
`),F=l(`
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
`),I=l(`
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
`),L=l(`
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
`);function R({viewer:e}){let t=a(N),n=p(),{choices:i,first:l,error:u,refetch:f,more:h}=k(),[v,y]=A(),[b,S]=(0,j.useState)(!1),[T,E]=(0,j.useState)([]),[,P]=w(),F=D()===`new`;return(0,M.jsxs)(d,{title:t.title,lead:t.lead,shown:{document:O,variables:{}},actions:(0,M.jsx)(r,{leftSection:(0,M.jsx)(g,{name:`plus`,size:16}),variant:i.length?`default`:`filled`,onClick:()=>P(`/accounts?new`),children:t.create}),children:[(0,M.jsx)(z,{}),u?(0,M.jsx)(m,{error:u,again:()=>void f()}):(0,M.jsxs)(c,{title:t.accounts,body:!1,actions:i.some(e=>!e.why)&&(0,M.jsx)(x,{size:`sm`,label:t.remember,checked:b,onChange:e=>S(e.currentTarget.checked)}),children:[l?(0,M.jsxs)(`div`,{className:`body stack`,"aria-busy":`true`,children:[(0,M.jsx)(C,{h:44}),(0,M.jsx)(C,{h:44}),(0,M.jsx)(C,{h:44})]}):i.length?(0,M.jsx)(`ul`,{className:`accounts`,children:i.map(n=>(0,M.jsx)(`li`,{children:(0,M.jsxs)(`button`,{type:`button`,className:`plain pick${n.beneath?` beneath`:``}`,disabled:!!n.why&&!n.reopens||y,onClick:()=>n.reopens?P(`/accounts/${n.id}/settings`):void v(n.id,b).then(E),children:[(0,M.jsx)(s,{name:n.name,square:!0,off:!!n.why}),(0,M.jsxs)(`span`,{className:`grow`,children:[(0,M.jsx)(`strong`,{className:`cut`,children:n.name}),(0,M.jsx)(`span`,{className:`faint small`,children:n.why??[n.owner&&t.owner,n.id===e.defaultAccount?.id&&t.home,n.note].filter(Boolean).join(` · `)})]}),n.unread>0&&(0,M.jsx)(`span`,{className:`count`,children:t.news(n.unread)}),(!n.why||n.reopens)&&(0,M.jsx)(g,{name:`next`})]})},n.id))}):(0,M.jsx)(o,{icon:`building`,title:t.none,text:t.noneText}),h&&(0,M.jsx)(`div`,{className:`body`,children:(0,M.jsx)(r,{variant:`subtle`,onClick:h,children:t.more})}),T.length>0&&(0,M.jsx)(`div`,{className:`body`,children:(0,M.jsx)(_,{color:`red`,role:`alert`,children:T.map(n).join(` `)})})]}),F&&(0,M.jsx)(H,{close:()=>P(`/accounts`,{replace:!0})})]})}function z(){let e=a(N),n=t(),o=u(),l=p(),{data:d,refetch:m}=i(P,{fetchPolicy:`cache-and-network`}),[h,g]=f(F),[v,y]=f(I),[b,x]=(0,j.useState)(``),[,S]=w(),C=d?.viewer?.invitations??[];return C.length?(0,M.jsxs)(c,{title:e.waiting,body:!1,children:[(0,M.jsx)(`ul`,{className:`list`,children:C.map(t=>(0,M.jsxs)(`li`,{className:`todo split`,children:[(0,M.jsx)(s,{name:t.account?.name??``,square:!0}),(0,M.jsxs)(`div`,{className:`grow`,children:[(0,M.jsx)(`strong`,{children:t.account?.name}),(0,M.jsx)(`p`,{className:`faint small`,children:[t.roles?.map(e=>e.name).join(`, `)||e.member,t.invitedBy&&e.by(t.invitedBy.name),e.until(n.date(t.expiresAt))].filter(Boolean).join(` · `)}),t.message&&(0,M.jsxs)(`p`,{className:`wrap`,children:[`“`,t.message,`”`]})]}),(0,M.jsxs)(`div`,{className:`row`,children:[(0,M.jsx)(r,{size:`sm`,loading:g,onClick:async()=>{let{payload:n,refusals:r}=await h({input:{invitationId:t.id}});if(r.length||!n?.membership?.account)return x(r.map(l).join(` `));o({text:e.accepted(n.membership.account.name)}),S(`/accounts/${n.membership.account.id}`)},children:e.accept}),(0,M.jsx)(r,{size:`sm`,variant:`default`,loading:y,onClick:async()=>{let{refusals:n}=await v({input:{invitationId:t.id}});if(n.length)return x(n.map(l).join(` `));o({text:e.declined(t.account?.name??``)}),await m()},children:e.decline})]})]},t.id))}),b&&(0,M.jsx)(`div`,{className:`body`,children:(0,M.jsx)(_,{color:`red`,role:`alert`,children:b})})]}):null}function B(){let e=a(N);return(0,M.jsx)(y,{...v(`name`),label:e.name,required:!0,withAsterisk:!1,maxLength:100,autoComplete:`organization`,"data-autofocus":!0})}function V(){let e=a(N);return(0,M.jsx)(y,{...v(`company`),label:e.company,description:e.optional,maxLength:200,autoComplete:`organization`})}function H({close:e}){let t=a(N),[n,i]=f(L),o=h(),[,s]=w();return(0,M.jsx)(S,{opened:!0,onClose:e,title:t.createTitle,closeButtonProps:{"aria-label":t.close},children:(0,M.jsxs)(b,{send:async({name:e=``,company:t})=>{let{payload:r,refusals:i}=await n({input:{name:e,company:t,idempotencyKey:o([e,t])}});if(i.length||!r?.account)return i;s(`/accounts/${r.account.id}`,{replace:!0})},children:[(0,M.jsx)(`p`,{className:`faint`,children:t.createText}),(0,M.jsx)(B,{}),(0,M.jsx)(V,{}),(0,M.jsxs)(`div`,{className:`row right`,children:[(0,M.jsx)(r,{variant:`default`,onClick:e,children:t.cancel}),(0,M.jsx)(r,{type:`submit`,loading:i,children:t.create})]})]})})}export{R as default};