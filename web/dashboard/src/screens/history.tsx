import { Button, Select, Skeleton } from '@mantine/core'
import { useSearchParams } from 'wouter'
import { graphql, type ResultOf } from '../api/graphql'
import { useQuery } from '../api/query'
import { iconOf, useTelling } from '../parts/events'
import { Icon } from '../parts/icons'
import { Empty, Failed, Page } from '../parts/page'
import { useAccount } from '../shell/account'
import { useFormat, useWords, words } from '../words'

const t = words({
  en: {
    title: 'History',
    lead: 'Everything that was done in this account, by whom and from where. Nobody can change or delete it.',
    about: 'About',
    all: 'Everything',
    invitation: 'Invitations',
    member: 'Members',
    role: 'Roles',
    contact: 'Contacts',
    account: 'The account',
    ownership_transfer: 'Ownership',
    notification: 'Notifications',
    api_token: 'API tokens',
    webhook: 'Webhooks',
    empty: 'Nothing of this kind has happened',
    emptyText: 'Choose something else, or everything.',
    more: 'Show more',
    changed: 'What changed',
    hidden: 'not for you to see',
    nothing: 'nothing',
    from: (address: string) => `from ${address}`,
    sealed: (n: number) => `number ${n} in the chain`,
  },
  de: {
    title: 'Verlauf',
    lead: 'Alles, was in diesem Konto getan wurde, von wem und von wo. Niemand kann es ändern oder löschen.',
    about: 'Worüber',
    all: 'Alles',
    invitation: 'Einladungen',
    member: 'Mitglieder',
    role: 'Rollen',
    contact: 'Kontakte',
    account: 'Das Konto',
    ownership_transfer: 'Besitz',
    notification: 'Benachrichtigungen',
    api_token: 'API-Tokens',
    webhook: 'Webhooks',
    empty: 'So etwas ist noch nicht geschehen',
    emptyText: 'Wählen Sie etwas anderes oder alles.',
    more: 'Mehr anzeigen',
    changed: 'Was sich geändert hat',
    hidden: 'nicht für Sie sichtbar',
    nothing: 'nichts',
    from: (address: string) => `von ${address}`,
    sealed: (n: number) => `Nummer ${n} in der Kette`,
  },
})

const HISTORY = graphql(`
  query History($accountId: ID!, $filter: AuditLogFilter, $after: String) {
    account(id: $accountId) {
      id
      auditLog(first: 25, after: $after, filter: $filter) {
        nodes {
          id
          action
          actor {
            kind
            name
          }
          targetName
          changes {
            field
            before
            after
          }
          address
          createdAt
          sequence
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  }
`)
type Event = NonNullable<NonNullable<ResultOf<typeof HISTORY>['account']>['auditLog']>['nodes'][number]
const kinds = ['invitation', 'member', 'role', 'contact', 'account', 'ownership_transfer', 'notification', 'api_token', 'webhook'] as const

/** The audit log of an account, in sentences. */
export default function History() {
  const p = useWords(t)
  const { account } = useAccount()
  const [query, setQuery] = useSearchParams()
  const about = kinds.find((k) => k === query.get('about'))
  const variables = { accountId: account.id, filter: about ? { actions: [about] } : undefined, after: undefined }
  const { data, previousData, loading, error, refetch, fetchMore } = useQuery(HISTORY, { variables, fetchPolicy: 'cache-and-network' })
  const page = (data ?? previousData)?.account?.auditLog
  return (
    <Page title={p.title} lead={p.lead} shown={{ document: HISTORY, variables }}>
      {!page && !loading ? (
        <Failed error={error} again={() => void refetch()} />
      ) : (
        <section className="panel" aria-busy={loading}>
          <div className="bar">
            <Select
              aria-label={p.about}
              leftSection={<Icon name="search" size={16} />}
              value={about ?? ''}
              onChange={(next) => setQuery(next ? { about: next } : {}, { replace: true })}
              data={[{ value: '', label: p.all }, ...kinds.map((k) => ({ value: k as string, label: p[k] }))]}
            />
          </div>
          {!page ? (
            <div className="body stack">
              {Array.from({ length: 8 }, (_, i) => (
                <Skeleton key={i} h={40} />
              ))}
            </div>
          ) : page.nodes.length ? (
            <ul className="list events">
              {page.nodes.map((e) => (
                <Row key={e.id} event={e} />
              ))}
            </ul>
          ) : (
            <Empty icon="clock" title={p.empty} text={p.emptyText} />
          )}
          {page?.pageInfo.hasNextPage && (
            <div className="bar">
              <Button variant="subtle" fullWidth loading={loading} onClick={() => void fetchMore({ variables: { after: page.pageInfo.endCursor } })}>
                {p.more}
              </Button>
            </div>
          )}
        </section>
      )}
    </Page>
  )
}

// A value as it is in JSON, for a reader.
function readable(json: string): string {
  const value: unknown = JSON.parse(json)
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

function Row({ event }: { event: Event }) {
  const p = useWords(t)
  const format = useFormat()
  const tell = useTelling()
  const value = (json: string | null, other: string | null) => (json === null ? (other === null ? p.hidden : p.nothing) : readable(json) || p.nothing)
  return (
    <li className="todo">
      <span className="sign">
        <Icon name={iconOf(event.action)} />
      </span>
      <div className="grow">
        <span className="wrap">{tell(event)}</span>
        <p className="faint small wrap">
          <time dateTime={event.createdAt}>{format.moment(event.createdAt)}</time>
          {event.address && ` · ${p.from(event.address)}`}
          {event.sequence !== null && ` · ${p.sealed(event.sequence)}`}
        </p>
        {event.changes.length > 0 && (
          <details className="changes">
            <summary>{p.changed}</summary>
            <dl className="facts small">
              {event.changes.map((c) => (
                <div key={c.field} className="change">
                  <dt>{c.field}</dt>
                  <dd className="wrap">
                    <del>{value(c.before, c.after)}</del> → <ins>{value(c.after, c.before)}</ins>
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
    </li>
  )
}
