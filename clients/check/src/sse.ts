import { createClient } from 'graphql-sse'
import { type TokenSession } from 'tenantry-client'

/** Subscriptions by server-sent events, for where no WebSocket gets through. */
export function createSSE(url: string, session: TokenSession) {
  return createClient({
    url,
    singleConnection: false,
    fetchFn: session.fetch,
    retryAttempts: Infinity,
  })
}
