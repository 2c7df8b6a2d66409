import{I as e}from"./base.js";var t=e(`
  query People($accountId: ID!, $state: PersonState, $search: String, $twoFactorEnabled: Boolean, $after: String, $locale: String) {
    account(id: $accountId) {
      id
      people(first: 25, after: $after, state: $state, search: $search, twoFactorEnabled: $twoFactorEnabled) {
        nodes {
          name
          email
          state
          canSignIn
          roles {
            id
            name(locale: $locale)
          }
          lastAccessAt
          throughParent
          accessEndsAt
          twoFactorEnabled
          blockedByPolicy
          twoFactorDueAt
          membership {
            id
            state
            isOwner
            user {
              id
            }
          }
          invitation {
            id
            sends
            expiresAt
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  }
`),n=e(`
  mutation DeactivateMember($input: DeactivateMemberInput!) {
    deactivateMember(input: $input) {
      membership {
        id
        state
        deactivatedAt
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),r=e(`
  mutation ReactivateMember($input: ReactivateMemberInput!, $locale: String) {
    reactivateMember(input: $input) {
      membership {
        id
        state
        deactivatedAt
        deactivatedReason
        accessEndsAt
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
`),i=e(`
  mutation RemoveMember($input: RemoveMemberInput!) {
    removeMember(input: $input) {
      removedMembershipId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),a=e(`
  mutation ResendInvitation($input: ResendInvitationInput!) {
    resendInvitation(input: $input) {
      invitation {
        id
        sends
        sentAt
        expiresAt
      }
      link
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),o=e(`
  mutation CancelInvitation($input: CancelInvitationInput!) {
    cancelInvitation(input: $input) {
      invitation {
        id
        state
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
  mutation InviteUsers($input: InviteUsersInput!, $locale: String) {
    inviteUsers(input: $input) {
      results {
        email
        outcome
        message
        link
        invitation {
          id
        }
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
`),c=e(`
  mutation RequestOwnershipTransfer($input: RequestOwnershipTransferInput!) {
    requestOwnershipTransfer(input: $input) {
      transfer {
        id
        state
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`),l=e(`
  mutation SetMemberAccessEnd($input: SetMemberAccessEndInput!) {
    setMemberAccessEnd(input: $input) {
      membership {
        id
        accessEndsAt
        version
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`);export{r as a,l as c,t as i,c as l,n,i as o,s as r,a as s,o as t};