import{I as e}from"./base.js";var t=e(`
  query Contacts($accountId: ID!, $search: String, $category: CategoryKey, $after: String, $locale: String) {
    permissionCatalog {
      categories {
        key
        label(locale: $locale)
        description(locale: $locale)
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
`),n=e(`
  query Coverage($accountId: ID!, $locale: String) {
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
          label(locale: $locale)
          description(locale: $locale)
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
`),r=e(`
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
`),i=e(`
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
`),a=e(`
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
`),o=e(`
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
`);export{a,r as i,t as n,i as o,n as r,o as t};