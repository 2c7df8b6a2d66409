import { type Client, createClient } from 'graphql-ws'

// A browser says when its network is back; elsewhere nobody does.
const page: Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> = globalThis as never

/**
 * A connection for subscriptions (graphql-transport-ws), opened with the first of them and
 * closed with the last. Browsers send their cookie by themselves; an app gives its token
 * anew for each connection: `token` of `tokens`, which is told whether the server has cut
 * the last one off, as it does when a token lapses.
 *
 * It comes back by itself, at first within a second, later within half a minute. What
 * happened meanwhile is not told, so `returned` is where the state is read again. `ended`
 * says that the server cut it off since the listener may no longer hear something: the
 * session is over, or one of the accounts is out of reach. Ask who is signed in; the
 * subscriptions that are still admitted go on, the others end with a refusal. A token that
 * is not good (4401) ends them all.
 */
export function subscriptions(options: {
  url: string
  token?: (refused: boolean) => string | null | Promise<string | null>
  ended?: () => void
  returned?: () => void
  /** For where there is no global WebSocket. */
  webSocketImpl?: unknown
}): Client {
  let refused = false
  let silence: ReturnType<typeof setTimeout> | undefined
  const client = createClient({
    url: options.url.replace(/^http/, 'ws'),
    webSocketImpl: options.webSocketImpl,
    lazy: true,
    lazyCloseTimeout: 3_000,
    retryAttempts: Infinity,
    // Spread over time, so that a server that starts anew is not stormed. A network that is back is tried at once.
    retryWait: (retries) =>
      new Promise((done) => {
        const go = () => {
          clearTimeout(later)
          page.removeEventListener?.('online', go)
          done()
        }
        const later = setTimeout(go, Math.random() * Math.min(30_000, 1_000 * 2 ** retries))
        page.addEventListener?.('online', go)
      }),
    // A server that does not even take the connection says no code, and a token that could not be renewed is an error.
    shouldRetry: () => true,
    // A connection that died without a word is noticed by its silence.
    keepAlive: 20_000,
    connectionParams: async () => {
      const token = await options.token?.(refused)
      refused = false
      return token ? { authorization: `Bearer ${token}` } : {}
    },
    on: {
      connected: (_socket, _payload, again) => {
        if (again) options.returned?.()
      },
      ping: (received) => {
        if (!received) silence = setTimeout(() => client.terminate(), 10_000)
      },
      pong: (received) => {
        if (received) clearTimeout(silence)
      },
      closed: (end) => {
        clearTimeout(silence)
        const code = typeof end === 'object' && end !== null && 'code' in end ? end.code : 0
        refused = code === 4401 || code === 4403
        if (refused) options.ended?.()
      },
    },
  })
  return client
}
