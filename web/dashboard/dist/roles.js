import{r as e}from"./rolldown-runtime.js";import{t}from"./Badge.js";import{E as n,I as r,L as i,O as a,_ as o,k as s,l as c,m as l,n as u,p as d,r as f,y as p}from"./base.js";import{t as m}from"./Modal.js";import{t as h}from"./Select.js";import{t as g}from"./Skeleton.js";import{n as _,r as v,t as y}from"./fields.js";import{d as b,l as x}from"./react.js";import{t as S}from"./confirm.js";import{r as C,t as w}from"./grants.js";import{t as T}from"./risks.js";import{r as E}from"./shell.js";var D=e(b(),1),O=x(),k=s({en:{title:`Roles`,lead:`Sets of permissions with a name, to be given to people. The ready-made ones are the same in every account; add your own beside them.`,create:`New role`,edit:e=>`Change ${e}`,see:e=>`Look at ${e}`,ready:`ready-made`,types:e=>({ADMIN:`Administration`,BILLING:`Billing`,USER:`User`})[e]??e,permissions:e=>e===1?`one permission`:`${e} permissions`,change:`Change`,look:`Look`,remove:`Delete`,name:`Name`,description:`What it is for`,type:`Kind`,typeText:`The most it may ever hold. It never changes.`,save:`Save`,cancel:`Cancel`,close:`Close`,created:e=>`The role ${e} is there. Give it to people now.`,saved:e=>`Whoever has ${e} may do the new things from the next request on.`,conflict:`Somebody changed this role while you were at it. Save again to put yours in its place.`,removeTitle:e=>`Delete the role ${e}?`,removeText:`Nobody can be given it any more. A role that somebody has, or is offered, cannot be deleted.`,removed:e=>`The role ${e} is deleted.`},de:{title:`Rollen`,lead:`Benannte Mengen von Rechten, die Sie Personen geben. Die vorgefertigten sind in jedem Konto gleich; legen Sie eigene daneben an.`,create:`Neue Rolle`,edit:e=>`${e} ändern`,see:e=>`${e} ansehen`,ready:`vorgefertigt`,types:e=>({ADMIN:`Verwaltung`,BILLING:`Abrechnung`,USER:`Benutzer`})[e]??e,permissions:e=>e===1?`ein Recht`:`${e} Rechte`,change:`Ändern`,look:`Ansehen`,remove:`Löschen`,name:`Name`,description:`Wofür sie da ist`,type:`Art`,typeText:`Das Höchste, was sie je enthalten kann. Es bleibt so.`,save:`Speichern`,cancel:`Abbrechen`,close:`Schließen`,created:e=>`Die Rolle ${e} ist da. Geben Sie sie jetzt Personen.`,saved:e=>`Wer ${e} hat, darf das Neue ab der nächsten Anfrage.`,conflict:`Jemand hat diese Rolle inzwischen geändert. Speichern Sie noch einmal, um Ihre Fassung an die Stelle zu setzen.`,removeTitle:e=>`Die Rolle ${e} löschen?`,removeText:`Sie kann niemandem mehr gegeben werden. Eine Rolle, die jemand hat oder angeboten bekommt, lässt sich nicht löschen.`,removed:e=>`Die Rolle ${e} ist gelöscht.`}}),A=r(`
  query Roles($accountId: ID!, $locale: String) {
    account(id: $accountId) {
      id
      roles {
        id
        name(locale: $locale)
        description(locale: $locale)
        type
        permissions
        predefined
        version
      }
    }
  }
`),j=r(`
  mutation CreateRole($input: CreateRoleInput!, $locale: String) {
    createRole(input: $input) {
      role {
        id
        name(locale: $locale)
      }
      warnings {
        permission
        message(locale: $locale)
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),M=r(`
  mutation UpdateRole($input: UpdateRoleInput!, $locale: String) {
    updateRole(input: $input) {
      role {
        id
        name(locale: $locale)
        description(locale: $locale)
        permissions
        version
      }
      warnings {
        permission
        message(locale: $locale)
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),N=r(`
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
`);function P(){let e=a(k),r=n(),s=c(),{account:f,can:m,open:h}=E(),_={accountId:f.id},{data:v,error:y,loading:b,refetch:x}=p(A,{variables:_,fetchPolicy:`cache-and-network`}),{data:C}=p(w,{variables:_}),[T]=u(N),[j,M]=(0,D.useState)(null),[P,F]=(0,D.useState)(null),L=v?.account?.roles,R=e=>C?.permissionCatalog?.permissions.find(t=>t.key===e)?.label??e;return(0,O.jsxs)(l,{title:e.title,lead:e.lead,shown:{document:A,variables:_},actions:m(`users`)&&(0,O.jsx)(i,{leftSection:(0,O.jsx)(o,{name:`plus`,size:16}),onClick:()=>M(`new`),disabled:!h,children:e.create}),children:[!L&&!b?(0,O.jsx)(d,{error:y,again:()=>void x()}):(0,O.jsx)(`section`,{className:`panel`,"aria-busy":b,children:L?(0,O.jsx)(`ul`,{className:`list`,children:L.map(n=>(0,O.jsxs)(`li`,{className:`todo split`,children:[(0,O.jsx)(`span`,{className:`sign ${n.predefined?``:`new`}`,children:(0,O.jsx)(o,{name:`key`})}),(0,O.jsxs)(`div`,{className:`grow`,children:[(0,O.jsxs)(`span`,{className:`row tight`,children:[(0,O.jsx)(`strong`,{className:`wrap`,children:n.name}),(0,O.jsx)(t,{size:`sm`,variant:`light`,color:n.type===`USER`?`gray`:`blue`,children:e.types(n.type)}),n.predefined&&(0,O.jsx)(`span`,{className:`faint small`,children:e.ready})]}),n.description&&(0,O.jsx)(`p`,{className:`wrap`,children:n.description}),(0,O.jsxs)(`p`,{className:`faint small wrap`,title:n.permissions.map(R).join(`, `),children:[e.permissions(n.permissions.length),n.permissions.length>0&&n.permissions.length<=6&&`: ${r.list(n.permissions.map(R))}`]})]}),(0,O.jsxs)(`div`,{className:`row`,children:[(0,O.jsx)(i,{size:`sm`,variant:`default`,onClick:()=>M(n),"aria-label":n.predefined?e.see(n.name):e.edit(n.name),children:n.predefined?e.look:e.change}),!n.predefined&&(0,O.jsx)(i,{size:`sm`,variant:`outline`,color:`red`,onClick:()=>F(n),"aria-label":`${e.remove}: ${n.name}`,children:e.remove})]})]},n.id))}):(0,O.jsx)(`div`,{className:`body stack`,children:Array.from({length:5},(e,t)=>(0,O.jsx)(g,{h:56},t))})}),j&&(0,O.jsx)(I,{role:j===`new`?null:L?.find(e=>e.id===j.id)??j,refetch:()=>x().then(({data:e})=>e?.account?.roles?.find(e=>j!==`new`&&e.id===j.id)?.version??0),close:e=>{M(null),e&&(s({text:e}),x())}}),P&&(0,O.jsx)(S,{title:e.removeTitle(P.name),label:e.remove,danger:!0,close:()=>F(null),act:async()=>{let{refusals:t}=await T({input:{roleId:P.id}});return t.length||(s({text:e.removed(P.name)}),await x()),t},children:e.removeText})]})}function F({name:e,label:t,value:n,max:r,focus:i,fixed:a,optional:o}){return(0,O.jsx)(v,{..._(e),label:t,defaultValue:n,required:!o,withAsterisk:!1,maxLength:r,readOnly:a,"data-autofocus":i,autoComplete:`off`})}function I({role:e,refetch:t,close:n}){let r=a(k),{account:o,open:s}=E(),[c,l]=u(j),[d,p]=u(M),[g,_]=(0,D.useState)(e?.type??`USER`),[v,b]=(0,D.useState)([...e?.permissions??[]]),[x,S]=(0,D.useState)([]),[w,A]=(0,D.useState)(!1),N=f(),[P,I]=(0,D.useState)(e?.version??0),L=!!e?.predefined||!s,R=()=>{S([]),A(!1)};return(0,O.jsx)(m,{opened:!0,onClose:()=>n(),size:640,title:e?L?r.see(e.name):r.edit(e.name):r.create,closeButtonProps:{"aria-label":r.close},children:(0,O.jsxs)(y,{send:async({name:i=``,description:a})=>{let s=e?await d({input:{roleId:e.id,version:P,name:i,description:a??``,permissions:v,acknowledgeRisks:w}}):await c({input:{accountId:o.id,name:i,description:a,type:g,permissions:v,acknowledgeRisks:w,idempotencyKey:N([i,a,g,v,w])}});if(s.refusals.some(e=>e.code===`CONFLICT`)&&e)return I(await t()),[{code:`CONFLICT`,field:null,message:r.conflict,retryAfter:null}];if(s.refusals.some(e=>e.code===`RISK_NOT_ACKNOWLEDGED`))S(s.payload?.warnings??[]),A(!1);else{if(s.refusals.length)return s.refusals;n(e?r.saved(i):r.created(i))}},children:[(0,O.jsx)(F,{name:`name`,label:r.name,value:e?.name,max:80,focus:!L,fixed:L}),(0,O.jsx)(F,{name:`description`,label:r.description,value:e?.description,max:300,fixed:L,optional:!0}),!e&&(0,O.jsx)(h,{label:r.type,description:r.typeText,value:g,onChange:e=>_(e??`USER`),data:[`USER`,`BILLING`,`ADMIN`].map(e=>({value:e,label:r.types(e)}))}),(0,O.jsx)(C,{accountId:o.id,ceilings:[g],value:v,onChange:e=>{b(e),R()},fixed:L}),(0,O.jsx)(T,{warnings:x,read:w,onRead:A,reveal:!0}),(0,O.jsxs)(`div`,{className:`row right sticky`,children:[(0,O.jsx)(i,{variant:`default`,onClick:()=>n(),children:L?r.close:r.cancel}),!L&&(0,O.jsx)(i,{type:`submit`,loading:l||p,disabled:x.length>0&&!w,children:e?r.save:r.create})]})]})})}export{P as default};