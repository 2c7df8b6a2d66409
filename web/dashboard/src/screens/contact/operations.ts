import { graphql, type ResultOf } from '../../api/graphql'

export const CONTACT = graphql(`
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
`)
export type Contact = Extract<NonNullable<ResultOf<typeof CONTACT>['node']>, { version: number }>

export const CHOICES = graphql(`
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
`)

export const CREATE = graphql(`
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
`)

export const UPDATE = graphql(`
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
`)

export const DELETE = graphql(`
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
`)

export const REVOKE = graphql(`
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
`)

export const VERIFY = graphql(`
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
`)

export const TEST = graphql(`
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
`)
