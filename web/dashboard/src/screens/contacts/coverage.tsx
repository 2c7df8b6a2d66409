import { Badge, Button, Checkbox, SegmentedControl, Skeleton } from '@mantine/core'
import { useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { useAct } from '../../api/act'
import { type Refusal, useSaying } from '../../api/failure'
import type { ResultOf } from '../../api/graphql'
import { useQuery } from '../../api/query'
import { Icon } from '../../parts/icons'
import { Failed } from '../../parts/page'
import { useChannel, useRule } from '../../parts/rules'
import { useSay } from '../../parts/said'
import { useAccount } from '../../shell/account'
import { useFormat, useWords, words } from '../../words'
import { CLEAR, COVERAGE, RECIPIENTS, SET_FALLBACK, SET_PREFERENCES } from './operations'
import { type Category, type Channel, channels, copied, input, nameOf, wanting } from './wants'

const t = words({
  en: {
    fallback: 'The owner gets what nobody else does',
    fallbackText: (owner: string) => `Of what somebody must get: ${owner} gets it by mail as long as no contact does.`,
    on: 'The owner gets it from now on where no contact does.',
    off: 'The owner no longer gets what is meant for contacts.',
    must: 'somebody must get it',
    nobody: 'Nobody gets it',
    owner: (name: string) => `Only ${name} gets it, as the owner`,
    more: (n: number) => `${n} more`,
    mend: 'Choose who gets it',
    look: 'Who, and why',
    hide: 'Close',
    channel: 'How',
    gets: 'gets it',
    not: 'does not',
    ownerName: 'The owner',
    through: 'through the account above',
    give: 'Send it to them',
    clear: 'Send mail again',
    add: 'Add a contact for it',
    given: (who: string, what: string) => `${who} gets ${what} from now on.`,
    cleared: (who: string) => `Mail goes to ${who} again.`,
    conflict: (who: string) => `Somebody changed ${who} in this moment. Look again.`,
    show: 'Show more',
    none: 'There is no contact yet.',
  },
  de: {
    fallback: 'Der Inhaber bekommt, was sonst niemand bekommt',
    fallbackText: (owner: string) => `Von dem, was jemand bekommen muss: ${owner} bekommt es per Mail, solange kein Kontakt es tut.`,
    on: 'Der Inhaber bekommt es ab jetzt, wo kein Kontakt es tut.',
    off: 'Der Inhaber bekommt nicht mehr, was für Kontakte gedacht ist.',
    must: 'jemand muss es bekommen',
    nobody: 'Niemand bekommt es',
    owner: (name: string) => `Nur ${name} bekommt es, als Inhaber`,
    more: (n: number) => `${n} weitere`,
    mend: 'Wählen, wer es bekommt',
    look: 'Wer, und warum',
    hide: 'Schließen',
    channel: 'Wie',
    gets: 'bekommt es',
    not: 'bekommt es nicht',
    ownerName: 'Der Inhaber',
    through: 'über das Konto darüber',
    give: 'Dorthin schicken',
    clear: 'Wieder Post schicken',
    add: 'Kontakt dafür anlegen',
    given: (who: string, what: string) => `${who} bekommt ab jetzt ${what}.`,
    cleared: (who: string) => `Post geht wieder an ${who}.`,
    conflict: (who: string) => `Jemand hat ${who} in diesem Moment geändert. Sehen Sie noch einmal nach.`,
    show: 'Mehr anzeigen',
    none: 'Es gibt noch keinen Kontakt.',
  },
})

type Covered = NonNullable<NonNullable<ResultOf<typeof COVERAGE>['account']>['notificationCoverage']>[number]
type Recipient = NonNullable<NonNullable<ResultOf<typeof RECIPIENTS>['account']>['recipients']>['nodes'][number]

/** For each category who gets it and why, what nobody gets, and how to mend that. */
export default function Coverage() {
  const p = useWords(t)
  const done = useSay()
  const say = useSaying()
  const { account, open } = useAccount()
  const [query, setQuery] = useSearchParams()
  const opened = query.get('category')
  const { data, error, loading, refetch } = useQuery(COVERAGE, { variables: { accountId: account.id }, fetchPolicy: 'cache-and-network' })
  const [setFallback, setting] = useAct(SET_FALLBACK)
  // Under way: shown as chosen until the answer is there.
  const [fallback, choose] = useState<boolean | null>(null)
  const found = data?.account
  if (!found?.notificationCoverage) {
    return loading ? <Skeleton h={420} radius="lg" /> : <Failed error={error} again={() => void refetch()} />
  }
  const again = () => refetch().then(() => {})
  // What nobody gets comes first, and of that what somebody must get.
  const weight = (c: Covered) => (c.gap ? (c.ownerFallback ? 1 : c.category.mandatory ? 3 : 2) : 0)
  const rows = [...found.notificationCoverage].sort((a, b) => weight(b) - weight(a))
  return (
    <section className="panel" aria-busy={loading}>
      <div className="bar">
        <Checkbox
          className="grow"
          label={p.fallback}
          description={p.fallbackText(found.owner?.name ?? p.ownerName)}
          checked={fallback ?? found.ownerFallback ?? false}
          disabled={!open}
          readOnly={setting}
          onChange={async (e) => {
            const on = e.currentTarget.checked
            if (setting) return
            choose(on)
            const { refusals } = await setFallback({ input: { accountId: account.id, ownerFallback: on } })
            done({ text: refusals.length ? refusals.map(say).join(' ') : on ? p.on : p.off })
            await again()
            choose(null)
          }}
        />
      </div>
      <ul className="list coverage">
        {rows.map((c) => (
          <Row
            key={c.category.key}
            covered={c}
            categories={rows.map((x) => x.category)}
            owner={found.owner?.name ?? p.ownerName}
            opened={opened === c.category.key}
            toggle={() => setQuery(opened === c.category.key ? { view: 'coverage' } : { view: 'coverage', category: c.category.key }, { replace: true })}
            changed={again}
          />
        ))}
      </ul>
    </section>
  )
}

function Row({ covered, categories, owner, opened, toggle, changed }: { covered: Covered; categories: Category[]; owner: string; opened: boolean; toggle: () => void; changed: () => Promise<void> }) {
  const p = useWords(t)
  const format = useFormat()
  const { base } = useAccount()
  const { category, gap, ownerFallback, recipients, recipientCount } = covered
  const names = recipients.slice(0, 3).map(nameOf)
  const rest = recipientCount - names.length
  const tone = !gap ? 'good' : ownerFallback ? 'care' : category.mandatory ? 'wrong' : ''
  return (
    <li className="todo split">
      <span className={`sign ${tone}`}>
        <Icon name={gap ? (ownerFallback || category.mandatory ? 'warning' : 'bell') : 'check'} />
      </span>
      <div className="grow">
        <span className="row tight">
          <strong>{category.label}</strong>
          {category.mandatory && (
            <Badge size="sm" variant="light" color="gray">
              {p.must}
            </Badge>
          )}
        </span>
        <p className="faint small wrap">{category.description}</p>
        <p className="small wrap">
          {gap ? (
            <span className={tone === 'wrong' ? 'bad' : tone === 'care' ? 'mild' : 'faint'}>{ownerFallback ? p.owner(owner) : p.nobody}</span>
          ) : (
            format.list([...names, ...(rest > 0 ? [p.more(rest)] : [])])
          )}
        </p>
        {opened && <Reasons category={category} categories={categories} gap={gap} changed={changed} />}
      </div>
      <div className="row">
        <Button size="sm" variant={gap && !opened ? 'light' : 'default'} onClick={toggle} aria-expanded={opened} aria-label={`${opened ? p.hide : gap ? p.mend : p.look}: ${category.label}`}>
          {opened ? p.hide : gap ? p.mend : p.look}
        </Button>
        {opened && gap && (
          <Button size="sm" variant="default" component={Link} href={`${base}/contacts/new?category=${encodeURIComponent(category.key)}`}>
            {p.add}
          </Button>
        )}
      </div>
    </li>
  )
}

// Who gets a category on a channel and who does not, each with the rule that decides and, where it can be, what changes it.
function Reasons({ category, categories, gap, changed }: { category: Category; categories: Category[]; gap: boolean; changed: () => Promise<void> }) {
  const p = useWords(t)
  const rule = useRule()
  const channelName = useChannel()
  const done = useSay()
  const say = useSaying()
  const { account, base, open } = useAccount()
  const [channel, setChannel] = useState<Channel>('EMAIL')
  const variables = { accountId: account.id, category: category.key, channel, after: undefined }
  const { data, previousData, error, loading, refetch, fetchMore } = useQuery(RECIPIENTS, { variables, fetchPolicy: 'cache-and-network' })
  const [set, setting] = useAct(SET_PREFERENCES)
  const [clear, clearing] = useAct(CLEAR)
  const page = (data ?? previousData)?.account?.recipients

  async function finish(refusals: Refusal[], who: string, text: string) {
    done({ text: refusals.some((r) => r.code === 'CONFLICT') ? p.conflict(who) : refusals.length ? refusals.map(say).join(' ') : text })
    await Promise.all([refetch(), changed()])
  }
  function mend(r: Recipient) {
    const contact = r.contact
    if (!contact || r.receives || r.throughParent || !open || r.rule === 'UNSUBSCRIBED') return null
    const who = nameOf(contact)
    const [label, run] =
      r.rule === 'SUPPRESSED'
        ? [p.clear, async () => finish((await clear({ input: { contactId: contact.id } })).refusals, who, p.cleared(who))]
        : [
            p.give,
            async () => {
              const preferences = input(wanting(copied(contact.preferences), categories, category, channel, true))
              await finish((await set({ input: { contactId: contact.id, version: contact.version, preferences } })).refusals, who, p.given(who, category.label))
            },
          ]
    return (
      <Button size="compact-sm" variant={gap ? 'light' : 'default'} disabled={setting || clearing} onClick={() => void (run as () => Promise<void>)()} aria-label={`${label as string}: ${who}`}>
        {label as string}
      </Button>
    )
  }

  return (
    <div className="reasons">
      <SegmentedControl size="xs" aria-label={p.channel} value={channel} onChange={(next) => setChannel(next as Channel)} data={channels.map((c) => ({ value: c as string, label: channelName(c) }))} />
      {!page ? (
        loading ? (
          <Skeleton h={96} />
        ) : (
          <Failed error={error} again={() => void refetch()} />
        )
      ) : page.nodes.length ? (
        <ul aria-busy={loading}>
          {page.nodes.map((r) => (
            <li key={r.contact?.id ?? r.email}>
              <span className={`dot ${r.receives ? 'good' : ''}`}>
                <Icon name={r.receives ? 'check' : 'close'} size={14} />
              </span>
              <span className="grow wrap small">
                {r.contact && !r.throughParent ? <Link href={`${base}/contacts/${r.contact.id}`}>{nameOf(r.contact)}</Link> : r.rule === 'OWNER_FALLBACK' ? p.ownerName : r.email}{' '}
                <span className="hidden">{r.receives ? p.gets : p.not}, </span>
                <span className="faint">
                  {rule(r.rule)}
                  {r.throughParent && ` · ${p.through}`}
                </span>
              </span>
              {mend(r)}
            </li>
          ))}
        </ul>
      ) : (
        <p className="faint small">{p.none}</p>
      )}
      {page?.pageInfo.hasNextPage && (
        <Button size="compact-sm" variant="subtle" loading={loading} onClick={() => void fetchMore({ variables: { after: page.pageInfo.endCursor } })}>
          {p.show}
        </Button>
      )}
    </div>
  )
}
