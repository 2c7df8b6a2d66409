import{E as e,I as t,L as n,O as r,_ as i,d as a,k as o,m as s,p as c,y as l}from"./base.js";import{t as u}from"./Select.js";import{t as d}from"./Skeleton.js";import{l as f,s as p}from"./react.js";import{n as m,t as h}from"./events.js";import{r as g}from"./shell.js";var _=f(),v=o({en:{title:`History`,lead:`Everything that was done in this account, by whom and from where. Nobody can change or delete it.`,about:`About`,all:`Everything`,invitation:`Invitations`,member:`Members`,role:`Roles`,contact:`Contacts`,account:`The account`,ownership_transfer:`Ownership`,notification:`Notifications`,api_token:`API tokens`,webhook:`Webhooks`,empty:`Nothing of this kind has happened`,emptyText:`Choose something else, or everything.`,more:`Show more`,changed:`What changed`,hidden:`not for you to see`,nothing:`nothing`,from:e=>`from ${e}`,sealed:e=>`number ${e} in the chain`},de:{title:`Verlauf`,lead:`Alles, was in diesem Konto getan wurde, von wem und von wo. Niemand kann es ändern oder löschen.`,about:`Worüber`,all:`Alles`,invitation:`Einladungen`,member:`Mitglieder`,role:`Rollen`,contact:`Kontakte`,account:`Das Konto`,ownership_transfer:`Besitz`,notification:`Benachrichtigungen`,api_token:`API-Tokens`,webhook:`Webhooks`,empty:`So etwas ist noch nicht geschehen`,emptyText:`Wählen Sie etwas anderes oder alles.`,more:`Mehr anzeigen`,changed:`Was sich geändert hat`,hidden:`nicht für Sie sichtbar`,nothing:`nichts`,from:e=>`von ${e}`,sealed:e=>`Nummer ${e} in der Kette`}}),y=t(`
  query History($accountId: ID!, $filter: AuditLogFilter, $after: String) {
    account(id: $accountId) {
      id
      auditLog(first: 25, after: $after, filter: $filter) {
        nodes {
          id
          action
          actor {
            kind
            name
          }
          targetName
          changes {
            field
            before
            after
          }
          address
          createdAt
          sequence
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  }
`),b=[`invitation`,`member`,`role`,`contact`,`account`,`ownership_transfer`,`notification`,`api_token`,`webhook`];function x(){let e=r(v),{account:t}=g(),[o,f]=p(),m=b.find(e=>e===o.get(`about`)),h={accountId:t.id,filter:m?{actions:[m]}:void 0,after:void 0},{data:x,previousData:S,loading:w,error:T,refetch:E,fetchMore:D}=l(y,{variables:h,fetchPolicy:`cache-and-network`}),O=(x??S)?.account?.auditLog;return(0,_.jsx)(s,{title:e.title,lead:e.lead,shown:{document:y,variables:h},children:!O&&!w?(0,_.jsx)(c,{error:T,again:()=>void E()}):(0,_.jsxs)(`section`,{className:`panel`,"aria-busy":w,children:[(0,_.jsx)(`div`,{className:`bar`,children:(0,_.jsx)(u,{"aria-label":e.about,leftSection:(0,_.jsx)(i,{name:`search`,size:16}),value:m??``,onChange:e=>f(e?{about:e}:{},{replace:!0}),data:[{value:``,label:e.all},...b.map(t=>({value:t,label:e[t]}))]})}),O?O.nodes.length?(0,_.jsx)(`ul`,{className:`list events`,children:O.nodes.map(e=>(0,_.jsx)(C,{event:e},e.id))}):(0,_.jsx)(a,{icon:`clock`,title:e.empty,text:e.emptyText}):(0,_.jsx)(`div`,{className:`body stack`,children:Array.from({length:8},(e,t)=>(0,_.jsx)(d,{h:40},t))}),O?.pageInfo.hasNextPage&&(0,_.jsx)(`div`,{className:`bar`,children:(0,_.jsx)(n,{variant:`subtle`,fullWidth:!0,loading:w,onClick:()=>void D({variables:{after:O.pageInfo.endCursor}}),children:e.more})})]})})}function S(e){let t=JSON.parse(e);return Array.isArray(t)?t.join(`, `):typeof t==`object`&&t?JSON.stringify(t):String(t)}function C({event:t}){let n=r(v),a=e(),o=m(),s=(e,t)=>e===null?t===null?n.hidden:n.nothing:S(e)||n.nothing;return(0,_.jsxs)(`li`,{className:`todo`,children:[(0,_.jsx)(`span`,{className:`sign`,children:(0,_.jsx)(i,{name:h(t.action)})}),(0,_.jsxs)(`div`,{className:`grow`,children:[(0,_.jsx)(`span`,{className:`wrap`,children:o(t)}),(0,_.jsxs)(`p`,{className:`faint small wrap`,children:[(0,_.jsx)(`time`,{dateTime:t.createdAt,children:a.moment(t.createdAt)}),t.address&&` · ${n.from(t.address)}`,t.sequence!==null&&` · ${n.sealed(t.sequence)}`]}),t.changes.length>0&&(0,_.jsxs)(`details`,{className:`changes`,children:[(0,_.jsx)(`summary`,{children:n.changed}),(0,_.jsx)(`dl`,{className:`facts small`,children:t.changes.map(e=>(0,_.jsxs)(`div`,{className:`change`,children:[(0,_.jsx)(`dt`,{children:e.field}),(0,_.jsxs)(`dd`,{className:`wrap`,children:[(0,_.jsx)(`del`,{children:s(e.before,e.after)}),` → `,(0,_.jsx)(`ins`,{children:s(e.after,e.before)})]})]},e.field))})]})]})]})}export{x as default};