import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cookieFetch, Refused, request, tokenFetch, tokens, Unanswered } from '../dist/index.js'
import { documentId, manifest } from '../dist/manifest.js'

const url = 'https://portal.example/graphql'
const json = (body, status = 200) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
const refusal = (code) => ({ errors: [{ message: code, extensions: { code } }], data: null })

/** A server that knows one token, and renews it by one refresh token. */
function server({ token, refreshToken, renew }) {
  const seen = []
  const fetch = async (_, init) => {
    const { query, variables } = JSON.parse(init.body)
    const by = new Headers(init.headers).get('Authorization')
    if (query.includes('refreshSession')) {
      seen.push('refresh')
      assert.equal(by, null, 'a lapsed token beside the refresh is answered with 401')
      return renew(variables.input.refreshToken)
    }
    seen.push(by)
    return by === `Bearer ${token}` ? json({ data: { viewer: { id: 'user_1' } } }) : json(refusal('UNAUTHENTICATED'), 401)
  }
  return { fetch, seen, refreshToken }
}

const store = (tokens) => ({ read: () => tokens, write: (next) => (tokens = next) })
const old = { token: 'old', refreshToken: 'r1', expiresAt: '2026-01-01T00:00:00Z' }
const fresh = { token: 'new', tokenExpiresAt: '2026-01-01T01:00:00Z', refreshToken: 'r2', errors: [] }

test('requests that wait together renew the token once', async () => {
  const s = server({ token: 'new', renew: () => json({ data: { refreshSession: fresh } }) })
  const kept = store(old)
  const by = tokenFetch({ url, store: kept, fetch: s.fetch })
  const all = await Promise.all([1, 2, 3].map(() => request(url, '{ viewer { id } }', {}, by)))
  assert.equal(all.length, 3)
  assert.equal(s.seen.filter((x) => x === 'refresh').length, 1)
  assert.deepEqual(kept.read(), { token: 'new', refreshToken: 'r2', expiresAt: fresh.tokenExpiresAt })
})

test('a refresh whose answer is lost is asked for again', async () => {
  let first = true
  const s = server({
    token: 'new',
    renew: () => {
      if (first) {
        first = false
        throw new TypeError('network')
      }
      return json({ data: { refreshSession: fresh } })
    },
  })
  const by = tokenFetch({ url, store: store(old), fetch: s.fetch })
  assert.deepEqual(await request(url, '{ viewer { id } }', {}, by), { viewer: { id: 'user_1' } })
})

test('a session that is over is said once, and forgotten', async () => {
  const dead = { token: null, tokenExpiresAt: null, refreshToken: null, errors: [{ code: 'INVALID_TOKEN' }] }
  const s = server({ token: 'new', renew: () => json({ data: { refreshSession: dead } }) })
  const kept = store(old)
  let times = 0
  const by = tokenFetch({ url, store: kept, fetch: s.fetch, signedOut: () => times++ })
  await assert.rejects(() => request(url, '{ viewer { id } }', {}, by), (e) => e instanceof Refused && e.code === 'UNAUTHENTICATED')
  assert.equal(times, 1)
  assert.equal(kept.read(), null)
})

test('a refresh that cannot be judged now keeps the session', async () => {
  const s = server({ token: 'new', renew: () => json({}, 503) })
  const kept = store(old)
  const by = tokenFetch({ url, store: kept, fetch: s.fetch })
  await assert.rejects(() => request(url, '{ viewer { id } }', {}, by), Unanswered)
  assert.equal(kept.read(), old)
})

test('a browser hears of a session that ended', async () => {
  let times = 0
  const by = cookieFetch({ signedOut: () => times++, fetch: async (_, init) => (assert.equal(init.credentials, 'same-origin'), json(refusal('UNAUTHENTICATED'))) })
  await assert.rejects(() => request(url, '{ permissionCatalog { notice } }', {}, by), Refused)
  assert.equal(times, 1)
})

test('a connection begins with a token that is good', async () => {
  const s = server({ token: 'new', renew: () => json({ data: { refreshSession: { ...fresh, tokenExpiresAt: '2999-01-01T00:00:00Z' } } }) })
  const kept = store(old) // lapsed
  const session = tokens({ url, store: kept, fetch: s.fetch })
  assert.deepEqual(await Promise.all([session.token(), session.token()]), ['new', 'new'])
  assert.equal(await session.token(), 'new')
  assert.deepEqual(s.seen, ['refresh'])
  assert.equal(await session.token(true), 'new', 'one that was refused is renewed, whatever the clock says')
  assert.deepEqual(s.seen, ['refresh', 'refresh'])
  assert.equal(await tokens({ url, store: store(null), fetch: s.fetch }).token(), null)
})

test('a manifest has each document once, by its hash', async () => {
  const { format, version, operations } = await manifest(['query B { viewer { id } }', '{ viewer { id } }', 'mutation A { signOut { signedOut } }', '{ viewer { id } }'])
  assert.deepEqual([format, version], ['apollo-persisted-query-manifest', 1])
  assert.deepEqual(operations.map((o) => [o.name, o.type]), [['', 'query'], ['A', 'mutation'], ['B', 'query']])
  assert.equal(operations[0].id, await documentId('{ viewer { id } }'))
  assert.match(operations[0].id, /^[0-9a-f]{64}$/)
})
