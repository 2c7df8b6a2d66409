import{I as e}from"./base.js";var t=e(`
  query Contact($contactId: ID!, $locale: String) {
    node(id: $contactId) {
      ... on Contact {
        id
        account {
          id
        }
        email
        firstName
        lastName
        company
        phone
        address {
          line1
          line2
          city
          region
          postalCode
          country
        }
        locale
        type
        notes
        externalId
        preferences {
          channel
          all
          categories
          except
        }
        receives
        byPhone: receives(channel: PHONE)
        byWebhook: receives(channel: WEBHOOK)
        subAccountAccess
        selectedSubAccounts {
          id
          name
        }
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
          roles {
            id
            name(locale: $locale)
          }
        }
        invitation {
          id
          expiresAt
          roles {
            id
            name(locale: $locale)
          }
        }
        createdAt
        version
      }
    }
  }
`),n=e(`
  query ContactChoices($accountId: ID!, $locale: String) {
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
      subAccounts(first: 100) {
        nodes {
          id
          name
        }
      }
    }
  }
`),r=e(`
  mutation CreateContact($input: CreateContactInput!, $locale: String) {
    createContact(input: $input) {
      contact {
        id
      }
      login {
        outcome
        message
        link
      }
      warnings
      riskWarnings {
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
`),i=e(`
  mutation UpdateContact($input: UpdateContactInput!, $locale: String) {
    updateContact(input: $input) {
      contact {
        id
        email
        firstName
        lastName
        company
        phone
        address {
          line1
          line2
          city
          region
          postalCode
          country
        }
        locale
        type
        notes
        externalId
        preferences {
          channel
          all
          categories
          except
        }
        receives
        byPhone: receives(channel: PHONE)
        byWebhook: receives(channel: WEBHOOK)
        subAccountAccess
        selectedSubAccounts {
          id
          name
        }
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
          roles {
            id
            name(locale: $locale)
          }
        }
        invitation {
          id
          expiresAt
          roles {
            id
            name(locale: $locale)
          }
        }
        version
      }
      login {
        outcome
        message
        link
      }
      warnings
      riskWarnings {
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
`),a=e(`
  mutation DeleteContact($input: DeleteContactInput!) {
    deleteContact(input: $input) {
      deletedContactId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),o=e(`
  mutation RevokeContactLogin($input: RevokeContactLoginInput!) {
    revokeContactLogin(input: $input) {
      contact {
        id
        version
        membership {
          id
        }
        invitation {
          id
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
`),s=e(`
  mutation RequestContactVerification($input: RequestContactVerificationInput!) {
    requestContactVerification(input: $input) {
      contact {
        id
        verifiedAt
        verificationSentAt
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),c=e(`
  mutation SendTestNotification($input: SendTestNotificationInput!) {
    sendTestNotification(input: $input) {
      sent
      rule
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`);export{o as a,s as c,a as i,t as n,c as o,r,i as s,n as t};