import { initGraphQLTada } from 'gql.tada'
import type { introspection, Scalars } from 'tenantry-client'

const graphql = initGraphQLTada<{ introspection: introspection; scalars: Scalars; disableMasking: true }>()

export const ME = graphql(`
  query Me {
    viewer {
      id
      name
      activeAccount {
        id
        name
      }
      memberships(first: 10) {
        nodes {
          id
          account {
            id
            name
            state
          }
        }
      }
    }
  }
`)

export const SWITCH = graphql(`
  mutation Switch($input: SwitchAccountInput!) {
    switchAccount(input: $input) {
      account {
        id
        name
      }
      permissions
      errors {
        code
        field
        message
      }
    }
  }
`)

export const RENAME = graphql(`
  mutation Rename($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      viewer {
        id
        name
      }
      errors {
        code
        message
      }
    }
  }
`)

export const MINE = graphql(`
  subscription Mine {
    viewerEvents {
      id
      action
    }
  }
`)
