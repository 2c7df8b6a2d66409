import { ApolloClient, type FieldPolicy, HttpLink, InMemoryCache } from '@apollo/client'
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

let asked: Promise<unknown> = Promise.resolve()

/** Asks who is there, once what asks already has its answer: that may be from before somebody came in. */
export function who(): Promise<unknown> {
  asked = asked.then(() => client.refetchQueries({ include: [ME] })).catch(() => {})
  return asked
}

/** Forgets what was read, and asks who is there. */
export async function forget() {
  await client.clearStore()
  await who()
}

let ending: Promise<void> | undefined

/**
 * The session ended while the page was open: nobody is there, so it shows the way in, at the
 * address where one was. Several learn of it, some late: by then it may be known.
 */
export async function signedOut() {
  if (client.readQuery({ query: ME })?.viewer === null) return
  await (ending ??= forget().finally(() => (ending = undefined)))
}

type Page = { nodes: readonly unknown[] }

// A list of pages, one list for each set of these arguments: what comes after a cursor goes
// on where it ended, anything else begins anew.
const pages = (keyArgs: string[]): FieldPolicy<Page> => ({
  keyArgs,
  merge: (before, page, { args }) => (before?.nodes && page?.nodes && args?.after ? { ...page, nodes: [...before.nodes, ...page.nodes] } : page),
})

/** Asks the API as whoever the cookie says, and remembers what it answered. */
export const client = new ApolloClient({
  link: new HttpLink({ uri: '/graphql', fetch: cookieFetch({ signedOut }) }),
  cache: new InMemoryCache({
    possibleTypes,
    typePolicies: {
      Viewer: { fields: { memberships: pages(['search', 'state']) } },
      Account: {
        fields: {
          people: pages(['state', 'search', 'twoFactorEnabled']),
          memberships: pages(['state', 'search', 'roleId', 'twoFactorEnabled']),
          auditLog: pages(['filter']),
          contacts: pages(['search', 'category']),
          recipients: pages(['category', 'channel']),
          notifications: pages(['filter']),
          policies: { merge: true },
          profile: { merge: true },
        },
      },
      Notification: { fields: { deliveries: pages([]) } },
      Webhook: { fields: { deliveries: pages([]) } },
      PermissionCatalog: { keyFields: [] },
    },
  }),
  defaultOptions: { watchQuery: { errorPolicy: 'all' }, query: { errorPolicy: 'all' }, mutate: { errorPolicy: 'all' } },
})
