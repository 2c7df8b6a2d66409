import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import { subscriptions } from '../dist/subscriptions.js'

/** The connections that were opened, and what was sent on each. */
let sockets
class Socket {
  static CONNECTING = 0
  static OPEN = 1
  static CLOSING = 2
  static CLOSED = 3
  readyState = 1
  sent = []
  constructor(url) {
    this.url = url
    sockets.push(this)
    queueMicrotask(() => (Socket.away ? this.refuse() : this.onopen()))
  }
  send(text) {
    const message = JSON.parse(text)
    this.sent.push(message)
    if (message.type === 'connection_init') queueMicrotask(() => this.onmessage({ data: '{"type":"connection_ack"}' }))
  }
  // As browsers tell of a server that is away: an error without a code, and then the end.
  refuse() {
    this.readyState = 3
    this.onerror({ type: 'error' })
    this.onclose({ code: 1006, reason: '' })
  }
  close(code = 1000, reason = '') {
    this.readyState = 3
    this.onclose({ code, reason })
  }
}

// Lets everything happen that waits for nothing but its turn.
const turn = async () => {
  for (let i = 0; i < 50; i++) await Promise.resolve()
}

beforeEach(() => {
  sockets = []
  Socket.away = false
  globalThis.WebSocket = Socket
  mock.method(Math, 'random', () => 0.5)
  mock.timers.enable({ apis: ['setTimeout'] })
})
afterEach(() => {
  mock.timers.reset()
  mock.restoreAll()
})

function begin(options = {}) {
  const seen = []
  const client = subscriptions({ url: 'https://portal.example/graphql', ended: () => seen.push('ended'), returned: () => seen.push('returned'), ...options })
  client.subscribe({ query: 'subscription { viewerEvents { id } }' }, { next: (e) => seen.push(e.data.viewerEvents.id), error: () => seen.push('error'), complete: () => seen.push('complete') })
  return seen
}

test('the token is asked for with each connection, and what was listened to goes on', async () => {
  let token = 'first'
  const seen = begin({ token: () => token })
  await turn()
  assert.equal(sockets[0].url, 'wss://portal.example/graphql')
  assert.deepEqual(sockets[0].sent[0], { type: 'connection_init', payload: { authorization: 'Bearer first' } })
  sockets[0].onmessage({ data: JSON.stringify({ id: sockets[0].sent[1].id, type: 'next', payload: { data: { viewerEvents: { id: 'evt_1' } } } }) })
  token = 'second'
  sockets[0].close(1006)
  await turn()
  assert.equal(sockets.length, 1, 'it waits before it comes back')
  mock.timers.tick(1000)
  await turn()
  assert.equal(sockets.length, 2)
  assert.equal(sockets[1].sent[0].payload.authorization, 'Bearer second')
  assert.equal(sockets[1].sent[1].type, 'subscribe')
  assert.deepEqual(seen, ['evt_1', 'returned'])
})

test('a server that takes no connection is tried again, and so is a token that could not be had', async () => {
  let answers = true
  const seen = begin({
    token: () => {
      if (!answers) throw new TypeError('fetch failed')
      return 'good'
    },
  })
  await turn()
  Socket.away = true
  sockets[0].close(1006)
  await turn()
  mock.timers.tick(1000)
  await turn()
  assert.equal(sockets.length, 2)
  Socket.away = false
  answers = false
  mock.timers.tick(2000)
  await turn()
  assert.equal(sockets.length, 3)
  answers = true
  mock.timers.tick(4000)
  await turn()
  assert.equal(sockets.length, 4)
  assert.equal(sockets[3].sent[1].type, 'subscribe')
  assert.deepEqual(seen, ['returned'])
})

test('a network that is back is tried at once', async () => {
  const listening = new Set()
  globalThis.addEventListener = (type, f) => type === 'online' && listening.add(f)
  globalThis.removeEventListener = (_, f) => listening.delete(f)
  try {
    begin()
    await turn()
    sockets[0].close(1006)
    await turn()
    assert.equal(sockets.length, 1)
    for (const f of [...listening]) f()
    await turn()
    assert.equal(sockets.length, 2)
    assert.equal(listening.size, 0, 'it no longer waits for a network')
    mock.timers.tick(30_000)
    await turn()
    assert.equal(sockets.length, 2, 'nor for its time')
  } finally {
    delete globalThis.addEventListener
    delete globalThis.removeEventListener
  }
})

test('whoever is cut off is told, and comes back', async () => {
  const seen = begin()
  await turn()
  sockets[0].close(4403, 'Forbidden')
  await turn()
  assert.deepEqual(seen, ['ended'])
  mock.timers.tick(1000)
  await turn()
  assert.deepEqual(seen, ['ended', 'returned'])
})

test('a token that is not good ends it', async () => {
  const seen = begin()
  await turn()
  sockets[0].close(4401, 'Unauthorized')
  await turn()
  mock.timers.tick(60_000)
  await turn()
  assert.deepEqual(seen, ['ended', 'error'])
  assert.equal(sockets.length, 1)
})

test('a connection that has gone silent is given up', async () => {
  const seen = begin()
  await turn()
  mock.timers.tick(20_000)
  assert.equal(sockets[0].sent.at(-1).type, 'ping')
  mock.timers.tick(10_000)
  await turn()
  mock.timers.tick(1000)
  await turn()
  assert.equal(sockets.length, 2)
  assert.deepEqual(seen, ['returned'])
})
