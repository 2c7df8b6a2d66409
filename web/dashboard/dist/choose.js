import{r as e}from"./rolldown-runtime.js";import{C as t,D as n,E as r,S as i,b as a,d as o,f as s,h as c,i as l,l as u,n as d,p as f,s as p,u as m,vt as h}from"./base.js";import{n as g,r as _,t as v}from"./form.js";import{i as y,n as b,r as x,t as S}from"./switch.js";import{t as C}from"./Modal.js";import{t as w}from"./Skeleton.js";import{t as T}from"./TextInput.js";import{a as E,c as D,o as O,u as k}from"./react.js";var A=e(k(),1),j=D(),M=t({en:{title:`Where do you want to work?`,lead:`The accounts you belong to.`,accounts:`Your accounts`,remember:`Start here next time without asking`,more:`Show more`,none:`You belong to no account yet`,noneText:`Accept an invitation, or open an account of your own.`,create:`New account`,createTitle:`Open an account`,createText:`You will own it: you hold every permission, and can hand it over later.`,name:`What is it called?`,company:`Legal name`,optional:`If it differs from the name.`,cancel:`Cancel`,close:`Close`,waiting:`Invitations waiting for you`,by:e=>`invited by ${e}`,until:e=>`valid until ${e}`,accept:`Accept`,decline:`Decline`,accepted:e=>`You belong to ${e} now.`,declined:e=>`You declined the invitation to ${e}.`,member:`Member, without permissions yet`,news:e=>`${e} new`,owner:`you own it`,home:`where you start`},de:{title:`Wo möchten Sie arbeiten?`,lead:`Die Konten, zu denen Sie gehören.`,accounts:`Ihre Konten`,remember:`Beim nächsten Mal ohne Frage hier beginnen`,more:`Mehr anzeigen`,none:`Sie gehören noch zu keinem Konto`,noneText:`Nehmen Sie eine Einladung an, oder eröffnen Sie ein eigenes Konto.`,create:`Neues Konto`,createTitle:`Ein Konto eröffnen`,createText:`Es gehört dann Ihnen: Sie haben jedes Recht und können es später übergeben.`,name:`Wie soll es heißen?`,company:`Firmenname`,optional:`Falls er anders lautet.`,cancel:`Abbrechen`,close:`Schließen`,waiting:`Einladungen, die auf Sie warten`,by:e=>`eingeladen von ${e}`,until:e=>`gültig bis ${e}`,accept:`Annehmen`,decline:`Ablehnen`,accepted:e=>`Sie gehören jetzt zu ${e}.`,declined:e=>`Sie haben die Einladung zu ${e} abgelehnt.`,member:`Mitglied, noch ohne Rechte`,news:e=>`${e} neu`,owner:`gehört Ihnen`,home:`hier beginnen Sie`}}),N=r(`
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
`),P=r(`
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
`),F=r(`
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
`),I=r(`
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
`);function L({viewer:e}){let t=i(M),r=l(),{choices:a,first:d,error:p,refetch:h,more:g}=x(),[v,C]=S(),[T,D]=(0,A.useState)(!1),[k,N]=(0,A.useState)([]),[,P]=E(),F=O()===`new`;return(0,j.jsxs)(s,{title:t.title,lead:t.lead,shown:{document:b,variables:{}},actions:(0,j.jsx)(n,{leftSection:(0,j.jsx)(c,{name:`plus`,size:16}),variant:a.length?`default`:`filled`,onClick:()=>P(`/accounts?new`),children:t.create}),children:[(0,j.jsx)(R,{}),p?(0,j.jsx)(o,{error:p,again:()=>void h()}):(0,j.jsxs)(f,{title:t.accounts,body:!1,actions:a.some(e=>!e.why)&&(0,j.jsx)(y,{size:`sm`,label:t.remember,checked:T,onChange:e=>D(e.currentTarget.checked)}),children:[d?(0,j.jsxs)(`div`,{className:`body stack`,"aria-busy":`true`,children:[(0,j.jsx)(w,{h:44}),(0,j.jsx)(w,{h:44}),(0,j.jsx)(w,{h:44})]}):a.length?(0,j.jsx)(`ul`,{className:`accounts`,children:a.map(n=>(0,j.jsx)(`li`,{children:(0,j.jsxs)(`button`,{type:`button`,className:`plain pick${n.beneath?` beneath`:``}`,disabled:!!n.why||C,onClick:()=>void v(n.id,T).then(N),children:[(0,j.jsx)(m,{name:n.name,square:!0,off:!!n.why}),(0,j.jsxs)(`span`,{className:`grow`,children:[(0,j.jsx)(`strong`,{className:`cut`,children:n.name}),(0,j.jsx)(`span`,{className:`faint small`,children:n.why??[n.owner&&t.owner,n.id===e.defaultAccount?.id&&t.home,n.note].filter(Boolean).join(` · `)})]}),n.unread>0&&(0,j.jsx)(`span`,{className:`count`,children:t.news(n.unread)}),!n.why&&(0,j.jsx)(c,{name:`next`})]})},n.id))}):(0,j.jsx)(u,{icon:`building`,title:t.none,text:t.noneText}),g&&(0,j.jsx)(`div`,{className:`body`,children:(0,j.jsx)(n,{variant:`subtle`,onClick:g,children:t.more})}),k.length>0&&(0,j.jsx)(`div`,{className:`body`,children:(0,j.jsx)(_,{color:`red`,role:`alert`,children:k.map(r).join(` `)})})]}),F&&(0,j.jsx)(V,{close:()=>P(`/accounts`,{replace:!0})})]})}function R(){let e=i(M),t=a(),r=p(),o=l(),{data:s,refetch:c}=h(N,{fetchPolicy:`cache-and-network`}),[u,g]=d(P),[v,y]=d(F),[b,x]=(0,A.useState)(``),[,S]=E(),C=s?.viewer?.invitations??[];return C.length?(0,j.jsxs)(f,{title:e.waiting,body:!1,children:[(0,j.jsx)(`ul`,{className:`list`,children:C.map(i=>(0,j.jsxs)(`li`,{className:`todo split`,children:[(0,j.jsx)(m,{name:i.account?.name??``,square:!0}),(0,j.jsxs)(`div`,{className:`grow`,children:[(0,j.jsx)(`strong`,{children:i.account?.name}),(0,j.jsx)(`p`,{className:`faint small`,children:[i.roles?.map(e=>e.name).join(`, `)||e.member,i.invitedBy&&e.by(i.invitedBy.name),e.until(t.date(i.expiresAt))].filter(Boolean).join(` · `)}),i.message&&(0,j.jsxs)(`p`,{className:`wrap`,children:[`“`,i.message,`”`]})]}),(0,j.jsxs)(`div`,{className:`row`,children:[(0,j.jsx)(n,{size:`sm`,loading:g,onClick:async()=>{let{payload:t,refusals:n}=await u({input:{invitationId:i.id}});if(n.length||!t?.membership?.account)return x(n.map(o).join(` `));r({text:e.accepted(t.membership.account.name)}),S(`/accounts/${t.membership.account.id}`)},children:e.accept}),(0,j.jsx)(n,{size:`sm`,variant:`default`,loading:y,onClick:async()=>{let{refusals:t}=await v({input:{invitationId:i.id}});if(t.length)return x(t.map(o).join(` `));r({text:e.declined(i.account?.name??``)}),await c()},children:e.decline})]})]},i.id))}),b&&(0,j.jsx)(`div`,{className:`body`,children:(0,j.jsx)(_,{color:`red`,role:`alert`,children:b})})]}):null}function z(){let e=i(M);return(0,j.jsx)(T,{...g(`name`),label:e.name,required:!0,withAsterisk:!1,maxLength:100,autoComplete:`organization`,"data-autofocus":!0})}function B(){let e=i(M);return(0,j.jsx)(T,{...g(`company`),label:e.company,description:e.optional,maxLength:200,autoComplete:`organization`})}function V({close:e}){let t=i(M),[r,a]=d(I),[o]=(0,A.useState)(()=>crypto.randomUUID()),[,s]=E();return(0,j.jsx)(C,{opened:!0,onClose:e,title:t.createTitle,closeButtonProps:{"aria-label":t.close},children:(0,j.jsxs)(v,{send:async({name:e=``,company:t})=>{let{payload:n,refusals:i}=await r({input:{name:e,company:t,idempotencyKey:`${o}-${e}-${t??``}`.slice(0,100)}});if(i.length||!n?.account)return i;s(`/accounts/${n.account.id}`,{replace:!0})},children:[(0,j.jsx)(`p`,{className:`faint`,children:t.createText}),(0,j.jsx)(z,{}),(0,j.jsx)(B,{}),(0,j.jsxs)(`div`,{className:`row right`,children:[(0,j.jsx)(n,{variant:`default`,onClick:e,children:t.cancel}),(0,j.jsx)(n,{type:`submit`,loading:a,children:t.create})]})]})})}export{L as default};