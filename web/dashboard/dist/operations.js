import{O as e}from"./base.js";var t=[`EMAIL`,`WEBHOOK`,`PHONE`],n=e=>e.map(e=>({channel:e.channel,all:e.all,categories:[...e.categories],except:[...e.except]}));function r(e,t,n){let r=e.find(e=>e.channel===n);return r?r.all?!r.except.includes(t.key):r.categories.includes(t.key):n===`EMAIL`&&t.default}function i(e,t,n,i,a){let o=e.filter(e=>e.channel!==i),s=e.find(e=>e.channel===i),c=(e,r)=>t.map(e=>e.key).filter(t=>t===n.key?r:e.includes(t));if(s?.all)return[...o,{...s,except:c(s.except,!a)}];let l=t.filter(t=>r(e,t,i)).map(e=>e.key);return[...o,{channel:i,all:!1,categories:c(l,a),except:[]}]}var a=e=>e.map(e=>e.all?{channel:e.channel,all:!0,except:e.except}:{channel:e.channel,all:!1,categories:e.categories}),o=(e,t)=>e.unsubscribedFrom.includes(t.key)&&!t.mandatory&&!t.transactional,s=e=>[e.firstName,e.lastName].filter(Boolean).join(` `)||e.company||e.email,c=e(`
  query Contacts($accountId: ID!, $search: String, $category: CategoryKey, $after: String) {
    permissionCatalog {
      categories {
        key
        label
        description
        mandatory
        transactional
        default
      }
    }
    account(id: $accountId) {
      id
      contacts(first: 25, after: $after, search: $search, category: $category) {
        nodes {
          id
          email
          firstName
          lastName
          company
          type
          version
          preferences {
            channel
            all
            categories
            except
          }
          receives
          byPhone: receives(channel: PHONE)
          byWebhook: receives(channel: WEBHOOK)
          unsubscribedFrom
          verifiedAt
          verificationSentAt
          suppression {
            suppressedAt
            reason
          }
          membership {
            id
            state
          }
          invitation {
            id
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
`),l=e(`
  query Coverage($accountId: ID!) {
    account(id: $accountId) {
      id
      ownerFallback
      owner {
        id
        name
      }
      notificationCoverage {
        category {
          key
          label
          description
          mandatory
          transactional
          default
        }
        recipientCount
        recipients {
          id
          email
          firstName
          lastName
          company
        }
        gap
        ownerFallback
      }
    }
  }
`),u=e(`
  query Recipients($accountId: ID!, $category: CategoryKey!, $channel: NotificationChannel!, $after: String) {
    account(id: $accountId) {
      id
      recipients(category: $category, channel: $channel, first: 25, after: $after) {
        nodes {
          email
          receives
          rule
          throughParent
          contact {
            id
            email
            firstName
            lastName
            company
            version
            preferences {
              channel
              all
              categories
              except
            }
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  }
`),d=e(`
  mutation SetContactPreferences($input: SetContactPreferencesInput!) {
    setContactPreferences(input: $input) {
      contact {
        id
        version
        preferences {
          channel
          all
          categories
          except
        }
        receives
        byPhone: receives(channel: PHONE)
        byWebhook: receives(channel: WEBHOOK)
      }
      warnings
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),f=e(`
  mutation SetOwnerFallback($input: SetOwnerFallbackInput!) {
    setOwnerFallback(input: $input) {
      account {
        id
        ownerFallback
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),p=e(`
  mutation ClearSuppression($input: ClearSuppressionInput!) {
    clearSuppression(input: $input) {
      contact {
        id
        receives
        suppression {
          suppressedAt
          reason
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
`);export{f as a,n as c,s as d,i as f,u as i,a as l,c as n,d as o,r as p,l as r,t as s,p as t,o as u};