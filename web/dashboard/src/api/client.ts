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

let last: Promise<unknown> = Promise.resolve()
let waiting: Promise<unknown> | undefined
let ending: Promise<void> | undefined
// Whether nothing was read for anybody since the store was emptied.
let empty = false

/**
 * Asks who is there, once what asks already has its answer: that may be from before somebody
 * came in. One that waits serves all who ask meanwhile.
 */
export function who(): Promise<unknown> {
  waiting ??= last = last
    .then(() => {
      waiting = undefined
      return client.refetchQueries({ include: [ME] })
    })
    .catch(() => {})
    .then(() => {
      if (client.readQuery({ query: ME })?.viewer) empty = false
    })
  return waiting
}

/** Forgets what was read, and asks who is there. */
export function forget(): Promise<void> {
  const done: Promise<void> = client
    .clearStore()
    .then(() => {
      empty = true
      return who()
    })
    .then(() => {})
    .finally(() => {
      if (ending === done) ending = undefined
    })
  return (ending = done)
}

/**
 * The session ended while the page was open: nobody is there, so it shows the way in, at the
 * address where one was. Several learn of it, some late: by then it may be known.
 */
export async function signedOut() {
  const known = client.readQuery({ query: ME })
  if (empty && known && !known.viewer && !known.pendingSignIn) return
  await (ending ?? forget())
}

type Page = { nodes: readonly unknown[] }

// A list of pages, one list for each set of these arguments: what comes after a cursor goes
// on where it ended, anything else begins anew.
const pages = (keyArgs: string[]): FieldPolicy<Page> => ({
  keyArgs,
  merge: (before, page, { args }) => (before?.nodes && page?.nodes && args?.after ? { ...page, nodes: [...before.nodes, ...page.nodes] } : page),
})

// The API answers within ten seconds; a connection that is dead does not say so.
const timed: typeof fetch = (input, init) => {
  const late = AbortSignal.timeout(20_000)
  return fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, late]) : late })
}

/** Asks the API as whoever the cookie says, and remembers what it answered. */
export const client = new ApolloClient({
  link: new HttpLink({ uri: '/graphql', fetch: cookieFetch({ signedOut, fetch: timed }) }),
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
