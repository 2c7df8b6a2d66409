import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { getMainDefinition } from '@apollo/client/utilities'
import { documentId } from 'tenantry-client/manifest'
import { possibleTypes, type TokenSession } from 'tenantry-client'
import { subscriptions } from 'tenantry-client/subscriptions'
import { SWITCH } from './tada.js'

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

export function createApollo(url: string, session: TokenSession) {
  const http = new PersistedQueryLink({ sha256: documentId }).concat(new HttpLink({ uri: url, fetch: session.fetch }))
  const live = new GraphQLWsLink(subscriptions({ url, token: session.token }))
  const isLive = ({ query }: ApolloLink.Operation) => {
    const main = getMainDefinition(query)
    return main.kind === 'OperationDefinition' && main.operation === 'subscription'
  }
  return new ApolloClient({
    link: ApolloLink.split(isLive, live, http),
    cache: new InMemoryCache({
      possibleTypes,
      typePolicies: {
        Account: { fields: { profile: { merge: true }, policies: { merge: true } } },
        PermissionCatalog: { keyFields: [] },
      },
    }),
    defaultOptions: { watchQuery: { errorPolicy: 'all' }, query: { errorPolicy: 'all' }, mutate: { errorPolicy: 'all' } },
  })
}

/** Switches, and has the cache know it: every screen that shows the active account follows. */
export async function switchAccount(client: ApolloClient, viewerId: string, accountId: string) {
  const { data } = await client.mutate({
    mutation: SWITCH,
    variables: { input: { accountId } },
    update(cache, { data }) {
      const account = data?.switchAccount?.account
      if (!account) return
      cache.modify({
        id: cache.identify({ __typename: 'Viewer', id: viewerId }),
        fields: { activeAccount: (_, { toReference }) => toReference({ __typename: 'Account', id: account.id }) ?? null },
      })
    },
  })
  return data?.switchAccount?.errors ?? []
}
