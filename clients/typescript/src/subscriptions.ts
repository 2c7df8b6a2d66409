import { type Client, createClient } from 'graphql-ws'

/**
 * A connection for subscriptions (graphql-transport-ws), opened with the first of them
 * and closed with the last. Browsers send their cookie by themselves; an app gives its
 * token anew for each connection. A session that has ended is no reason to come back:
 * the server closes with 4403, and `signedOut` is called.
 */
export function subscriptions(options: { url: string; token?: () => string | null | Promise<string | null>; signedOut?: () => void }): Client {
  return createClient({
    url: options.url.replace(/^http/, 'ws'),
    lazy: true,
    retryAttempts: Infinity,
    connectionParams: async () => {
      const token = await options.token?.()
      return token ? { Authorization: `Bearer ${token}` } : {}
    },
    shouldRetry: (end) => !(end instanceof CloseEvent && end.code >= 4400 && end.code < 4500),
    on: {
      closed: (end) => {
        if (end instanceof CloseEvent && end.code === 4403) options.signedOut?.()
      },
    },
  })
}
