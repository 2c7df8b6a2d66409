import{a as e}from"./react.js";import{I as t,O as n,k as r,n as i,y as a}from"./base.js";var o=t(`
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
`),s=r({en:{closed:`Closed`,reopen:`Closed: you can open it again in its settings`,deactivated:`Your membership is deactivated`,second:`Asks for a second factor: turn one on in your profile`,suspended:`Suspended: can be read`},de:{closed:`Geschlossen`,reopen:`Geschlossen: in den Einstellungen lässt es sich wieder öffnen`,deactivated:`Ihre Mitgliedschaft ist deaktiviert`,second:`Verlangt einen zweiten Faktor: im Profil einrichten`,suspended:`Gesperrt: nur lesen`}});function c(e=``){let t=n(s),{data:r,previousData:i,loading:c,error:l,refetch:u,fetchMore:d}=a(o,{variables:{search:e||void 0},fetchPolicy:`cache-and-network`}),f=(r??i)?.viewer?.memberships,p=(f?.nodes??[]).flatMap(e=>{let n=e.account;if(!n)return[];let r=n.state===`CLOSED`?e.isOwner?t.reopen:t.closed:e.state===`DEACTIVATED`?t.deactivated:e.blockedByPolicy?t.second:null,i=n.state===`SUSPENDED`?t.suspended:null;return[{id:n.id,name:n.name,beneath:!1,unread:e.unread??0,owner:e.isOwner,why:r,note:i,reopens:n.state===`CLOSED`&&e.isOwner},...(r?[]:n.subAccounts?.nodes??[]).map(n=>({id:n.id,name:n.name,beneath:!0,unread:0,owner:!1,why:n.state===`CLOSED`?e.isOwner?t.reopen:t.closed:null,note:n.state===`SUSPENDED`?t.suspended:null,reopens:n.state===`CLOSED`&&e.isOwner}))]}),m=f?.pageInfo.hasNextPage?()=>void d({variables:{after:f.pageInfo.endCursor}}):null;return{choices:p,total:f?.totalCount??0,first:!f&&c,error:f?void 0:l,refetch:u,more:m}}var l=t(`
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
`);function u(){let[t,n]=i(l),[r,a]=e();return[async(e,n)=>{let{refusals:i}=await t({input:{accountId:e,remember:n}});return i.length||a(`/accounts/${e}${/^\/accounts\/[^/]+(\/\w+)/.exec(r)?.[1]??``}`),i},n]}export{o as n,c as r,u as t};