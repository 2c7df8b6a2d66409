import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client'
import { relayStylePagination } from '@apollo/client/utilities'
import { cookieFetch, possibleTypes } from 'tenantry-client'
import { ME } from './me'

declare module '@apollo/client' {
  namespace ApolloClient {
    namespace DeclareDefaultOptions {
      interface WatchQuery {
        errorPolicy: 'all'
      }
      interface Query {
        errorPolicy: 'all'
      }
      interface Mutate {
        errorPolicy: 'all'
      }
    }
  }
}

let ending = false

// The session ended while the page was open: what it showed is forgotten, and it asks who
// is there. Nobody, so it shows the way in, at the address where one was.
async function signedOut() {
  if (ending) return
  ending = true
  try {
    await client.clearStore()
    await client.refetchQueries({ include: [ME] })
  } finally {
    ending = false
  }
}

/** Asks the API as whoever the cookie says, and remembers what it answered. */
export const client = new ApolloClient({
  link: new HttpLink({ uri: '/graphql', fetch: cookieFetch({ signedOut }) }),
  cache: new InMemoryCache({
    possibleTypes,
    typePolicies: {
      Viewer: { fields: { memberships: relayStylePagination(['search', 'state']) } },
      Account: {
        fields: {
          people: relayStylePagination(['state', 'search', 'twoFactorEnabled']),
          memberships: relayStylePagination(['state', 'search', 'roleId', 'twoFactorEnabled']),
          auditLog: relayStylePagination(['filter']),
          policies: { merge: true },
          profile: { merge: true },
        },
      },
      PermissionCatalog: { keyFields: [] },
    },
  }),
  defaultOptions: { watchQuery: { errorPolicy: 'all' }, query: { errorPolicy: 'all' }, mutate: { errorPolicy: 'all' } },
})
