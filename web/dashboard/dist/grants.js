import{r as e}from"./rolldown-runtime.js";import{E as t,Ot as n,T as r,j as i,v as a}from"./base.js";import{t as o}from"./Badge.js";import{t as s}from"./Checkbox.js";import{t as c}from"./Radio.js";import{t as l}from"./Skeleton.js";import{d as u,l as d}from"./react.js";var f=e(u(),1),p=d(),m=t({en:{roles:`Roles`,rolesText:`A role is a set of permissions with a name.`,permissions:`Permissions`,more:`Single permissions`,moreText:`What they may do beside their roles.`,byRole:`by role`,held:`You do not hold it, so you cannot give it.`,ceiling:`The type of the chosen roles does not admit it.`,tokens:`The owner and administrators give it.`,risks:e=>({LOW:`low risk`,MEDIUM:`medium risk`,HIGH:`high risk`,CRITICAL:`critical`})[e]??e,types:e=>({ADMIN:`Administration`,BILLING:`Billing`,USER:`User`})[e]??e,count:(e,t)=>`${e} of ${t}`,scope:`Sub-accounts`,scopeText:`What is given here holds in these as well.`,NONE:`None`,SELECTED:`Some`,ALL:`All, also those opened later`},de:{roles:`Rollen`,rolesText:`Eine Rolle ist eine benannte Menge von Rechten.`,permissions:`Rechte`,more:`Einzelne Rechte`,moreText:`Was sie neben den Rollen dürfen.`,byRole:`durch Rolle`,held:`Sie haben es selbst nicht, also können Sie es nicht geben.`,ceiling:`Die Art der gewählten Rollen lässt es nicht zu.`,tokens:`Das geben der Inhaber und die Verwaltung.`,risks:e=>({LOW:`geringes Risiko`,MEDIUM:`mittleres Risiko`,HIGH:`hohes Risiko`,CRITICAL:`kritisch`})[e]??e,types:e=>({ADMIN:`Verwaltung`,BILLING:`Abrechnung`,USER:`Benutzer`})[e]??e,count:(e,t)=>`${e} von ${t}`,scope:`Unterkonten`,scopeText:`Was hier gegeben wird, gilt auch in diesen.`,NONE:`Keine`,SELECTED:`Einige`,ALL:`Alle, auch spätere`}}),h=i(`
  query Grants($accountId: ID!) {
    permissionCatalog {
      permissions {
        key
        label
        description
        module
        risk
        warning
        subAccounts
        tokensOnly
        roleTypes
      }
    }
    account(id: $accountId) {
      id
      viewerPermissions
      roles {
        id
        name
        description
        type
        permissions
      }
      subAccounts(first: 100) {
        nodes {
          id
          name
        }
      }
    }
  }
`),g={roleIds:[],permissions:[],subAccountAccess:`NONE`,subAccountIds:[]},_=(e,t,n)=>n?[...e,t]:e.filter(e=>e!==t),v={MEDIUM:`gray`,HIGH:`yellow`,CRITICAL:`red`};function y({risk:e}){let t=r(m);return e===`LOW`?null:(0,p.jsx)(o,{size:`sm`,variant:`light`,color:v[e],children:t.risks(e)})}function b({accountId:e,value:t,onChange:i}){let a=r(m),{data:c}=n(h,{variables:{accountId:e}}),u=c?.account;if(!c||!u)return(0,p.jsxs)(`div`,{className:`stack`,"aria-busy":`true`,children:[(0,p.jsx)(l,{h:60}),(0,p.jsx)(l,{h:60}),(0,p.jsx)(l,{h:200})]});let d=u.roles??[],f=d.filter(e=>t.roleIds.includes(e.id)),g=f.length?f.map(e=>e.type):[`USER`],v=new Set(f.flatMap(e=>e.permissions));return(0,p.jsxs)(`div`,{className:`stack grants`,children:[(0,p.jsxs)(`fieldset`,{children:[(0,p.jsx)(`legend`,{children:a.roles}),(0,p.jsx)(`p`,{className:`faint small`,children:a.rolesText}),(0,p.jsx)(`ul`,{className:`cards`,children:d.map(e=>(0,p.jsx)(`li`,{children:(0,p.jsx)(s,{label:(0,p.jsxs)(p.Fragment,{children:[e.name,` `,e.type!==`USER`&&(0,p.jsx)(o,{size:`sm`,variant:`light`,color:`blue`,children:a.types(e.type)})]}),description:e.description,checked:t.roleIds.includes(e.id),onChange:n=>i({...t,roleIds:_(t.roleIds,e.id,n.currentTarget.checked)})})},e.id))})]}),(0,p.jsxs)(`fieldset`,{children:[(0,p.jsx)(`legend`,{children:a.more}),(0,p.jsx)(`p`,{className:`faint small`,children:a.moreText}),(0,p.jsx)(C,{data:c,ceilings:g,byRole:v,value:t.permissions,onChange:e=>i({...t,permissions:e})})]}),(0,p.jsx)(x,{accountId:e,value:t,onChange:e=>i({...t,...e})})]})}function x({accountId:e,value:t,onChange:i}){let a=r(m),{data:o}=n(h,{variables:{accountId:e}}),l=o?.account?.subAccounts?.nodes??[];return l.length?(0,p.jsxs)(`fieldset`,{children:[(0,p.jsx)(`legend`,{children:a.scope}),(0,p.jsx)(`p`,{className:`faint small`,children:a.scopeText}),(0,p.jsx)(c.Group,{value:t.subAccountAccess,onChange:e=>i({subAccountAccess:e,subAccountIds:[]}),"aria-label":a.scope,children:(0,p.jsx)(`div`,{className:`stack tight`,children:[`NONE`,`SELECTED`,`ALL`].map(e=>(0,p.jsxs)(`div`,{className:`stack tight`,children:[(0,p.jsx)(c,{value:e,label:a[e]}),e===`SELECTED`&&t.subAccountAccess===e&&(0,p.jsx)(`ul`,{className:`subs`,children:l.map(e=>(0,p.jsx)(`li`,{children:(0,p.jsx)(s,{label:e.name,checked:t.subAccountIds.includes(e.id),onChange:n=>i({...t,subAccountIds:_(t.subAccountIds,e.id,n.currentTarget.checked)})})},e.id))})]},e))})})]}):null}var S=new Set;function C({data:e,ceilings:t,special:n,byRole:i=S,value:c,onChange:l,fixed:u}){let d=r(m),h=(0,f.useId)(),g=new Set(e.account?.viewerPermissions),v=(e.permissionCatalog?.permissions??[]).filter(e=>!e.tokensOnly||!t),b=[...new Set(v.map(e=>e.module))];return(0,p.jsx)(p.Fragment,{children:b.map(e=>{let r=v.filter(t=>t.module===e),f=r.filter(e=>i.has(e.key)||c.includes(e.key));return(0,p.jsxs)(`details`,{className:`module`,open:r.some(e=>c.includes(e.key))||void 0,children:[(0,p.jsxs)(`summary`,{children:[(0,p.jsx)(a,{name:`next`,size:16}),(0,p.jsx)(`span`,{className:`grow`,children:e}),(0,p.jsx)(`span`,{className:`faint small`,children:d.count(f.length,r.length)})]}),(0,p.jsx)(`ul`,{children:r.map(e=>{let r=c.includes(e.key),f=!t||e.roleTypes.some(e=>t.includes(e)),m=i.has(e.key)?null:f?e.tokensOnly?n?null:d.tokens:!g.has(e.key)&&!r?d.held:null:d.ceiling;return(0,p.jsxs)(`li`,{children:[(0,p.jsx)(s,{label:(0,p.jsxs)(p.Fragment,{children:[e.label,` `,(0,p.jsx)(y,{risk:e.risk}),` `,i.has(e.key)&&(0,p.jsx)(o,{size:`sm`,variant:`light`,color:`gray`,children:d.byRole})]}),description:r||!m?e.description:m,checked:i.has(e.key)||r,disabled:u||!r&&(i.has(e.key)||!!m),error:r&&m?m:void 0,onChange:t=>l(_(c,e.key,t.currentTarget.checked))}),r&&e.warning&&(0,p.jsxs)(`p`,{className:`warned`,id:`${h}-${e.key}`,children:[(0,p.jsx)(a,{name:`warning`,size:16}),e.warning]})]},e.key)})})]},e)})})}function w({accountId:e,ceilings:t,special:i,value:a,onChange:o,fixed:s}){let c=r(m),{data:u}=n(h,{variables:{accountId:e}});return(0,p.jsx)(`div`,{className:`grants`,"aria-busy":!u,children:(0,p.jsxs)(`fieldset`,{children:[(0,p.jsx)(`legend`,{children:c.permissions}),u?(0,p.jsx)(C,{data:u,ceilings:t,special:i,value:a,onChange:o,fixed:s}):(0,p.jsx)(l,{h:260})]})})}export{g as a,x as i,b as n,w as r,h as t};