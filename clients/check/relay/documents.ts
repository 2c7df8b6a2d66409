import { graphql } from 'relay-runtime'

export const whoAmI = graphql`
  query documentsWhoAmIQuery @throwOnFieldError {
    viewer {
      id
      name
      memberships(first: 10) {
        nodes {
          id
          account {
            id
            name
          }
        }
      }
    }
  }
`

export const events = graphql`
  subscription documentsEventsSubscription {
    viewerEvents {
      id
      action
      node {
        __typename
        id
      }
    }
  }
`
