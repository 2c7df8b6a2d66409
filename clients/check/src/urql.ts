import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core'
import { persistedExchange } from '@urql/exchange-persisted'
import { documentId } from 'tenantry-client/manifest'
import { type TokenSession } from 'tenantry-client'
import { subscriptions } from 'tenantry-client/subscriptions'

export function createUrql(url: string, session: TokenSession) {
  const live = subscriptions({ url, token: session.token })
  return new Client({
    url,
    fetch: session.fetch,
    preferGetMethod: false,
    exchanges: [
      cacheExchange,
      persistedExchange({ preferGetForPersistedQueries: false, generateHash: (query) => documentId(query) }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({ unsubscribe: live.subscribe({ query: query!, variables }, sink) }),
        }),
      }),
    ],
  })
}
