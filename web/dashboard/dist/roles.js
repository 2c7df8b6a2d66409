import{r as e}from"./rolldown-runtime.js";import{C as t,E as n,M as r,Ot as i,T as a,j as o,l as s,m as c,n as l,p as u,r as d,v as f}from"./base.js";import{t as p}from"./Badge.js";import{t as m}from"./Modal.js";import{t as h}from"./Select.js";import{t as g}from"./Skeleton.js";import{n as _,r as v,t as y}from"./fields.js";import{d as b,l as x}from"./react.js";import{t as S}from"./confirm.js";import{r as C,t as w}from"./grants.js";import{t as T}from"./risks.js";import{r as E}from"./shell.js";var D=e(b(),1),O=x(),k=n({en:{title:`Roles`,lead:`Sets of permissions with a name, to be given to people. The ready-made ones are the same in every account; add your own beside them.`,create:`New role`,edit:e=>`Change ${e}`,see:e=>`Look at ${e}`,ready:`ready-made`,types:e=>({ADMIN:`Administration`,BILLING:`Billing`,USER:`User`})[e]??e,permissions:e=>e===1?`one permission`:`${e} permissions`,change:`Change`,look:`Look`,remove:`Delete`,name:`Name`,description:`What it is for`,type:`Kind`,typeText:`The most it may ever hold. It never changes.`,save:`Save`,cancel:`Cancel`,close:`Close`,created:e=>`The role ${e} is there. Give it to people now.`,saved:e=>`Whoever has ${e} may do the new things from the next request on.`,conflict:`Somebody changed this role while you were at it. Save again to put yours in its place.`,removeTitle:e=>`Delete the role ${e}?`,removeText:`Nobody can be given it any more. A role that somebody has, or is offered, cannot be deleted.`,removed:e=>`The role ${e} is deleted.`},de:{title:`Rollen`,lead:`Benannte Mengen von Rechten, die Sie Personen geben. Die vorgefertigten sind in jedem Konto gleich; legen Sie eigene daneben an.`,create:`Neue Rolle`,edit:e=>`${e} ändern`,see:e=>`${e} ansehen`,ready:`vorgefertigt`,types:e=>({ADMIN:`Verwaltung`,BILLING:`Abrechnung`,USER:`Benutzer`})[e]??e,permissions:e=>e===1?`ein Recht`:`${e} Rechte`,change:`Ändern`,look:`Ansehen`,remove:`Löschen`,name:`Name`,description:`Wofür sie da ist`,type:`Art`,typeText:`Das Höchste, was sie je enthalten kann. Es bleibt so.`,save:`Speichern`,cancel:`Abbrechen`,close:`Schließen`,created:e=>`Die Rolle ${e} ist da. Geben Sie sie jetzt Personen.`,saved:e=>`Wer ${e} hat, darf das Neue ab der nächsten Anfrage.`,conflict:`Jemand hat diese Rolle inzwischen geändert. Speichern Sie noch einmal, um Ihre Fassung an die Stelle zu setzen.`,removeTitle:e=>`Die Rolle ${e} löschen?`,removeText:`Sie kann niemandem mehr gegeben werden. Eine Rolle, die jemand hat oder angeboten bekommt, lässt sich nicht löschen.`,removed:e=>`Die Rolle ${e} ist gelöscht.`}}),A=o(`
  query Roles($accountId: ID!) {
    account(id: $accountId) {
      id
      roles {
        id
        name
        description
        type
        permissions
        predefined
        version
      }
    }
  }
`),j=o(`
  mutation CreateRole($input: CreateRoleInput!) {
    createRole(input: $input) {
      role {
        id
        name
      }
      warnings {
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
`),M=o(`
  mutation UpdateRole($input: UpdateRoleInput!) {
    updateRole(input: $input) {
      role {
        id
        name
        description
        permissions
        version
      }
      warnings {
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
`),N=o(`
  mutation DeleteRole($input: DeleteRoleInput!) {
    deleteRole(input: $input) {
      deletedRoleId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`);function P(){let e=a(k),n=t(),o=s(),{account:d,open:m}=E(),h={accountId:d.id},{data:_,error:v,loading:y,refetch:b}=i(A,{variables:h,fetchPolicy:`cache-and-network`}),{data:x}=i(w,{variables:h}),[C]=l(N),[T,j]=(0,D.useState)(null),[M,P]=(0,D.useState)(null),F=_?.account?.roles,L=e=>x?.permissionCatalog?.permissions.find(t=>t.key===e)?.label??e;return(0,O.jsxs)(c,{title:e.title,lead:e.lead,shown:{document:A,variables:h},actions:(0,O.jsx)(r,{leftSection:(0,O.jsx)(f,{name:`plus`,size:16}),onClick:()=>j(`new`),disabled:!m,children:e.create}),children:[!F&&!y?(0,O.jsx)(u,{error:v,again:()=>void b()}):(0,O.jsx)(`section`,{className:`panel`,"aria-busy":y,children:F?(0,O.jsx)(`ul`,{className:`list`,children:F.map(t=>(0,O.jsxs)(`li`,{className:`todo split`,children:[(0,O.jsx)(`span`,{className:`sign ${t.predefined?``:`new`}`,children:(0,O.jsx)(f,{name:`key`})}),(0,O.jsxs)(`div`,{className:`grow`,children:[(0,O.jsxs)(`span`,{className:`row tight`,children:[(0,O.jsx)(`strong`,{className:`wrap`,children:t.name}),(0,O.jsx)(p,{size:`sm`,variant:`light`,color:t.type===`USER`?`gray`:`blue`,children:e.types(t.type)}),t.predefined&&(0,O.jsx)(`span`,{className:`faint small`,children:e.ready})]}),t.description&&(0,O.jsx)(`p`,{className:`wrap`,children:t.description}),(0,O.jsxs)(`p`,{className:`faint small wrap`,title:t.permissions.map(L).join(`, `),children:[e.permissions(t.permissions.length),t.permissions.length>0&&t.permissions.length<=6&&`: ${n.list(t.permissions.map(L))}`]})]}),(0,O.jsxs)(`div`,{className:`row`,children:[(0,O.jsx)(r,{size:`sm`,variant:`default`,onClick:()=>j(t),"aria-label":t.predefined?e.see(t.name):e.edit(t.name),children:t.predefined?e.look:e.change}),!t.predefined&&(0,O.jsx)(r,{size:`sm`,variant:`outline`,color:`red`,onClick:()=>P(t),"aria-label":`${e.remove}: ${t.name}`,children:e.remove})]})]},t.id))}):(0,O.jsx)(`div`,{className:`body stack`,children:Array.from({length:5},(e,t)=>(0,O.jsx)(g,{h:56},t))})}),T&&(0,O.jsx)(I,{role:T===`new`?null:F?.find(e=>e.id===T.id)??T,refetch:()=>b().then(({data:e})=>e?.account?.roles?.find(e=>T!==`new`&&e.id===T.id)?.version??0),close:e=>{j(null),e&&(o({text:e}),b())}}),M&&(0,O.jsx)(S,{title:e.removeTitle(M.name),label:e.remove,danger:!0,close:()=>P(null),act:async()=>{let{refusals:t}=await C({input:{roleId:M.id}});return t.length||(o({text:e.removed(M.name)}),await b()),t},children:e.removeText})]})}function F({name:e,label:t,value:n,max:r,focus:i,fixed:a,optional:o}){return(0,O.jsx)(v,{..._(e),label:t,defaultValue:n,required:!o,withAsterisk:!1,maxLength:r,readOnly:a,"data-autofocus":i,autoComplete:`off`})}function I({role:e,refetch:t,close:n}){let i=a(k),{account:o,open:s}=E(),[c,u]=l(j),[f,p]=l(M),[g,_]=(0,D.useState)(e?.type??`USER`),[v,b]=(0,D.useState)([...e?.permissions??[]]),[x,S]=(0,D.useState)([]),[w,A]=(0,D.useState)(!1),N=d(),[P,I]=(0,D.useState)(e?.version??0),L=!!e?.predefined||!s,R=()=>{S([]),A(!1)};return(0,O.jsx)(m,{opened:!0,onClose:()=>n(),size:640,title:e?L?i.see(e.name):i.edit(e.name):i.create,closeButtonProps:{"aria-label":i.close},children:(0,O.jsxs)(y,{send:async({name:r=``,description:a})=>{let s=e?await f({input:{roleId:e.id,version:P,name:r,description:a??``,permissions:v,acknowledgeRisks:w}}):await c({input:{accountId:o.id,name:r,description:a,type:g,permissions:v,acknowledgeRisks:w,idempotencyKey:N([r,a,g,v,w])}});if(s.refusals.some(e=>e.code===`CONFLICT`)&&e)return I(await t()),[{code:`CONFLICT`,field:null,message:i.conflict,retryAfter:null}];if(s.refusals.some(e=>e.code===`RISK_NOT_ACKNOWLEDGED`))S(s.payload?.warnings??[]),A(!1);else{if(s.refusals.length)return s.refusals;n(e?i.saved(r):i.created(r))}},children:[(0,O.jsx)(F,{name:`name`,label:i.name,value:e?.name,max:80,focus:!L,fixed:L}),(0,O.jsx)(F,{name:`description`,label:i.description,value:e?.description,max:300,fixed:L,optional:!0}),!e&&(0,O.jsx)(h,{label:i.type,description:i.typeText,value:g,onChange:e=>_(e??`USER`),data:[`USER`,`BILLING`,`ADMIN`].map(e=>({value:e,label:i.types(e)}))}),(0,O.jsx)(C,{accountId:o.id,ceilings:[g],value:v,onChange:e=>{b(e),R()},fixed:L}),(0,O.jsx)(T,{warnings:x,read:w,onRead:A,reveal:!0}),(0,O.jsxs)(`div`,{className:`row right sticky`,children:[(0,O.jsx)(r,{variant:`default`,onClick:()=>n(),children:L?i.close:i.cancel}),!L&&(0,O.jsx)(r,{type:`submit`,loading:u||p,disabled:x.length>0&&!w,children:e?i.save:i.create})]})]})})}export{P as default};