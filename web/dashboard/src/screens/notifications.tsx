import { Badge, Button, Select, Skeleton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { useAct } from '../api/act'
import { useSaying } from '../api/failure'
import { graphql, type ResultOf } from '../api/graphql'
import { useQuery } from '../api/query'
import { Icon } from '../parts/icons'
import { Empty, Failed, Page } from '../parts/page'
import { useChannel, useRule } from '../parts/rules'
import { useSay } from '../parts/said'
import { useAccount } from '../shell/account'
import { Ago, useFormat, useWords, words } from '../words'
import { nameOf } from './contacts/wants'

const t = words({
  en: {
    title: 'Notifications',
    lead: 'What the contacts of this account were told, to whom it went, and what became of it.',
    category: 'Category',
    anyCategory: 'Any category',
    state: 'What became of it',
    anyState: 'Whatever became of it',
    contact: 'Contact',
    anyContact: 'Any contact',
    since: 'From',
    until: 'To',
    clear: 'Show everything',
    QUEUED: 'Waits',
    SENT: 'Sent',
    FAILED: 'Given up',
    BOUNCED: 'Came back',
    SUPPRESSED: 'Not sent',
    count: (n: number, state: string) => `${n} ${state.toLowerCase()}`,
    nobody: 'went to nobody',
    test: 'Test',
    by: (who: string) => `from ${who}`,
    empty: 'Nothing was sent yet',
    emptyText: 'Invoices, maintenance and security notices are listed here as soon as one goes out. Look at coverage to see who would get them.',
    coverage: 'See who gets what',
    none: 'Nothing matches',
    noneText: 'Choose another category, state or time.',
    more: 'Show more',
    moreDeliveries: 'Show more recipients',
    text: 'What it says',
    own: 'Tenantry tells of it by itself, to each contact in their own language.',
    recipients: 'Who was sent it',
    why: 'Who gets this category, and why others do not',
    owner: 'The owner',
    unknown: 'A contact that is gone',
    attempts: (n: number) => (n === 1 ? 'one attempt' : `${n} attempts`),
    next: (when: string) => `tried again ${when}`,
    first: 'about to leave',
    sentAt: (when: string) => `accepted ${when}`,
    bouncedAt: (when: string) => `came back ${when}`,
    retry: 'Send again',
    retried: (who: string) => `It goes to ${who} once more.`,
    bouncedHelp: 'Have mail go to the contact again first.',
    gone: 'nobody was to get it when it went out',
    yet: 'is being sent out',
  },
  de: {
    title: 'Benachrichtigungen',
    lead: 'Was den Kontakten dieses Kontos mitgeteilt wurde, an wen es ging, und was daraus wurde.',
    category: 'Kategorie',
    anyCategory: 'Jede Kategorie',
    state: 'Was daraus wurde',
    anyState: 'Was auch daraus wurde',
    contact: 'Kontakt',
    anyContact: 'Jeder Kontakt',
    since: 'Von',
    until: 'Bis',
    clear: 'Alles zeigen',
    QUEUED: 'Wartet',
    SENT: 'Verschickt',
    FAILED: 'Aufgegeben',
    BOUNCED: 'Zurückgekommen',
    SUPPRESSED: 'Nicht geschickt',
    count: (n: number, state: string) => `${n} ${state.toLowerCase()}`,
    nobody: 'ging an niemanden',
    test: 'Probe',
    by: (who: string) => `von ${who}`,
    empty: 'Noch wurde nichts verschickt',
    emptyText: 'Rechnungen, Wartung und Sicherheitshinweise stehen hier, sobald etwas hinausgeht. Unter Abdeckung steht, wer sie bekäme.',
    coverage: 'Ansehen, wer was bekommt',
    none: 'Nichts passt dazu',
    noneText: 'Wählen Sie eine andere Kategorie, einen anderen Stand oder Zeitraum.',
    more: 'Mehr anzeigen',
    moreDeliveries: 'Mehr Empfänger anzeigen',
    text: 'Was darin steht',
    own: 'Tenantry berichtet davon selbst, jedem Kontakt in seiner Sprache.',
    recipients: 'An wen es ging',
    why: 'Wer diese Kategorie bekommt, und warum andere nicht',
    owner: 'Der Inhaber',
    unknown: 'Ein Kontakt, den es nicht mehr gibt',
    attempts: (n: number) => (n === 1 ? 'ein Versuch' : `${n} Versuche`),
    next: (when: string) => `neuer Versuch ${when}`,
    first: 'geht gleich hinaus',
    sentAt: (when: string) => `angenommen ${when}`,
    bouncedAt: (when: string) => `zurückgekommen ${when}`,
    retry: 'Noch einmal schicken',
    retried: (who: string) => `Es geht noch einmal an ${who}.`,
    bouncedHelp: 'Lassen Sie erst wieder Post an den Kontakt gehen.',
    gone: 'niemand sollte es bekommen, als es hinausging',
    yet: 'wird gerade verschickt',
  },
})

const NOTIFICATIONS = graphql(`
  query Notifications($accountId: ID!, $filter: NotificationFilter, $after: String, $locale: String) {
    permissionCatalog {
      categories {
        key
        label(locale: $locale)
      }
    }
    account(id: $accountId) {
      id
      notifications(first: 25, after: $after, filter: $filter) {
        nodes {
          id
          category
          subject
          sender {
            kind
            name
          }
          test
          createdAt
          counts {
            queued
            sent
            failed
            bounced
            suppressed
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  }
`)
const NOTIFICATION = graphql(`
  query Notification($notificationId: ID!, $after: String) {
    node(id: $notificationId) {
      ... on Notification {
        id
        text
        deliveries(first: 25, after: $after) {
          nodes {
            id
            channel
            address
            state
            rule
            attempts
            lastError
            nextAttemptAt
            sentAt
            bouncedAt
            contact {
              id
              email
              firstName
              lastName
              company
            }
          }
          pageInfo {
            endCursor
            hasNextPage
          }
        }
      }
    }
  }
`)
const RETRY = graphql(`
  mutation RetryDelivery($input: RetryDeliveryInput!) {
    retryDelivery(input: $input) {
      delivery {
        id
        state
        attempts
        nextAttemptAt
        lastError
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
const NAMES = graphql(`
  query ContactNames($accountId: ID!, $search: String) {
    account(id: $accountId) {
      id
      contacts(first: 50, search: $search) {
        nodes {
          id
          email
          firstName
          lastName
          company
        }
      }
    }
  }
`)
const NAMED = graphql(`
  query ContactName($contactId: ID!) {
    node(id: $contactId) {
      ... on Contact {
        id
        email
        firstName
        lastName
        company
      }
    }
  }
`)

type Notification = NonNullable<NonNullable<ResultOf<typeof NOTIFICATIONS>['account']>['notifications']>['nodes'][number]
type Delivery = NonNullable<Extract<NonNullable<ResultOf<typeof NOTIFICATION>['node']>, { text: string }>['deliveries']>['nodes'][number]

const states = ['QUEUED', 'SENT', 'FAILED', 'BOUNCED', 'SUPPRESSED'] as const
const tones: Record<string, string> = { QUEUED: 'blue', SENT: 'green', FAILED: 'red', BOUNCED: 'red', SUPPRESSED: 'gray' }
const day = /^\d{4}-\d\d-\d\d$/

// The instant at which a day begins here, or so many days after it.
function instant(date: string | null, days = 0): string | undefined {
  if (!date || !day.test(date)) return undefined
  const begin = new Date(`${date}T00:00:00`)
  begin.setDate(begin.getDate() + days)
  return Number.isNaN(begin.getTime()) ? undefined : begin.toISOString()
}

/** What the contacts of an account were told, and what became of each message. */
export default function Notifications() {
  const p = useWords(t)
  const { account, base, can } = useAccount()
  const [query, setQuery] = useSearchParams()
  const state = states.find((s) => s === query.get('state'))
  const category = query.get('category') ?? undefined
  const contactId = query.get('contact') ?? undefined
  const opened = query.get('open')
  const filter = { category, state, contactId, since: instant(query.get('since')), until: instant(query.get('until'), 1) }
  const filtered = Object.values(filter).some(Boolean)
  const variables = { accountId: account.id, filter: filtered ? filter : undefined, after: undefined }
  const { data, previousData, loading, error, refetch, fetchMore, startPolling, stopPolling } = useQuery(NOTIFICATIONS, { variables, fetchPolicy: 'cache-and-network' })
  const shown = data?.account ? data : previousData
  const page = shown?.account?.notifications
  const categories = shown?.permissionCatalog?.categories ?? []
  const label = (key: string) => categories.find((c) => c.key === key)?.label ?? key

  const set = (change: Record<string, string | null>) =>
    setQuery(
      (was) => {
        const next = new URLSearchParams(was)
        for (const [key, value] of Object.entries(change)) value === null ? next.delete(key) : next.set(key, value)
        return next
      },
      { replace: true },
    )

  // What is just leaving tells nobody when it has left, so it is looked at again. What is
  // tried again in an hour is not waited for, and a list of several pages stays as it is.
  const leaving = page && page.nodes.length <= 25 && page.nodes.some((n) => n.counts?.queued && Date.now() - new Date(n.createdAt).getTime() < 120_000)
  useEffect(() => {
    if (!leaving) return
    startPolling(2000)
    return stopPolling
  }, [leaving, startPolling, stopPolling])

  return (
    <Page title={p.title} lead={p.lead} shown={{ document: NOTIFICATIONS, variables }}>
      <section className="panel" aria-busy={loading}>
        <div className="bar filters">
          <Select aria-label={p.category} value={category ?? ''} onChange={(v) => set({ category: v || null })} data={[{ value: '', label: p.anyCategory }, ...categories.map((c) => ({ value: c.key, label: c.label }))]} />
          <Select aria-label={p.state} value={state ?? ''} onChange={(v) => set({ state: v || null })} data={[{ value: '', label: p.anyState }, ...states.map((s) => ({ value: s as string, label: p[s] }))]} />
          {can('contacts') && <Whom accountId={account.id} value={contactId ?? ''} onChange={(v) => set({ contact: v || null })} />}
          <TextInput type="date" aria-label={p.since} leftSection={<span className="small">{p.since}</span>} leftSectionWidth={52} value={query.get('since') ?? ''} onChange={(e) => set({ since: e.currentTarget.value || null })} />
          <TextInput type="date" aria-label={p.until} leftSection={<span className="small">{p.until}</span>} leftSectionWidth={44} value={query.get('until') ?? ''} onChange={(e) => set({ until: e.currentTarget.value || null })} />
          {filtered && (
            <Button variant="subtle" onClick={() => setQuery({}, { replace: true })}>
              {p.clear}
            </Button>
          )}
        </div>
        {!page ? (
          loading ? (
            <div className="body stack">
              {Array.from({ length: 6 }, (_, i) => (
                <Skeleton key={i} h={48} />
              ))}
            </div>
          ) : (
            <Failed error={error} again={() => void refetch()} />
          )
        ) : page.nodes.length ? (
          <ul className="list told">
            {page.nodes.map((n) => (
              <Row key={n.id} notification={n} label={label(n.category)} opened={opened === n.id} toggle={() => set({ open: opened === n.id ? null : n.id })} changed={() => void refetch()} />
            ))}
          </ul>
        ) : (
          <Empty icon="bell" title={filtered ? p.none : p.empty} text={filtered ? p.noneText : p.emptyText}>
            {!filtered && can('contacts') && (
              <Button component={Link} href={`${base}/contacts?view=coverage`} variant="default" mt={8}>
                {p.coverage}
              </Button>
            )}
          </Empty>
        )}
        {page?.pageInfo.hasNextPage && (
          <div className="bar">
            <Button variant="subtle" fullWidth loading={loading} onClick={() => void fetchMore({ variables: { after: page.pageInfo.endCursor } })}>
              {p.more}
            </Button>
          </div>
        )}
      </section>
    </Page>
  )
}

// Chooses a contact by a part of the name or address.
function Whom({ accountId, value, onChange }: { accountId: string; value: string; onChange: (value: string) => void }) {
  const p = useWords(t)
  const [search, setSearch] = useState('')
  const look = useDebouncedCallback((text: string) => setSearch(text.trim()), 200)
  const { data, previousData } = useQuery(NAMES, { variables: { accountId, search: search || undefined } })
  const { data: named } = useQuery(NAMED, { variables: { contactId: value }, skip: !value })
  const chosen = named?.node && 'email' in named.node ? [named.node] : []
  const found = (data ?? previousData)?.account?.contacts?.nodes ?? []
  const options = [...chosen, ...found.filter((c) => c.id !== chosen[0]?.id)].map((c) => ({ value: c.id, label: nameOf(c) }))
  return (
    <Select
      aria-label={p.contact}
      searchable
      clearable
      placeholder={p.anyContact}
      value={options.some((o) => o.value === value) ? value : null}
      onChange={(v) => onChange(v ?? '')}
      onSearchChange={(text) => look(options.some((o) => o.label === text) ? '' : text)}
      filter={({ options }) => options}
      data={options}
      clearButtonProps={{ 'aria-label': p.anyContact }}
    />
  )
}

function Row({ notification: n, label, opened, toggle, changed }: { notification: Notification; label: string; opened: boolean; toggle: () => void; changed: () => void }) {
  const p = useWords(t)
  const counts = states.map((s) => [s, n.counts?.[s.toLowerCase() as 'sent'] ?? 0] as const).filter(([, count]) => count)
  const wrong = counts.some(([s]) => s === 'FAILED' || s === 'BOUNCED')
  const fresh = Date.now() - new Date(n.createdAt).getTime() < 60_000
  return (
    <li className="todo">
      <span className={`sign ${wrong ? 'wrong' : counts.length ? 'good' : ''}`}>
        <Icon name={wrong ? 'warning' : 'bell'} />
      </span>
      <div className="grow">
        <button type="button" className="plain head-line" aria-expanded={opened} onClick={toggle}>
          <span className="grow">
            <strong className="wrap">{n.subject}</strong>
            <span className="faint small wrap">
              {label} · {p.by(n.sender.name)} · <Ago at={n.createdAt} />
            </span>
          </span>
          <span className="row tight">
            {n.test && (
              <Badge component="span" variant="outline" color="gray">
                {p.test}
              </Badge>
            )}
            {counts.map(([s, count]) => (
              <Badge key={s} component="span" variant="light" color={tones[s]}>
                {p.count(count, p[s])}
              </Badge>
            ))}
            {!counts.length && <span className="faint small">{fresh ? p.yet : p.nobody}</span>}
            <Icon name={opened ? 'down' : 'next'} size={16} />
          </span>
        </button>
        {opened && <Opened notification={n} changed={changed} />}
      </div>
    </li>
  )
}

function Opened({ notification, changed }: { notification: Notification; changed: () => void }) {
  const p = useWords(t)
  const { base, can } = useAccount()
  const { data, error, loading, refetch, fetchMore } = useQuery(NOTIFICATION, { variables: { notificationId: notification.id, after: undefined }, fetchPolicy: 'cache-and-network' })
  const found = data?.node && 'text' in data.node ? data.node : null
  // Its counts are of the list; when they change, so did something here.
  const counts = JSON.stringify(notification.counts)
  const [seen, see] = useState(counts)
  useEffect(() => {
    if (counts === seen) return
    see(counts)
    void refetch()
  }, [counts, seen, refetch])
  if (!found) return loading ? <Skeleton h={90} mt={10} /> : <Failed error={error} again={() => void refetch()} />
  const page = found.deliveries
  return (
    <div className="opened" aria-busy={loading}>
      {page?.nodes.length ? (
        <ul className="deliveries" aria-label={p.recipients}>
          {page.nodes.map((d) => (
            <Message key={d.id} delivery={d} changed={() => (changed(), void refetch())} />
          ))}
        </ul>
      ) : (
        <p className="faint small">{p.gone}</p>
      )}
      {page?.pageInfo.hasNextPage && (
        <Button size="compact-sm" variant="subtle" onClick={() => void fetchMore({ variables: { after: page.pageInfo.endCursor } })}>
          {p.moreDeliveries}
        </Button>
      )}
      {can('contacts') && (
        <Link className="small" href={`${base}/contacts?view=coverage&category=${encodeURIComponent(notification.category)}`}>
          {p.why}
        </Link>
      )}
      <details className="changes">
        <summary>{p.text}</summary>
        <p className="letter small">{found.text || p.own}</p>
      </details>
    </div>
  )
}

function Message({ delivery: d, changed }: { delivery: Delivery; changed: () => void }) {
  const p = useWords(t)
  const format = useFormat()
  const rule = useRule()
  const channelName = useChannel()
  const done = useSay()
  const say = useSaying()
  const { base, can, open } = useAccount()
  const [retry, retrying] = useAct(RETRY)
  const who = d.contact ? nameOf(d.contact) : d.rule === 'OWNER_FALLBACK' ? p.owner : d.address || p.unknown
  const when =
    d.state === 'SENT' && d.sentAt
      ? p.sentAt(format.moment(d.sentAt))
      : d.bouncedAt
        ? p.bouncedAt(format.moment(d.bouncedAt))
        : d.state === 'QUEUED'
          ? d.attempts && d.nextAttemptAt
            ? p.next(format.ago(d.nextAttemptAt))
            : p.first
          : ''
  return (
    <li>
      <Badge className="state" variant="light" color={tones[d.state]}>
        {p[d.state as 'SENT'] ?? d.state}
      </Badge>
      <div className="grow small">
        <span className="wrap">
          <strong>{d.contact && can('contacts') ? <Link href={`${base}/contacts/${d.contact.id}`}>{who}</Link> : who}</strong>{' '}
          <span className="faint">
            {channelName(d.channel)}
            {d.address && d.address !== who && ` · ${d.address}`}
            {d.rule && ` · ${rule(d.rule)}`}
          </span>
        </span>
        <span className="faint wrap">
          {[when, (d.attempts > 1 || (d.attempts && d.state !== 'SENT')) && p.attempts(d.attempts)].filter(Boolean).join(' · ')}
        </span>
        {d.lastError && <q className="quote">{d.lastError}</q>}
      </div>
      {(d.state === 'FAILED' || d.state === 'BOUNCED') && (
        <Button
          size="compact-sm"
          variant="default"
          loading={retrying}
          disabled={!open}
          aria-label={`${p.retry}: ${who}`}
          onClick={async () => {
            const { refusals } = await retry({ input: { deliveryId: d.id } })
            done({ text: refusals.some((r) => r.code === 'CONFLICT') && d.state === 'BOUNCED' ? p.bouncedHelp : refusals.length ? refusals.map(say).join(' ') : p.retried(who) })
            changed()
          }}
        >
          {p.retry}
        </Button>
      )}
    </li>
  )
}
