import{r as e}from"./rolldown-runtime.js";import{E as t,I as n,L as r,O as i,k as a,n as o,r as s}from"./base.js";import{t as c}from"./Modal.js";import{t as l}from"./Select.js";import{d as u,l as d}from"./react.js";import{a as f,n as p,o as m}from"./field.js";import{t as h}from"./fields.js";import{i as g,r as _}from"./grants.js";import{t as v}from"./risks.js";import{r as y}from"./shell.js";var b=e(u(),1),x=d(),S=a({en:{title:`New token`,name:`Name of the program`,nameText:`Histories call it by this name.`,permissions:`Choose at least one permission.`,expires:`How long it is good`,expiresText:`A token that ends by itself is one less to be forgotten.`,days:(e,t)=>`${e} days, until ${t}`,year:e=>`A year, until ${e}`,day:`Until a day`,never:`For ever, which has to be acknowledged`,until:`Last day`,make:`Make the token`,cancel:`Cancel`,close:`Close`},de:{title:`Neues Token`,name:`Name des Programms`,nameText:`So heißt es im Verlauf.`,permissions:`Wählen Sie mindestens ein Recht.`,expires:`Wie lange es gilt`,expiresText:`Ein Token, das von selbst endet, kann niemand vergessen.`,days:(e,t)=>`${e} Tage, bis ${t}`,year:e=>`Ein Jahr, bis ${e}`,day:`Bis zu einem Tag`,never:`Für immer, was zu bestätigen ist`,until:`Letzter Tag`,make:`Token machen`,cancel:`Abbrechen`,close:`Schließen`}}),C=n(`
  mutation CreateApiToken($input: CreateApiTokenInput!, $locale: String) {
    createApiToken(input: $input) {
      apiToken {
        id
        name
      }
      secret
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
`);function w({special:e,close:n}){let a=i(S),u=t(),{account:d}=y(),[w,T]=o(C),E=s(),[D,O]=(0,b.useState)([]),[k,A]=(0,b.useState)({subAccountAccess:`NONE`,subAccountIds:[]}),[j,M]=(0,b.useState)(`90`),[N,P]=(0,b.useState)(m(30)),[F,I]=(0,b.useState)([]),[L,R]=(0,b.useState)(!1),z=()=>{I([]),R(!1)},B=e=>u.date(f(m(Number(e))));return(0,x.jsx)(c,{opened:!0,onClose:()=>n(),size:640,closeOnClickOutside:!D.length,title:a.title,closeButtonProps:{"aria-label":a.close},children:(0,x.jsxs)(h,{send:async({name:e=``})=>{if(!D.length)return[{code:`CHOOSE`,field:null,message:a.permissions,retryAfter:null}];let t={accountId:d.id,name:e,permissions:D,subAccountAccess:k.subAccountAccess,subAccountIds:k.subAccountAccess===`SELECTED`?k.subAccountIds:void 0,expiresAt:j===`never`?null:f(j===`day`?N:m(Number(j))),acknowledgeRisks:L},{payload:r,refusals:i}=await w({input:{...t,idempotencyKey:E(t)}});if(i.some(e=>e.code===`RISK_NOT_ACKNOWLEDGED`))I(r?.warnings??[]),R(!1);else{if(i.length)return i;n(e,r?.secret)}},children:[(0,x.jsx)(p,{name:`name`,label:a.name,description:a.nameText,required:!0,maxLength:60,"data-autofocus":!0}),(0,x.jsx)(_,{accountId:d.id,special:e,value:D,onChange:e=>{O(e),z()}}),(0,x.jsx)(`div`,{className:`grants`,children:(0,x.jsx)(g,{accountId:d.id,value:k,onChange:e=>{A(e),z()}})}),(0,x.jsxs)(`div`,{className:`pair`,children:[(0,x.jsx)(l,{label:a.expires,description:a.expiresText,inputWrapperOrder:[`label`,`input`,`description`,`error`],value:j,onChange:e=>{M(e??`90`),z()},data:[{value:`30`,label:a.days(30,B(`30`))},{value:`90`,label:a.days(90,B(`90`))},{value:`365`,label:a.year(B(`365`))},{value:`day`,label:a.day},{value:`never`,label:a.never}]}),j===`day`&&(0,x.jsx)(p,{name:`expiresAt`,type:`date`,label:a.until,value:N,min:m(0),max:m(365),required:!0,onChange:e=>P(e.currentTarget.value)})]}),(0,x.jsx)(v,{warnings:F,read:L,onRead:R,reveal:!0}),(0,x.jsxs)(`div`,{className:`row right sticky`,children:[(0,x.jsx)(r,{variant:`default`,onClick:()=>n(),children:a.cancel}),(0,x.jsx)(r,{type:`submit`,loading:T,disabled:F.length>0&&!L||k.subAccountAccess===`SELECTED`&&!k.subAccountIds.length,children:a.make})]})]})})}export{w as default};