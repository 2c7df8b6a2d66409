/** A top-level error of an answer. */
export type GraphQLFailure = {
  message: string
  path?: (string | number)[]
  extensions?: { code?: string; [key: string]: unknown }
}

/** What the API answers. */
export type Answer<Data> = { data?: Data | null; errors?: GraphQLFailure[] }

/** The server did not answer, or not as itself: there is no network, or something between here and there is broken. */
export class Unanswered extends Error {
  override name = 'Unanswered'
}

/** The answer has a top-level error: its code says which (`errorCodes`). */
export class Refused extends Error {
  override name = 'Refused'
  readonly code: string
  readonly failures: GraphQLFailure[]
  constructor(failures: GraphQLFailure[]) {
    super(failures.map((f) => f.message).join(' '))
    this.failures = failures
    this.code = failures[0]?.extensions?.code ?? 'INTERNAL'
  }
}

/** What an app keeps of its session. */
export type Tokens = { token: string; refreshToken: string; expiresAt: string }

/** Where an app keeps its tokens: the keychain, encrypted preferences, not a place that other programs read. */
export type TokenStore = {
  read(): Promise<Tokens | null> | Tokens | null
  /** Null: the session is over. */
  write(tokens: Tokens | null): Promise<void> | void
}

type Fetch = typeof globalThis.fetch

/**
 * A fetch for browsers on the portal's own origin: the session is a cookie that no
 * script can read. Nobody being signed in is no error, so `signedOut` is called where an
 * answer says UNAUTHENTICATED.
 */
export function cookieFetch(options: { signedOut?: () => void; fetch?: Fetch } = {}): Fetch {
  const under = options.fetch ?? globalThis.fetch
  return async (input, init) => {
    const response = await under(input, { ...init, credentials: 'same-origin' })
    if (options.signedOut && response.headers.get('Content-Type')?.includes('json')) {
      const answer = (await response.clone().json().catch(() => ({}))) as Answer<unknown>
      if (answer.errors?.some((e) => e.extensions?.code === 'UNAUTHENTICATED')) options.signedOut()
    }
    return response
  }
}

/** What tokenFetch asks by itself. The server trusts it where it answers trusted documents only. */
export const REFRESH = `mutation ($input: RefreshSessionInput!) {
  refreshSession(input: $input) { token tokenExpiresAt refreshToken errors { code } }
}`

/** What an app asks with: see `tokens`. */
export type TokenSession = {
  /** A fetch that presents the token, renews it on HTTP 401 and asks again. */
  fetch: Fetch
  /**
   * The token for a connection that is opened now, renewed if it has lapsed, or if the
   * server refused the one before. Null where nobody is signed in.
   */
  token(refused?: boolean): Promise<string | null>
}

const MARGIN = 30_000 // ms before its end from which a token is not begun with

/**
 * An app's session. Where the token is answered with 401 it is renewed once, whatever the
 * number of requests that wait for it. A refresh whose answer is lost is asked for again
 * with the same token, which the server admits for ten seconds. `signedOut` is called when
 * the session is over.
 */
export function tokens(options: { url: string; store: TokenStore; signedOut?: () => void; fetch?: Fetch }): TokenSession {
  const under = options.fetch ?? globalThis.fetch
  let renewing: Promise<Tokens | null> | null = null

  async function renew(old: Tokens): Promise<Tokens | null> {
    const ask = () =>
      under(options.url, {
        method: 'POST',
        credentials: 'omit',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify({ query: REFRESH, variables: { input: { refreshToken: old.refreshToken } } }),
      })
    const response = await ask().catch(ask)
    if (!response.ok) throw new Unanswered(`The session could not be renewed (${response.status}).`)
    const answer = (await response.json()) as Answer<{
      refreshSession: { token: string; tokenExpiresAt: string; refreshToken: string; errors: { code: string }[] } | null
    }>
    const renewed = answer.data?.refreshSession
    if (renewed?.token) return { token: renewed.token, refreshToken: renewed.refreshToken, expiresAt: renewed.tokenExpiresAt }
    if (renewed?.errors.some((e) => e.code === 'INVALID_TOKEN')) return null
    throw new Unanswered('The session could not be renewed now.')
  }

  function renewed(old: Tokens): Promise<Tokens | null> {
    renewing ??= (async () => {
      // Another request may have renewed it while this one was under way.
      const now = await options.store.read()
      if (now && now.token !== old.token) return now
      const fresh = await renew(old)
      await options.store.write(fresh)
      if (!fresh) options.signedOut?.()
      return fresh
    })().finally(() => (renewing = null))
    return renewing
  }

  return {
    async fetch(input, init) {
      const send = (tokens: Tokens | null) => {
        const headers = new Headers(init?.headers)
        if (tokens) headers.set('Authorization', `Bearer ${tokens.token}`)
        return under(input, { ...init, headers, credentials: 'omit' })
      }
      const tokens = await options.store.read()
      const response = await send(tokens)
      if (response.status !== 401 || !tokens) return response
      const fresh = await renewed(tokens)
      return fresh ? send(fresh) : response
    },
    async token(refused = false) {
      const tokens = await options.store.read()
      if (!tokens) return null
      const lapsed = Date.parse(tokens.expiresAt) - Date.now() < MARGIN
      return (refused || lapsed ? await renewed(tokens) : tokens)?.token ?? null
    },
  }
}

/** The fetch of `tokens`, for apps that open no connections. */
export function tokenFetch(options: { url: string; store: TokenStore; signedOut?: () => void; fetch?: Fetch }): Fetch {
  return tokens(options).fetch
}

/** Asks the API once and returns its data, for programs without a GraphQL client. Throws Unanswered or Refused. */
export async function request<Data>(url: string, query: string, variables?: unknown, by: Fetch = globalThis.fetch): Promise<Data> {
  let response: Response
  let answer: Answer<Data>
  try {
    response = await by(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json, application/json;q=0.9' },
      body: JSON.stringify({ query, variables }),
    })
    answer = (await response.json()) as Answer<Data>
  } catch {
    throw new Unanswered('The server does not answer. Try again in a moment.')
  }
  if (answer.errors?.length) throw new Refused(answer.errors)
  if (!answer.data) throw new Unanswered(`The server answered ${response.status}.`)
  return answer.data
}
