// Runs each client of docs/clients against a server with demo data, which trusts the
// manifests that build.mjs made: node .built/src/main.js http://localhost:8080
import { print } from 'graphql'
import { commitLocalUpdate, fetchQuery, type GraphQLTaggedNode, requestSubscription } from 'relay-runtime'
import { request, type TokenSession } from 'tenantry-client'
import { WebSocket } from 'ws'
import documentsEventsSubscription from '../.built/relay/__generated__/documentsEventsSubscription.graphql.js'
import documentsWhoAmIQuery from '../.built/relay/__generated__/documentsWhoAmIQuery.graphql.js'
import { WHO_AM_I } from '../codegen/documents.js'
import { createApollo, switchAccount } from './apollo.js'
import { createRelay } from './relay.js'
import { memory, signIn } from './session.js'
import { createSSE } from './sse.js'
import { ME, MINE, RENAME, SWITCH } from './tada.js'
import { createUrql } from './urql.js'

globalThis.WebSocket ??= WebSocket as never // Node 20 has none

const base = process.argv[2] ?? 'http://localhost:8080'
const url = `${base}/graphql`
const began = Date.now()
let failed = 0

function expect(what: string, ok: boolean, got?: unknown) {
  console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)}s ${ok ? 'ok  ' : 'FAIL'} ${what}${ok ? '' : `: ${JSON.stringify(got)}`}`)
  if (!ok) failed++
}

const within = <T>(what: string, promise: Promise<T>) =>
  Promise.race([promise, new Promise<never>((_, no) => setTimeout(() => no(new Error(`${what}: nothing for ten seconds`)), 10_000))])

const demo = (await (await fetch(`${base}/playground/demo.json`)).json()) as { email: string; password: string }

// ── A session, and its renewal ───────────────────────────────────────────────

const store = memory()
let over = 0
const session = await signIn(url, store, demo.email, demo.password, () => over++)
const sent: { query?: string; documentId?: string; extensions?: unknown }[] = []
const watched: TokenSession = {
  token: session.token,
  fetch(input, init) {
    sent.push(JSON.parse(String(init?.body)))
    return session.fetch(input, init)
  },
}
const first = store.now!
store.now = { ...first, token: `${first.token}x` }
const who = await Promise.all([1, 2, 3].map(() => request<{ viewer: { id: string } | null }>(url, '{ viewer { id } }', {}, session.fetch)))
expect('a dead token is renewed, once', who.every((w) => w.viewer) && store.now!.token !== first.token && store.now!.refreshToken !== first.refreshToken)

/** Waits for what a client is told when somebody renames themselves. */
let names = 0
async function told(client: string, listen: (heard: (action: string) => void, no: (error: unknown) => void) => () => void) {
  let leave = () => {}
  const heard = new Promise<string>((yes, no) => (leave = listen(yes, no)))
  heard.catch(() => {}) // awaited below
  // What happens before the server listens is not told, so it happens again until it is.
  const again = setInterval(() => void rename(), 300)
  try {
    expect(`${client}: a subscription is told`, (await within(client, heard)) !== '')
  } catch (error) {
    expect(`${client}: a subscription is told`, false, String(error))
  } finally {
    clearInterval(again)
    leave()
  }
}
const rename = () => request(url, print(RENAME), { input: { name: `Olivia ${++names}` } }, session.fetch)

// ── Apollo Client ────────────────────────────────────────────────────────────

const apollo = createApollo(url, watched)
const me = await apollo.query({ query: ME })
const accounts = me.data!.viewer!.memberships!.nodes.map((m) => m.account!).filter((a) => a.state === 'ACTIVE')
expect('Apollo: a query', accounts.length > 1, me)
expect('Apollo: named by its hash first', !sent[0]!.query && !!sent[0]!.extensions && !!sent[1]!.query, sent)
sent.length = 0
await apollo.query({ query: ME, fetchPolicy: 'network-only' })
expect('Apollo: and by nothing else after that', sent.length === 1 && !sent[0]!.query, sent)
const other = accounts.find((a) => a.id !== me.data!.viewer!.activeAccount?.id)!
await switchAccount(apollo, me.data!.viewer!.id, other.id)
expect('Apollo: the cache knows the account that was switched to', apollo.readQuery({ query: ME })?.viewer?.activeAccount?.id === other.id)
const refused = await switchAccount(apollo, me.data!.viewer!.id, 'acct_00000000000000000000000000')
expect('Apollo: a refusal is data', refused[0]?.code === 'NOT_FOUND', refused)
await told('Apollo', (heard, no) => {
  const s = apollo.subscribe({ query: MINE }).subscribe({ next: (a) => heard(a.data?.viewerEvents.action ?? ''), error: no })
  return () => s.unsubscribe()
})

// ── urql ─────────────────────────────────────────────────────────────────────

sent.length = 0
const urql = createUrql(url, watched)
const byUrql = await urql.query(ME, {}).toPromise()
expect('urql: a query', byUrql.data?.viewer?.id === me.data!.viewer!.id, byUrql.error)
expect('urql: named by its hash', !sent[0]!.query && !!sent[0]!.extensions, sent)
await told('urql', (heard, no) => {
  const s = urql.subscription(MINE, {}).subscribe((a) => (a.error ? no(a.error) : a.data && heard(a.data.viewerEvents.action)))
  return () => s.unsubscribe()
})

// ── Relay ────────────────────────────────────────────────────────────────────

sent.length = 0
const relay = createRelay(url, watched)
const byRelay = (await fetchQuery(relay, documentsWhoAmIQuery as unknown as GraphQLTaggedNode, {}).toPromise()) as { viewer: { id: string; memberships: { nodes: unknown[] } } }
expect('Relay: a query by the id of its document', byRelay.viewer.id === me.data!.viewer!.id && !sent[0]!.query && /^[0-9a-f]{64}$/.test(sent[0]!.documentId ?? ''), [sent, byRelay])
await told('Relay', (heard, no) => {
  const s = requestSubscription(relay, {
    subscription: documentsEventsSubscription as unknown as GraphQLTaggedNode,
    variables: {},
    onNext: (a) => heard((a as { viewerEvents: { action: string } }).viewerEvents.action),
    onError: no,
  })
  return () => s.dispose()
})
commitLocalUpdate(relay, (kept) => kept.invalidateStore())

// ── GraphQL Code Generator ───────────────────────────────────────────────────

const hash = (WHO_AM_I as unknown as { __meta__: { hash: string } }).__meta__.hash
const generated = await (await session.fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ documentId: hash }) })).json()
expect('Code Generator: a query by the id of its document', (generated as { data?: { viewer: unknown } }).data?.viewer != null, generated)

// ── Server-sent events ───────────────────────────────────────────────────────

await told('graphql-sse', (heard, no) =>
  createSSE(url, session).subscribe<{ viewerEvents: { action: string } }>(
    { query: print(MINE) },
    { next: (a) => (a.data ? heard(a.data.viewerEvents.action) : no(a.errors)), error: no, complete: () => {} },
  ),
)

// ── The end of a session ─────────────────────────────────────────────────────

const elsewhere = await signIn(url, memory(), demo.email, demo.password, () => {})
await request(url, 'mutation { revokeOtherSessions { endedSessions } }', {}, elsewhere.fetch)
const after = await session.fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"query":"{ viewer { id } }"}' })
expect('a session that has ended is answered with 401, and is over', after.status === 401 && over === 1 && store.now === null, [after.status, over])

console.log(failed ? `${failed} failed` : 'all as the documentation says')
process.exit(failed ? 1 : 0)
