import{r as e}from"./rolldown-runtime.js";import{t}from"./Badge.js";import{C as n,E as r,I as i,L as a,O as o,_ as s,d as c,k as l,l as u,m as d,n as f,o as p,p as m,y as h}from"./base.js";import{t as g}from"./Select.js";import{t as _}from"./Skeleton.js";import{r as v}from"./fields.js";import{n as y}from"./ScrollArea.js";import{d as b,l as x,s as S,t as C}from"./react.js";import{n as w,t as T}from"./rules.js";import{r as E}from"./shell.js";import{a as D}from"./wants.js";var O=e(b(),1),k=x(),A=l({en:{title:`Notifications`,lead:`What the contacts of this account were told, to whom it went, and what became of it.`,category:`Category`,anyCategory:`Any category`,state:`What became of it`,anyState:`Whatever became of it`,contact:`Contact`,anyContact:`Any contact`,since:`From`,until:`To`,clear:`Show everything`,QUEUED:`Waits`,SENT:`Sent`,FAILED:`Given up`,BOUNCED:`Came back`,SUPPRESSED:`Not sent`,count:(e,t)=>`${e} ${t.toLowerCase()}`,nobody:`went to nobody`,test:`Test`,by:e=>`from ${e}`,empty:`Nothing was sent yet`,emptyText:`Invoices, maintenance and security notices are listed here as soon as one goes out. Look at coverage to see who would get them.`,coverage:`See who gets what`,none:`Nothing matches`,noneText:`Choose another category, state or time.`,more:`Show more`,moreDeliveries:`Show more recipients`,text:`What it says`,own:`Tenantry tells of it by itself, to each contact in their own language.`,recipients:`Who was sent it`,why:`Who gets this category, and why others do not`,owner:`The owner`,unknown:`A contact that is gone`,attempts:e=>e===1?`one attempt`:`${e} attempts`,next:e=>`tried again ${e}`,first:`about to leave`,sentAt:e=>`accepted ${e}`,bouncedAt:e=>`came back ${e}`,retry:`Send again`,retried:e=>`It goes to ${e} once more.`,bouncedHelp:`Have mail go to the contact again first.`,gone:`nobody was to get it when it went out`,yet:`is being sent out`},de:{title:`Benachrichtigungen`,lead:`Was den Kontakten dieses Kontos mitgeteilt wurde, an wen es ging, und was daraus wurde.`,category:`Kategorie`,anyCategory:`Jede Kategorie`,state:`Was daraus wurde`,anyState:`Was auch daraus wurde`,contact:`Kontakt`,anyContact:`Jeder Kontakt`,since:`Von`,until:`Bis`,clear:`Alles zeigen`,QUEUED:`Wartet`,SENT:`Verschickt`,FAILED:`Aufgegeben`,BOUNCED:`Zurückgekommen`,SUPPRESSED:`Nicht geschickt`,count:(e,t)=>`${e} ${t.toLowerCase()}`,nobody:`ging an niemanden`,test:`Probe`,by:e=>`von ${e}`,empty:`Noch wurde nichts verschickt`,emptyText:`Rechnungen, Wartung und Sicherheitshinweise stehen hier, sobald etwas hinausgeht. Unter Abdeckung steht, wer sie bekäme.`,coverage:`Ansehen, wer was bekommt`,none:`Nichts passt dazu`,noneText:`Wählen Sie eine andere Kategorie, einen anderen Stand oder Zeitraum.`,more:`Mehr anzeigen`,moreDeliveries:`Mehr Empfänger anzeigen`,text:`Was darin steht`,own:`Tenantry berichtet davon selbst, jedem Kontakt in seiner Sprache.`,recipients:`An wen es ging`,why:`Wer diese Kategorie bekommt, und warum andere nicht`,owner:`Der Inhaber`,unknown:`Ein Kontakt, den es nicht mehr gibt`,attempts:e=>e===1?`ein Versuch`:`${e} Versuche`,next:e=>`neuer Versuch ${e}`,first:`geht gleich hinaus`,sentAt:e=>`angenommen ${e}`,bouncedAt:e=>`zurückgekommen ${e}`,retry:`Noch einmal schicken`,retried:e=>`Es geht noch einmal an ${e}.`,bouncedHelp:`Lassen Sie erst wieder Post an den Kontakt gehen.`,gone:`niemand sollte es bekommen, als es hinausging`,yet:`wird gerade verschickt`}}),j=i(`
  query Notifications($accountId: ID!, $filter: NotificationFilter, $after: String, $locale: String) {
    permissionCatalog {
      categories {
        key
        label(locale: $locale)
      }
    }
    account(id: $accountId) {
      id
      notifications(first: 25, after: $after, filter: $filter) {
        nodes {
          id
          category
          subject
          sender {
            kind
            name
          }
          test
          createdAt
          counts {
            queued
            sent
            failed
            bounced
            suppressed
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  }
`),M=i(`
  query Notification($notificationId: ID!, $after: String) {
    node(id: $notificationId) {
      ... on Notification {
        id
        text
        deliveries(first: 25, after: $after) {
          nodes {
            id
            channel
            address
            state
            rule
            attempts
            lastError
            nextAttemptAt
            sentAt
            bouncedAt
            contact {
              id
              email
              firstName
              lastName
              company
            }
          }
          pageInfo {
            endCursor
            hasNextPage
          }
        }
      }
    }
  }
`),N=i(`
  mutation RetryDelivery($input: RetryDeliveryInput!) {
    retryDelivery(input: $input) {
      delivery {
        id
        state
        attempts
        nextAttemptAt
        lastError
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),P=i(`
  query ContactNames($accountId: ID!, $search: String) {
    account(id: $accountId) {
      id
      contacts(first: 50, search: $search) {
        nodes {
          id
          email
          firstName
          lastName
          company
        }
      }
    }
  }
`),F=i(`
  query ContactName($contactId: ID!) {
    node(id: $contactId) {
      ... on Contact {
        id
        email
        firstName
        lastName
        company
      }
    }
  }
`),I=[`QUEUED`,`SENT`,`FAILED`,`BOUNCED`,`SUPPRESSED`],L={QUEUED:`blue`,SENT:`green`,FAILED:`red`,BOUNCED:`red`,SUPPRESSED:`gray`},R=/^\d{4}-\d\d-\d\d$/;function z(e,t=0){if(!e||!R.test(e))return;let n=new Date(`${e}T00:00:00`);return n.setDate(n.getDate()+t),Number.isNaN(n.getTime())?void 0:n.toISOString()}function B(){let e=o(A),{account:t,base:n,can:r}=E(),[i,s]=S(),l=I.find(e=>e===i.get(`state`)),u=i.get(`category`)??void 0,f=i.get(`contact`)??void 0,p=i.get(`open`),y={category:u,state:l,contactId:f,since:z(i.get(`since`)),until:z(i.get(`until`),1)},b=Object.values(y).some(Boolean),x={accountId:t.id,filter:b?y:void 0,after:void 0},{data:w,previousData:T,loading:D,error:M,refetch:N,fetchMore:P,startPolling:F,stopPolling:L}=h(j,{variables:x,fetchPolicy:`cache-and-network`}),R=w?.account?w:T,B=R?.account?.notifications,U=R?.permissionCatalog?.categories??[],W=e=>U.find(t=>t.key===e)?.label??e,G=e=>s(t=>{let n=new URLSearchParams(t);for(let[t,r]of Object.entries(e))r===null?n.delete(t):n.set(t,r);return n},{replace:!0}),K=B&&B.nodes.length<=25&&B.nodes.some(e=>e.counts?.queued&&Date.now()-new Date(e.createdAt).getTime()<12e4);return(0,O.useEffect)(()=>{if(K)return F(2e3),L},[K,F,L]),(0,k.jsx)(d,{title:e.title,lead:e.lead,shown:{document:j,variables:x},children:(0,k.jsxs)(`section`,{className:`panel`,"aria-busy":D,children:[(0,k.jsxs)(`div`,{className:`bar filters`,children:[(0,k.jsx)(g,{"aria-label":e.category,value:u??``,onChange:e=>G({category:e||null}),data:[{value:``,label:e.anyCategory},...U.map(e=>({value:e.key,label:e.label}))]}),(0,k.jsx)(g,{"aria-label":e.state,value:l??``,onChange:e=>G({state:e||null}),data:[{value:``,label:e.anyState},...I.map(t=>({value:t,label:e[t]}))]}),r(`contacts`)&&(0,k.jsx)(V,{accountId:t.id,value:f??``,onChange:e=>G({contact:e||null})}),(0,k.jsx)(v,{type:`date`,"aria-label":e.since,leftSection:(0,k.jsx)(`span`,{className:`small`,children:e.since}),leftSectionWidth:52,value:i.get(`since`)??``,onChange:e=>G({since:e.currentTarget.value||null})}),(0,k.jsx)(v,{type:`date`,"aria-label":e.until,leftSection:(0,k.jsx)(`span`,{className:`small`,children:e.until}),leftSectionWidth:44,value:i.get(`until`)??``,onChange:e=>G({until:e.currentTarget.value||null})}),b&&(0,k.jsx)(a,{variant:`subtle`,onClick:()=>s({},{replace:!0}),children:e.clear})]}),B?B.nodes.length?(0,k.jsx)(`ul`,{className:`list told`,children:B.nodes.map(e=>(0,k.jsx)(H,{notification:e,label:W(e.category),opened:p===e.id,toggle:()=>G({open:p===e.id?null:e.id}),changed:()=>void N()},e.id))}):(0,k.jsx)(c,{icon:`bell`,title:b?e.none:e.empty,text:b?e.noneText:e.emptyText,children:!b&&r(`contacts`)&&(0,k.jsx)(a,{component:C,href:`${n}/contacts?view=coverage`,variant:`default`,mt:8,children:e.coverage})}):D?(0,k.jsx)(`div`,{className:`body stack`,children:Array.from({length:6},(e,t)=>(0,k.jsx)(_,{h:48},t))}):(0,k.jsx)(m,{error:M,again:()=>void N()}),B?.pageInfo.hasNextPage&&(0,k.jsx)(`div`,{className:`bar`,children:(0,k.jsx)(a,{variant:`subtle`,fullWidth:!0,loading:D,onClick:()=>void P({variables:{after:B.pageInfo.endCursor}}),children:e.more})})]})})}function V({accountId:e,value:t,onChange:n}){let r=o(A),[i,a]=(0,O.useState)(``),s=y(e=>a(e.trim()),200),{data:c,previousData:l}=h(P,{variables:{accountId:e,search:i||void 0}}),{data:u}=h(F,{variables:{contactId:t},skip:!t}),d=u?.node&&`email`in u.node?[u.node]:[],f=(c??l)?.account?.contacts?.nodes??[],p=[...d,...f.filter(e=>e.id!==d[0]?.id)].map(e=>({value:e.id,label:D(e)}));return(0,k.jsx)(g,{"aria-label":r.contact,searchable:!0,clearable:!0,placeholder:r.anyContact,value:p.some(e=>e.value===t)?t:null,onChange:e=>n(e??``),onSearchChange:e=>s(p.some(t=>t.label===e)?``:e),filter:({options:e})=>e,data:p,clearButtonProps:{"aria-label":r.anyContact}})}function H({notification:e,label:r,opened:i,toggle:a,changed:c}){let l=o(A),u=I.map(t=>[t,e.counts?.[t.toLowerCase()]??0]).filter(([,e])=>e),d=u.some(([e])=>e===`FAILED`||e===`BOUNCED`),f=Date.now()-new Date(e.createdAt).getTime()<6e4;return(0,k.jsxs)(`li`,{className:`todo`,children:[(0,k.jsx)(`span`,{className:`sign ${d?`wrong`:u.length?`good`:``}`,children:(0,k.jsx)(s,{name:d?`warning`:`bell`})}),(0,k.jsxs)(`div`,{className:`grow`,children:[(0,k.jsxs)(`button`,{type:`button`,className:`plain head-line`,"aria-expanded":i,onClick:a,children:[(0,k.jsxs)(`span`,{className:`grow`,children:[(0,k.jsx)(`strong`,{className:`wrap`,children:e.subject}),(0,k.jsxs)(`span`,{className:`faint small wrap`,children:[r,` · `,l.by(e.sender.name),` · `,(0,k.jsx)(n,{at:e.createdAt})]})]}),(0,k.jsxs)(`span`,{className:`row tight`,children:[e.test&&(0,k.jsx)(t,{component:`span`,variant:`outline`,color:`gray`,children:l.test}),u.map(([e,n])=>(0,k.jsx)(t,{component:`span`,variant:`light`,color:L[e],children:l.count(n,l[e])},e)),!u.length&&(0,k.jsx)(`span`,{className:`faint small`,children:f?l.yet:l.nobody}),(0,k.jsx)(s,{name:i?`down`:`next`,size:16})]})]}),i&&(0,k.jsx)(U,{notification:e,changed:c})]})]})}function U({notification:e,changed:t}){let n=o(A),{base:r,can:i}=E(),{data:s,error:c,loading:l,refetch:u,fetchMore:d}=h(M,{variables:{notificationId:e.id,after:void 0},fetchPolicy:`cache-and-network`}),f=s?.node&&`text`in s.node?s.node:null,p=JSON.stringify(e.counts),[g,v]=(0,O.useState)(p);if((0,O.useEffect)(()=>{p!==g&&(v(p),u())},[p,g,u]),!f)return l?(0,k.jsx)(_,{h:90,mt:10}):(0,k.jsx)(m,{error:c,again:()=>void u()});let y=f.deliveries;return(0,k.jsxs)(`div`,{className:`opened`,"aria-busy":l,children:[y?.nodes.length?(0,k.jsx)(`ul`,{className:`deliveries`,"aria-label":n.recipients,children:y.nodes.map(e=>(0,k.jsx)(W,{delivery:e,changed:()=>(t(),void u())},e.id))}):(0,k.jsx)(`p`,{className:`faint small`,children:n.gone}),y?.pageInfo.hasNextPage&&(0,k.jsx)(a,{size:`compact-sm`,variant:`subtle`,onClick:()=>void d({variables:{after:y.pageInfo.endCursor}}),children:n.moreDeliveries}),i(`contacts`)&&(0,k.jsx)(C,{className:`small`,href:`${r}/contacts?view=coverage&category=${encodeURIComponent(e.category)}`,children:n.why}),(0,k.jsxs)(`details`,{className:`changes`,children:[(0,k.jsx)(`summary`,{children:n.text}),(0,k.jsx)(`p`,{className:`letter small`,children:f.text||n.own})]})]})}function W({delivery:e,changed:n}){let i=o(A),s=r(),c=w(),l=T(),d=u(),m=p(),{base:h,can:g,open:_}=E(),[v,y]=f(N),b=e.contact?D(e.contact):e.rule===`OWNER_FALLBACK`?i.owner:e.address||i.unknown,x=e.state===`SENT`&&e.sentAt?i.sentAt(s.moment(e.sentAt)):e.bouncedAt?i.bouncedAt(s.moment(e.bouncedAt)):e.state===`QUEUED`?e.attempts&&e.nextAttemptAt?i.next(s.ago(e.nextAttemptAt)):i.first:``;return(0,k.jsxs)(`li`,{children:[(0,k.jsx)(t,{className:`state`,variant:`light`,color:L[e.state],children:i[e.state]??e.state}),(0,k.jsxs)(`div`,{className:`grow small`,children:[(0,k.jsxs)(`span`,{className:`wrap`,children:[(0,k.jsx)(`strong`,{children:e.contact&&g(`contacts`)?(0,k.jsx)(C,{href:`${h}/contacts/${e.contact.id}`,children:b}):b}),` `,(0,k.jsxs)(`span`,{className:`faint`,children:[l(e.channel),e.address&&e.address!==b&&` · ${e.address}`,e.rule&&` · ${c(e.rule)}`]})]}),(0,k.jsx)(`span`,{className:`faint wrap`,children:[x,(e.attempts>1||e.attempts&&e.state!==`SENT`)&&i.attempts(e.attempts)].filter(Boolean).join(` · `)}),e.lastError&&(0,k.jsx)(`q`,{className:`quote`,children:e.lastError})]}),(e.state===`FAILED`||e.state===`BOUNCED`)&&(0,k.jsx)(a,{size:`compact-sm`,variant:`default`,loading:y,disabled:!_,"aria-label":`${i.retry}: ${b}`,onClick:async()=>{let{refusals:t}=await v({input:{deliveryId:e.id}});d({text:t.some(e=>e.code===`CONFLICT`)&&e.state===`BOUNCED`?i.bouncedHelp:t.length?t.map(m).join(` `):i.retried(b)}),n()},children:i.retry})]})}export{B as default};