import { Badge, Button, SegmentedControl, Select, Skeleton, TextInput, Tooltip } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { Suspense, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { useQuery } from '../api/query'
import { Icon } from '../parts/icons'
import { late } from '../parts/late'
import { Empty, Face, Failed, Page } from '../parts/page'
import { useAccount } from '../shell/account'
import { useFormat, useWords, words } from '../words'
import { CONTACTS, COVERAGE } from './contacts/operations'
import { type Category, type Listed, nameOf } from './contacts/wants'

const Matrix = late(() => import('./contacts/matrix'))
const Coverage = late(() => import('./contacts/coverage'))

const t = words({
  en: {
    title: 'Contacts',
    lead: 'Addresses that get notifications: invoices, maintenance, security. A contact signs in only if you give it a login.',
    add: 'Add a contact',
    suspended: 'The account is suspended, so nothing can be changed.',
    view: 'View',
    list: 'Contacts',
    matrix: 'Who gets what',
    coverage: 'Coverage',
    search: 'Search names, companies and addresses',
    category: 'Only who gets',
    anything: 'Anything',
    BILLING: 'Billing',
    TECHNICAL: 'Technical',
    ADMINISTRATIVE: 'Administrative',
    CONTRACTUAL: 'Contractual',
    OTHER: 'Other',
    nothing: 'gets nothing',
    everything: 'Everything',
    more: (n: number) => `${n} more`,
    byPhone: 'by phone',
    bounces: 'Mail comes back',
    verified: 'Address confirmed',
    waiting: 'Asked, no answer yet',
    unverified: 'Address not confirmed',
    login: 'Signs in',
    off: 'Login deactivated',
    invited: 'Invited to sign in',
    unsubscribed: 'unsubscribed from some',
    count: (n: number) => (n === 1 ? 'one contact' : `${n} contacts`),
    show: 'Show more',
    empty: 'No contacts yet',
    emptyText: 'Until there is one, the owner gets what somebody has to get. Add the address where invoices should go.',
    nobody: 'Nobody matches',
    nobodyText: 'Try another word, or a part of the address.',
    nobodyGets: 'No contact gets these by mail. Coverage says how to mend it.',
  },
  de: {
    title: 'Kontakte',
    lead: 'Adressen, die Benachrichtigungen bekommen: Rechnungen, Wartung, Sicherheit. Ein Kontakt meldet sich nur an, wenn Sie ihm einen Zugang geben.',
    add: 'Kontakt anlegen',
    suspended: 'Das Konto ist gesperrt, darum lässt sich nichts ändern.',
    view: 'Ansicht',
    list: 'Kontakte',
    matrix: 'Wer bekommt was',
    coverage: 'Abdeckung',
    search: 'Namen, Firmen und Adressen durchsuchen',
    category: 'Nur wer dies bekommt',
    anything: 'Alles',
    BILLING: 'Abrechnung',
    TECHNICAL: 'Technik',
    ADMINISTRATIVE: 'Verwaltung',
    CONTRACTUAL: 'Verträge',
    OTHER: 'Sonstiges',
    nothing: 'bekommt nichts',
    everything: 'Alles',
    more: (n: number) => `${n} weitere`,
    byPhone: 'per Telefon',
    bounces: 'Post kommt zurück',
    verified: 'Adresse bestätigt',
    waiting: 'Gefragt, noch keine Antwort',
    unverified: 'Adresse nicht bestätigt',
    login: 'Meldet sich an',
    off: 'Zugang deaktiviert',
    invited: 'Zur Anmeldung eingeladen',
    unsubscribed: 'von manchem abgemeldet',
    count: (n: number) => (n === 1 ? 'ein Kontakt' : `${n} Kontakte`),
    show: 'Mehr anzeigen',
    empty: 'Noch keine Kontakte',
    emptyText: 'Bis es einen gibt, bekommt der Inhaber, was jemand bekommen muss. Legen Sie die Adresse an, an die Rechnungen gehen sollen.',
    nobody: 'Niemand passt dazu',
    nobodyText: 'Versuchen Sie ein anderes Wort oder einen Teil der Adresse.',
    nobodyGets: 'Kein Kontakt bekommt das per Mail. Unter Abdeckung steht, wie es zu beheben ist.',
  },
})

const views = ['list', 'matrix', 'coverage'] as const

/** The contacts of an account: as a list, as a table of who gets what, and by what is covered. */
export default function Contacts() {
  const p = useWords(t)
  const { account, base, can, open } = useAccount()
  const [query, setQuery] = useSearchParams()
  const view = views.find((v) => v === query.get('view')) ?? 'list'
  const search = query.get('search') ?? ''
  const category = view === 'list' ? (query.get('category') ?? undefined) : undefined
  const [text, setText] = useState(search)
  const variables = { accountId: account.id, search: search || undefined, category, after: undefined }
  const { data, previousData, loading, error, refetch, fetchMore } = useQuery(CONTACTS, { variables, fetchPolicy: 'cache-and-network', skip: view === 'coverage' })
  const shown = data?.account ? data : previousData
  const page = shown?.account?.contacts
  const categories = shown?.permissionCatalog?.categories ?? []

  const set = (change: Record<string, string | null>) =>
    setQuery(
      (was) => {
        const next = new URLSearchParams(was)
        for (const [key, value] of Object.entries(change)) value === null ? next.delete(key) : next.set(key, value)
        return next
      },
      { replace: true },
    )
  const look = useDebouncedCallback((value: string) => set({ search: value.trim() || null }), 250)

  const rest = page?.pageInfo.hasNextPage && (
    <div className="bar">
      <Button variant="subtle" fullWidth loading={loading} onClick={() => void fetchMore({ variables: { after: page.pageInfo.endCursor } })}>
        {p.show}
      </Button>
    </div>
  )
  const none = (
    <Empty icon="mail" title={search || category ? p.nobody : p.empty} text={category && !search ? p.nobodyGets : search || category ? p.nobodyText : p.emptyText}>
      {!search && !category && open && (
        <Button component={Link} href={`${base}/contacts/new`} mt={8}>
          {p.add}
        </Button>
      )}
    </Empty>
  )
  return (
    <Page
      title={p.title}
      lead={p.lead}
      shown={view === 'coverage' ? { document: COVERAGE, variables: { accountId: account.id } } : { document: CONTACTS, variables }}
      actions={can('contacts') && (
        <Tooltip label={p.suspended} disabled={open}>
          {open ? (
            <Button component={Link} href={`${base}/contacts/new`} leftSection={<Icon name="plus" size={16} />}>
              {p.add}
            </Button>
          ) : (
            <Button disabled leftSection={<Icon name="plus" size={16} />}>
              {p.add}
            </Button>
          )}
        </Tooltip>
      )}
    >
      <SegmentedControl aria-label={p.view} className="views" value={view} onChange={(next) => set({ view: next === 'list' ? null : next, category: null })} data={views.map((v) => ({ value: v as string, label: p[v] }))} />
      <Suspense fallback={<Skeleton h={320} radius="lg" />}>
        {view === 'coverage' ? (
          <Coverage />
        ) : (
          <section className="panel" aria-busy={loading}>
            <div className="bar" hidden={!page && !loading}>
              <TextInput
                className="grow"
                type="search"
                aria-label={p.search}
                placeholder={p.search}
                leftSection={<Icon name="search" />}
                value={text}
                onChange={(e) => {
                  setText(e.currentTarget.value)
                  look(e.currentTarget.value)
                }}
              />
              {view === 'list' && (
                <Select aria-label={p.category} value={category ?? ''} onChange={(next) => set({ category: next || null })} data={[{ value: '', label: p.anything }, ...categories.map((c) => ({ value: c.key, label: c.label }))]} />
              )}
              {page && (
                <span className="faint small" role="status">
                  {p.count(page.totalCount ?? page.nodes.length)}
                </span>
              )}
            </div>
            {!page ? (
              loading ? (
                <div className="body stack">
                  {Array.from({ length: 6 }, (_, i) => (
                    <Skeleton key={i} h={52} />
                  ))}
                </div>
              ) : (
                <Failed error={error} again={() => void refetch()} />
              )
            ) : !page.nodes.length ? (
              none
            ) : view === 'matrix' ? (
              <Matrix contacts={page.nodes} categories={categories} base={base} changed={() => refetch().then(() => {})} />
            ) : (
              <ul className="list contacts">
                {page.nodes.map((c) => (
                  <Row key={c.id} contact={c} categories={categories} base={base} />
                ))}
              </ul>
            )}
            {rest}
          </section>
        )}
      </Suspense>
    </Page>
  )
}

function Row({ contact: c, categories, base }: { contact: Listed; categories: readonly Category[]; base: string }) {
  const p = useWords(t)
  const format = useFormat()
  const name = nameOf(c)
  const labels = c.receives.map((key) => categories.find((x) => x.key === key)?.label ?? key)
  const all = labels.length === categories.length
  const said = all ? p.everything : labels.length > 4 ? format.list([...labels.slice(0, 3), p.more(labels.length - 3)]) : format.list(labels)
  const silent = !labels.length && !c.byPhone.length && !c.byWebhook.length
  const asked = c.verifiedAt ? p.verified : c.verificationSentAt ? p.waiting : p.unverified
  return (
    <li>
      <Face name={name} off={silent} />
      <div className="who">
        <strong className="wrap">
          <Link href={`${base}/contacts/${c.id}`}>{name}</Link>
        </strong>
        <span className="faint small wrap">
          {name !== c.email && c.email}
          {c.company && name !== c.company && ` · ${c.company}`}
        </span>
      </div>
      <span className="kind small">{p[c.type as 'OTHER'] ?? c.type}</span>
      <span className="gets small wrap">
        {silent && !c.suppression ? <span className="faint">{p.nothing}</span> : said}
        {c.byPhone.length > 0 && (
          <span className="faint">
            {labels.length > 0 && ' · '}
            {p.byPhone}
          </span>
        )}
        {c.unsubscribedFrom.length > 0 && <span className="faint"> · {p.unsubscribed}</span>}
      </span>
      <span className="states row tight">
        {c.suppression ? (
          <Badge variant="light" color="red">
            {p.bounces}
          </Badge>
        ) : (
          <Badge variant="light" color={c.verifiedAt ? 'green' : c.verificationSentAt ? 'blue' : 'gray'}>
            {asked}
          </Badge>
        )}
        {(c.membership ?? c.invitation) && (
          <Badge variant="light" color={c.membership?.state === 'DEACTIVATED' ? 'gray' : 'blue'} leftSection={<Icon name="key" size={12} />}>
            {!c.membership ? p.invited : c.membership.state === 'ACTIVE' ? p.login : p.off}
          </Badge>
        )}
      </span>
    </li>
  )
}
