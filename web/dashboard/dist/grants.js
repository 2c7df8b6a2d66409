import{r as e}from"./rolldown-runtime.js";import{t}from"./Badge.js";import{t as n}from"./Checkbox.js";import{t as r}from"./Radio.js";import{t as i}from"./Skeleton.js";import{d as a,l as o}from"./react.js";import{I as s,O as c,_ as l,k as u,y as d}from"./base.js";var f=e(a(),1),p=o(),m=u({en:{roles:`Roles`,rolesText:`A role is a set of permissions with a name.`,permissions:`Permissions`,more:`Single permissions`,moreText:`What they may do beside their roles.`,byRole:`by role`,held:`You do not hold it, so you cannot give it.`,ceiling:`The type of the chosen roles does not admit it.`,tokens:`The owner and administrators give it.`,risks:e=>({LOW:`low risk`,MEDIUM:`medium risk`,HIGH:`high risk`,CRITICAL:`critical`})[e]??e,types:e=>({ADMIN:`Administration`,BILLING:`Billing`,USER:`User`})[e]??e,count:(e,t)=>`${e} of ${t}`,scope:`Sub-accounts`,scopeText:`What is given here holds in these as well.`,NONE:`None`,SELECTED:`Some`,ALL:`All, also those opened later`},de:{roles:`Rollen`,rolesText:`Eine Rolle ist eine benannte Menge von Rechten.`,permissions:`Rechte`,more:`Einzelne Rechte`,moreText:`Was sie neben den Rollen dürfen.`,byRole:`durch Rolle`,held:`Sie haben es selbst nicht, also können Sie es nicht geben.`,ceiling:`Die Art der gewählten Rollen lässt es nicht zu.`,tokens:`Das geben der Inhaber und die Verwaltung.`,risks:e=>({LOW:`geringes Risiko`,MEDIUM:`mittleres Risiko`,HIGH:`hohes Risiko`,CRITICAL:`kritisch`})[e]??e,types:e=>({ADMIN:`Verwaltung`,BILLING:`Abrechnung`,USER:`Benutzer`})[e]??e,count:(e,t)=>`${e} von ${t}`,scope:`Unterkonten`,scopeText:`Was hier gegeben wird, gilt auch in diesen.`,NONE:`Keine`,SELECTED:`Einige`,ALL:`Alle, auch spätere`}}),h=s(`
  query Grants($accountId: ID!, $locale: String) {
    permissionCatalog {
      permissions {
        key
        label(locale: $locale)
        description(locale: $locale)
        module(locale: $locale)
        risk
        warning(locale: $locale)
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
        name(locale: $locale)
        description(locale: $locale)
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
`),g={roleIds:[],permissions:[],subAccountAccess:`NONE`,subAccountIds:[]},_=(e,t,n)=>n?[...e,t]:e.filter(e=>e!==t),v={MEDIUM:`gray`,HIGH:`yellow`,CRITICAL:`red`};function y({risk:e}){let n=c(m);return e===`LOW`?null:(0,p.jsx)(t,{size:`sm`,variant:`light`,color:v[e],children:n.risks(e)})}function b({accountId:e,value:r,onChange:a}){let o=c(m),{data:s}=d(h,{variables:{accountId:e}}),l=s?.account;if(!s||!l)return(0,p.jsxs)(`div`,{className:`stack`,"aria-busy":`true`,children:[(0,p.jsx)(i,{h:60}),(0,p.jsx)(i,{h:60}),(0,p.jsx)(i,{h:200})]});let u=l.roles??[],f=u.filter(e=>r.roleIds.includes(e.id)),g=f.length?f.map(e=>e.type):[`USER`],v=new Set(f.flatMap(e=>e.permissions));return(0,p.jsxs)(`div`,{className:`stack grants`,children:[(0,p.jsxs)(`fieldset`,{children:[(0,p.jsx)(`legend`,{children:o.roles}),(0,p.jsx)(`p`,{className:`faint small`,children:o.rolesText}),(0,p.jsx)(`ul`,{className:`cards`,children:u.map(e=>(0,p.jsx)(`li`,{children:(0,p.jsx)(n,{label:(0,p.jsxs)(p.Fragment,{children:[e.name,` `,e.type!==`USER`&&(0,p.jsx)(t,{size:`sm`,variant:`light`,color:`blue`,children:o.types(e.type)})]}),description:e.description,checked:r.roleIds.includes(e.id),onChange:t=>a({...r,roleIds:_(r.roleIds,e.id,t.currentTarget.checked)})})},e.id))})]}),(0,p.jsxs)(`fieldset`,{children:[(0,p.jsx)(`legend`,{children:o.more}),(0,p.jsx)(`p`,{className:`faint small`,children:o.moreText}),(0,p.jsx)(C,{data:s,ceilings:g,byRole:v,value:r.permissions,onChange:e=>a({...r,permissions:e})})]}),(0,p.jsx)(x,{accountId:e,value:r,onChange:e=>a({...r,...e})})]})}function x({accountId:e,value:t,onChange:i}){let a=c(m),{data:o}=d(h,{variables:{accountId:e}}),s=o?.account?.subAccounts?.nodes??[];return s.length?(0,p.jsxs)(`fieldset`,{children:[(0,p.jsx)(`legend`,{children:a.scope}),(0,p.jsx)(`p`,{className:`faint small`,children:a.scopeText}),(0,p.jsx)(r.Group,{value:t.subAccountAccess,onChange:e=>i({subAccountAccess:e,subAccountIds:[]}),"aria-label":a.scope,children:(0,p.jsx)(`div`,{className:`stack tight`,children:[`NONE`,`SELECTED`,`ALL`].map(e=>(0,p.jsxs)(`div`,{className:`stack tight`,children:[(0,p.jsx)(r,{value:e,label:a[e]}),e===`SELECTED`&&t.subAccountAccess===e&&(0,p.jsx)(`ul`,{className:`subs`,children:s.map(e=>(0,p.jsx)(`li`,{children:(0,p.jsx)(n,{label:e.name,checked:t.subAccountIds.includes(e.id),onChange:n=>i({...t,subAccountIds:_(t.subAccountIds,e.id,n.currentTarget.checked)})})},e.id))})]},e))})})]}):null}var S=new Set;function C({data:e,ceilings:r,special:i,byRole:a=S,value:o,onChange:s,fixed:u}){let d=c(m),h=(0,f.useId)(),g=new Set(e.account?.viewerPermissions),v=(e.permissionCatalog?.permissions??[]).filter(e=>!e.tokensOnly||!r),b=[...new Set(v.map(e=>e.module))];return(0,p.jsx)(p.Fragment,{children:b.map(e=>{let c=v.filter(t=>t.module===e),f=c.filter(e=>a.has(e.key)||o.includes(e.key));return(0,p.jsxs)(`details`,{className:`module`,open:c.some(e=>o.includes(e.key))||void 0,children:[(0,p.jsxs)(`summary`,{children:[(0,p.jsx)(l,{name:`next`,size:16}),(0,p.jsx)(`span`,{className:`grow`,children:e}),(0,p.jsx)(`span`,{className:`faint small`,children:d.count(f.length,c.length)})]}),(0,p.jsx)(`ul`,{children:c.map(e=>{let c=o.includes(e.key),f=!r||e.roleTypes.some(e=>r.includes(e)),m=a.has(e.key)?null:f?e.tokensOnly?i?null:d.tokens:!g.has(e.key)&&!c?d.held:null:d.ceiling;return(0,p.jsxs)(`li`,{children:[(0,p.jsx)(n,{label:(0,p.jsxs)(p.Fragment,{children:[e.label,` `,(0,p.jsx)(y,{risk:e.risk}),` `,a.has(e.key)&&(0,p.jsx)(t,{size:`sm`,variant:`light`,color:`gray`,children:d.byRole})]}),description:c||!m?e.description:m,checked:a.has(e.key)||c,disabled:u||!c&&(a.has(e.key)||!!m),error:c&&m?m:void 0,onChange:t=>s(_(o,e.key,t.currentTarget.checked))}),c&&e.warning&&(0,p.jsxs)(`p`,{className:`warned`,id:`${h}-${e.key}`,children:[(0,p.jsx)(l,{name:`warning`,size:16}),e.warning]})]},e.key)})})]},e)})})}function w({accountId:e,ceilings:t,special:n,value:r,onChange:a,fixed:o}){let s=c(m),{data:l}=d(h,{variables:{accountId:e}});return(0,p.jsx)(`div`,{className:`grants`,"aria-busy":!l,children:(0,p.jsxs)(`fieldset`,{children:[(0,p.jsx)(`legend`,{children:s.permissions}),l?(0,p.jsx)(C,{data:l,ceilings:t,special:n,value:r,onChange:a,fixed:o}):(0,p.jsx)(i,{h:260})]})})}export{g as a,x as i,b as n,w as r,h as t};