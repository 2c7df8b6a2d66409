import { print } from 'graphql'
import type { ObservableQuery } from '@apollo/client'
import { subscriptions } from 'tenantry-client/subscriptions'
import { client, signedOut } from './client'
import { codeOf } from './failure'
import { graphql, type ResultOf } from './graphql'
import { ME } from './me'

const ACCOUNT_EVENTS = graphql(`
  subscription AccountEvents($accountId: ID!) {
    accountEvents(accountId: $accountId) {
      id
      action
    }
  }
`)
const VIEWER_EVENTS = graphql(`
  subscription ViewerEvents {
    viewerEvents {
      id
      action
    }
  }
`)

// What each question is about: it is asked again when something of that happens. One that
// is not here is asked again whatever happens.
const about: Record<string, string[]> = {
  Account: ['account', 'member', 'role', 'ownership_transfer'],
  People: ['member', 'invitation', 'account'],
  AccessReview: ['access', 'member', 'contact', 'role', 'account', 'invitation', 'api_token'],
  Member: ['member', 'role', 'account'],
  Roles: ['role'],
  Grants: ['role', 'account', 'member'],
  Contacts: ['contact', 'member', 'invitation'],
  Contact: ['contact', 'member', 'invitation'],
  ContactChoices: ['account'],
  ContactNames: ['contact'],
  Coverage: ['contact', 'account', 'ownership_transfer'],
  Recipients: ['contact', 'account', 'ownership_transfer'],
  Notifications: ['notification', 'delivery', 'contact'],
  Notification: ['notification', 'delivery', 'contact'],
}

type Page = { nodes: unknown[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }

// The list of pages in an answer, wherever it is.
function pageOf(data: unknown): Page | null {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null
  if ('pageInfo' in data && 'nodes' in data) return data as Page
  for (const value of Object.values(data)) {
    const page = pageOf(value)
    if (page) return page
  }
  return null
}

// Asks a question again, behind what is shown: as long as there is no answer nothing changes,
// so whoever is typing while the network fails loses nothing. A list of which several pages
// are shown keeps as many rows, so that nothing moves beneath whoever reads it.
async function again(query: ObservableQuery): Promise<void> {
  const { query: document, variables } = query
  if (query.options.fetchPolicy === 'no-cache') return void (await query.refetch())
  const paged = document.definitions.some((d) => d.kind === 'OperationDefinition' && d.variableDefinitions?.some((v) => v.variable.name.value === 'after'))
  const ask = (after?: string | null) => client.query({ query: document, variables: paged ? { ...variables, after } : variables, fetchPolicy: 'no-cache' })
  const { data: answer, error } = await ask()
  if (error) {
    const code = codeOf(error)
    if (!code || code === 'INTERNAL' || code === 'RATE_LIMITED') throw error
    return void (await query.refetch())
  }
  if (query.queryName === 'Me' && !(answer as ResultOf<typeof ME>).viewer) return signedOut()
  const shown = pageOf(query.getCurrentResult().data)?.nodes.length ?? 0
  const data = structuredClone(answer)
  const all = paged ? pageOf(data) : null
  while (all?.pageInfo.hasNextPage && all.nodes.length < shown) {
    const next = pageOf((await ask(all.pageInfo.endCursor)).data)
    if (!next) return
    all.nodes.push(...next.nodes)
    all.pageInfo = next.pageInfo
  }
  client.writeQuery({ query: document, variables, data: data as never })
}

// The questions that are being asked again, and whether once more after that.
const asking = new Map<ObservableQuery, boolean>()

async function look(query: ObservableQuery) {
  if (asking.has(query)) return void asking.set(query, true)
  asking.set(query, false)
  try {
    await again(query)
  } catch {
    setTimeout(() => query.hasObservers() && void look(query), 5_000)
  }
  const more = asking.get(query)
  asking.delete(query)
  if (more && query.hasObservers()) void look(query)
}

let waiting: Set<string> | null = null

// What happens together is looked at once. Without a noun everything is.
function happened(noun = '*') {
  if (!waiting) {
    const nouns = (waiting = new Set<string>())
    setTimeout(() => {
      waiting = null
      for (const query of client.getObservableQueries('active')) {
        const told = about[query.queryName ?? '']
        if (!told || nouns.has('*') || told.some((n) => nouns.has(n))) void look(query)
      }
    }, 100)
  }
  waiting.add(noun)
}

// Cut off, since somebody may no longer hear of something: the session has ended, or an
// account is out of reach.
async function ended() {
  const { data } = await client.query({ query: ME, fetchPolicy: 'no-cache' }).catch(() => ({ data: undefined }))
  if (data && !data.viewer) await signedOut()
  else happened()
}

const socket = subscriptions({ url: new URL('/graphql', location.href).href, ended: () => void ended(), returned: () => happened() })
// A network that is back is tried at once.
window.addEventListener('online', () => socket.terminate())

/** Keeps what is shown as it is by now: what concerns the signed-in person, or what happens in an account. Gives what ends it. */
export function listen(accountId?: string): () => void {
  const payload = accountId ? { query: print(ACCOUNT_EVENTS), variables: { accountId } } : { query: print(VIEWER_EVENTS) }
  let end: () => void
  let later: ReturnType<typeof setTimeout>
  function begin() {
    end = socket.subscribe<Partial<ResultOf<typeof ACCOUNT_EVENTS> & ResultOf<typeof VIEWER_EVENTS>>>(payload, {
      next({ data }) {
        const event = data?.accountEvents ?? data?.viewerEvents
        happened(event?.action.split('.')[0])
      },
      // Refused: the account is closed to whoever listened, and its screens ask and say so. If
      // they still may, it was something else.
      error() {
        happened()
        later = setTimeout(begin, 30_000)
      },
      complete() {},
    })
    // What is shown was read before anybody listened, so it is read once more.
    later = setTimeout(happened, 500)
  }
  begin()
  return () => {
    clearTimeout(later)
    end()
  }
}
