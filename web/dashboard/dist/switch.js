import{a as e}from"./react.js";import{C as t,D as n,n as r,w as i,wt as a}from"./base.js";var o=n(`
  query Accounts($search: String, $after: String) {
    viewer {
      id
      memberships(first: 25, search: $search, after: $after) {
        nodes {
          id
          state
          isOwner
          unread
          blockedByPolicy
          lastAccessAt
          account {
            id
            name
            state
            suspendedReason
            subAccounts(first: 20) {
              nodes {
                id
                name
                state
              }
            }
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
        totalCount
      }
    }
  }
`),s=i({en:{closed:`Closed`,deactivated:`Your membership is deactivated`,second:`Asks for a second factor: turn one on in your profile`,suspended:`Suspended: can be read`},de:{closed:`Geschlossen`,deactivated:`Ihre Mitgliedschaft ist deaktiviert`,second:`Verlangt einen zweiten Faktor: im Profil einrichten`,suspended:`Gesperrt: nur lesen`}});function c(e=``){let n=t(s),{data:r,previousData:i,loading:c,error:l,refetch:u,fetchMore:d}=a(o,{variables:{search:e||void 0},fetchPolicy:`cache-and-network`}),f=(r??i)?.viewer?.memberships,p=(f?.nodes??[]).flatMap(e=>{let t=e.account;if(!t)return[];let r=t.state===`CLOSED`&&!e.isOwner||t.state===`CLOSED`?n.closed:e.state===`DEACTIVATED`?n.deactivated:e.blockedByPolicy?n.second:null,i=t.state===`SUSPENDED`?n.suspended:null;return[{id:t.id,name:t.name,beneath:!1,unread:e.unread??0,owner:e.isOwner,why:r,note:i},...(r?[]:t.subAccounts?.nodes??[]).map(e=>({id:e.id,name:e.name,beneath:!0,unread:0,owner:!1,why:e.state===`CLOSED`?n.closed:null,note:e.state===`SUSPENDED`?n.suspended:null}))]}),m=f?.pageInfo.hasNextPage?()=>void d({variables:{after:f.pageInfo.endCursor}}):null;return{choices:p,total:f?.totalCount??0,first:!f&&c,error:f?void 0:l,refetch:u,more:m}}var l=n(`
  mutation SwitchAccount($input: SwitchAccountInput!) {
    switchAccount(input: $input) {
      account {
        id
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`);function u(){let[t,n]=r(l),[i,a]=e();return[async(e,n)=>{let{refusals:r}=await t({input:{accountId:e,remember:n}});return r.length||a(`/accounts/${e}${/^\/accounts\/[^/]+(\/\w+)/.exec(i)?.[1]??``}`),r},n]}export{o as n,c as r,u as t};