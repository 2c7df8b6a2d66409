import { graphql, type ResultOf } from '../api/graphql'
import { useQuery } from '../api/query'
import { useWords, words } from '../words'

/** The accounts of the viewer, with what is beneath each. */
export const ACCOUNTS = graphql(`
  query Accounts($search: String, $after: String) {
    viewer {
      id
      memberships(first: 25, search: $search, after: $after) {
        nodes {
          id
          state
          isOwner
          unread
          blockedByPolicy
          lastAccessAt
          account {
            id
            name
            state
            suspendedReason
            subAccounts(first: 20) {
              nodes {
                id
                name
                state
              }
            }
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
        totalCount
      }
    }
  }
`)
type Membership = NonNullable<NonNullable<ResultOf<typeof ACCOUNTS>['viewer']>['memberships']>['nodes'][number]

/** An account that could be chosen, or why not; and whether the viewer can open it again. */
export type Choice = { id: string; name: string; beneath: boolean; unread: number; owner: boolean; why: string | null; note: string | null; reopens: boolean }

const t = words({
  en: {
    closed: 'Closed',
    reopen: 'Closed: you can open it again in its settings',
    deactivated: 'Your membership is deactivated',
    second: 'Asks for a second factor: turn one on in your profile',
    suspended: 'Suspended: can be read',
  },
  de: {
    closed: 'Geschlossen',
    reopen: 'Geschlossen: in den Einstellungen lässt es sich wieder öffnen',
    deactivated: 'Ihre Mitgliedschaft ist deaktiviert',
    second: 'Verlangt einen zweiten Faktor: im Profil einrichten',
    suspended: 'Gesperrt: nur lesen',
  },
})

/** What can be switched to, in order, with sub-accounts beneath their parents. */
export function useChoices(search = '') {
  const p = useWords(t)
  const { data, previousData, loading, error, refetch, fetchMore } = useQuery(ACCOUNTS, { variables: { search: search || undefined }, fetchPolicy: 'cache-and-network' })
  const page = (data ?? previousData)?.viewer?.memberships
  const choices = (page?.nodes ?? []).flatMap((m: Membership): Choice[] => {
    const account = m.account
    if (!account) return []
    const why = account.state === 'CLOSED' ? (m.isOwner ? p.reopen : p.closed) : m.state === 'DEACTIVATED' ? p.deactivated : m.blockedByPolicy ? p.second : null
    const note = account.state === 'SUSPENDED' ? p.suspended : null
    const own = { id: account.id, name: account.name, beneath: false, unread: m.unread ?? 0, owner: m.isOwner, why, note, reopens: account.state === 'CLOSED' && m.isOwner }
    const subs = why ? [] : (account.subAccounts?.nodes ?? [])
    return [own, ...subs.map((s) => ({ id: s.id, name: s.name, beneath: true, unread: 0, owner: false, why: s.state === 'CLOSED' ? (m.isOwner ? p.reopen : p.closed) : null, note: s.state === 'SUSPENDED' ? p.suspended : null, reopens: s.state === 'CLOSED' && m.isOwner }))]
  })
  const more = page?.pageInfo.hasNextPage ? () => void fetchMore({ variables: { after: page.pageInfo.endCursor } }) : null
  return { choices, total: page?.totalCount ?? 0, first: !page && loading, error: page ? undefined : error, refetch, more }
}
