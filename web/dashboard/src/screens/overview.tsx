import { Button, Skeleton } from '@mantine/core'
import { type ReactNode, Suspense } from 'react'
import { Link } from 'wouter'
import { graphql, type ResultOf } from '../api/graphql'
import { useQuery } from '../api/query'
import { iconOf, useTelling } from '../parts/events'
import { Icon, type IconName } from '../parts/icons'
import { late } from '../parts/late'
import { Empty, Failed, Page, Panel } from '../parts/page'
import { useAccount } from '../shell/account'
import { Ago, useFormat, useWords, words } from '../words'

const Answer = late(() => import('../parts/transfer'), 'corner')

const t = words({
  en: {
    owner: 'You own this account.',
    member: (roles: string) => (roles ? `You are here as ${roles}.` : 'You are a member of this account.'),
    through: (parent: string) => `A sub-account of ${parent}, which you reach through it.`,
    attention: 'Needs attention',
    fine: 'Nothing needs your attention',
    fineText: 'Invitations, addresses and second factors are as they should be.',
    history: 'What happened lately',
    quiet: 'Nothing has happened yet',
    quietText: 'What people do in this account is written down here.',
    about: 'This account',
    ownerIs: 'Owner',
    yours: 'Your permissions',
    permissions: (n: number) => (n === 1 ? 'one permission' : `${n} permissions`),
    none: 'none yet',
    subs: 'Sub-accounts',
    people: 'People',
    active: (n: number) => `${n} active`,
    invited: (n: number) => `${n} invited`,
    look: 'See them',
    offered: (from: string) => `${from} offers you this account`,
    offeredText: (until: string) => `If you accept, it is yours at once, with everything it owes and owns. The offer stands until ${until}.`,
    assigned: (to: string) => `This account goes to ${to}`,
    assignedText: (when: string) => `The company started it since the owner is gone. It takes effect on ${when}, unless owner or nominee say no.`,
    offering: (to: string) => `You offered this account to ${to}`,
    offeringText: (until: string) => `It is yours until they accept. The offer stands until ${until}.`,
    lapsing: (n: number) => (n === 1 ? 'An invitation lapses soon' : `${n} invitations lapse soon`),
    waiting: (n: number) => (n === 1 ? 'An invitation waits for its answer' : `${n} invitations wait for an answer`),
    gap: (labels: string) => `Nobody gets notifications about ${labels}`,
    quoted: (label: string) => `“${label}”`,
    gapText: 'Choose a contact for them, or nobody will hear of it.',
    fallback: (labels: string) => `Notifications about ${labels} go to the owner`,
    fallbackText: 'Somebody has to get them, and no contact does.',
    bounced: (email: string) => `Mail to ${email} comes back`,
    factors: (n: number) => (n === 1 ? 'One member has no second factor' : `${n} members have no second factor`),
    factorsText: (from: string) => `This account asks for one from ${from} on; without it they are kept out.`,
    token: (name: string) => `The API token “${name}” stops working soon`,
    tokenText: (when: string) => `It is good until ${when}. What uses it needs a new one.`,
    tokenOver: (name: string) => `The API token “${name}” no longer works`,
    tokenExpired: (when: string) => `It was good until ${when}.`,
    tokenLost: 'Whoever made it has lost what it was made for.',
    webhook: (name: string) => `The webhook “${name}” was switched off`,
    webhookText: 'It accepted no call for five days.',
  },
  de: {
    owner: 'Dieses Konto gehört Ihnen.',
    member: (roles: string) => (roles ? `Sie sind hier als ${roles}.` : 'Sie sind Mitglied dieses Kontos.'),
    through: (parent: string) => `Ein Unterkonto von ${parent}, über das Sie es erreichen.`,
    attention: 'Braucht Aufmerksamkeit',
    fine: 'Nichts braucht Ihre Aufmerksamkeit',
    fineText: 'Einladungen, Adressen und zweite Faktoren sind, wie sie sein sollen.',
    history: 'Was zuletzt geschah',
    quiet: 'Noch ist nichts geschehen',
    quietText: 'Was in diesem Konto getan wird, steht dann hier.',
    about: 'Dieses Konto',
    ownerIs: 'Inhaber',
    yours: 'Ihre Rechte',
    permissions: (n: number) => (n === 1 ? 'ein Recht' : `${n} Rechte`),
    none: 'noch keine',
    subs: 'Unterkonten',
    people: 'Personen',
    active: (n: number) => `${n} aktiv`,
    invited: (n: number) => `${n} eingeladen`,
    look: 'Ansehen',
    offered: (from: string) => `${from} bietet Ihnen dieses Konto an`,
    offeredText: (until: string) => `Wenn Sie annehmen, gehört es sofort Ihnen, mit allem, was es hat und schuldet. Das Angebot gilt bis ${until}.`,
    assigned: (to: string) => `Dieses Konto geht an ${to}`,
    assignedText: (when: string) => `Das Unternehmen hat es begonnen, weil der Inhaber nicht mehr da ist. Es gilt ab ${when}, außer jemand von beiden sagt Nein.`,
    offering: (to: string) => `Sie haben dieses Konto ${to} angeboten`,
    offeringText: (until: string) => `Bis zur Annahme gehört es Ihnen. Das Angebot gilt bis ${until}.`,
    lapsing: (n: number) => (n === 1 ? 'Eine Einladung läuft bald ab' : `${n} Einladungen laufen bald ab`),
    waiting: (n: number) => (n === 1 ? 'Eine Einladung wartet auf Antwort' : `${n} Einladungen warten auf Antwort`),
    gap: (labels: string) => `Niemand bekommt Benachrichtigungen über ${labels}`,
    quoted: (label: string) => `„${label}“`,
    gapText: 'Wählen Sie einen Kontakt dafür, sonst erfährt es niemand.',
    fallback: (labels: string) => `Benachrichtigungen über ${labels} gehen an den Inhaber`,
    fallbackText: 'Jemand muss sie bekommen, und kein Kontakt tut es.',
    bounced: (email: string) => `Post an ${email} kommt zurück`,
    factors: (n: number) => (n === 1 ? 'Ein Mitglied hat keinen zweiten Faktor' : `${n} Mitglieder haben keinen zweiten Faktor`),
    factorsText: (from: string) => `Dieses Konto verlangt ihn ab ${from}; ohne ihn bleibt man draußen.`,
    token: (name: string) => `Das API-Token „${name}“ gilt nicht mehr lange`,
    tokenText: (when: string) => `Es gilt bis ${when}. Was es benutzt, braucht ein neues.`,
    tokenOver: (name: string) => `Das API-Token „${name}“ gilt nicht mehr`,
    tokenExpired: (when: string) => `Es galt bis ${when}.`,
    tokenLost: 'Wer es gemacht hat, hat das verloren, wofür es da ist.',
    webhook: (name: string) => `Der Webhook „${name}“ wurde abgeschaltet`,
    webhookText: 'Er nahm fünf Tage lang keinen Aufruf an.',
  },
})

const OVERVIEW = graphql(`
  query Overview($accountId: ID!, $users: Boolean!, $contacts: Boolean!, $audit: Boolean!, $developer: Boolean!, $locale: String) {
    account(id: $accountId) {
      id
      subAccounts(first: 25) {
        nodes {
          id
          name
        }
      }
      pendingOwnershipTransfer {
        id
        from {
          id
          name
        }
        to {
          id
          name
        }
        expiresAt
        takesEffectAt
      }
      policies {
        requireTwoFactor
        twoFactorFrom
        parentTwoFactorFrom
        membersWithoutTwoFactor
      }
      active: memberships(state: ACTIVE, first: 1) @include(if: $users) {
        totalCount
      }
      pending: invitations(state: PENDING, first: 25) @include(if: $users) {
        nodes {
          id
          email
          name
          expiresAt
        }
        totalCount
      }
      notificationCoverage @include(if: $contacts) {
        category {
          key
          label(locale: $locale)
          mandatory
        }
        gap
        ownerFallback
      }
      contacts(first: 100) @include(if: $contacts) {
        nodes {
          id
          email
          suppression {
            reason
            suppressedAt
          }
        }
      }
      apiTokens(first: 50) @include(if: $developer) {
        nodes {
          id
          name
          state
          expiresAt
        }
      }
      webhooks(first: 10) @include(if: $developer) {
        nodes {
          id
          url
          description
          state
        }
      }
      auditLog(first: 10) @include(if: $audit) {
        nodes {
          id
          action
          actor {
            kind
            name
          }
          targetName
          createdAt
        }
      }
    }
    viewer {
      id
    }
  }
`)
type Data = ResultOf<typeof OVERVIEW>

const soon = 2 * 86_400_000
const fortnight = 14 * 86_400_000
const within = (time: string, span: number) => new Date(time).getTime() - Date.now() < span

type Item = { key: string; tone: 'wrong' | 'care' | 'new'; icon: IconName; title: string; text: string; to?: string; actions?: ReactNode }

/** An account at a glance: what needs somebody, and what happened. */
export default function Overview() {
  const p = useWords(t)
  const { account, base, can } = useAccount()
  const variables = { accountId: account.id, users: can('users'), contacts: can('contacts'), audit: can('audit'), developer: can('developer') }
  const { data, error, loading, refetch } = useQuery(OVERVIEW, { variables, fetchPolicy: 'cache-and-network' })
  const found = data?.account
  const items = useAttention(data, base, () => void refetch())
  const tell = useTelling()
  const roles = account.viewerMembership?.roles?.map((r) => r.name).join(', ') ?? ''
  const lead = account.viewerMembership?.isOwner ? p.owner : account.viewerMembership ? p.member(roles) : account.parent ? p.through(account.parent.name) : p.owner

  return (
    <Page title={account.name} lead={lead} shown={{ document: OVERVIEW, variables }}>
      {!found && !loading ? (
        <Failed error={error} again={() => void refetch()} />
      ) : (
        <>
          <Panel title={p.attention} body={false} actions={items.length > 0 && <span className="many">{items.length}</span>}>
            {!found ? (
              <Waiting rows={3} />
            ) : items.length ? (
              <ul className="list">
                {items.map((item) => (
                  <li key={item.key} className="todo split">
                    <span className={`sign ${item.tone}`}>
                      <Icon name={item.icon} />
                    </span>
                    <div className="grow">
                      <strong className="wrap">{item.title}</strong>
                      <p className="faint small wrap">{item.text}</p>
                    </div>
                    {item.actions ??
                      (item.to && (
                        <div className="row">
                          <Button component={Link} href={item.to} size="sm" variant="default" aria-label={`${p.look}: ${item.title}`}>
                            {p.look}
                          </Button>
                        </div>
                      ))}
                  </li>
                ))}
              </ul>
            ) : (
              <Empty icon="check" title={p.fine} text={p.fineText} />
            )}
          </Panel>
          <div className="two">
            {variables.audit && (
              <Panel title={p.history} body={false}>
                {!found ? (
                  <Waiting rows={6} />
                ) : found.auditLog?.nodes.length ? (
                  <ul className="list events">
                    {found.auditLog.nodes.map((e) => (
                      <li key={e.id}>
                        <span className="sign">
                          <Icon name={iconOf(e.action)} />
                        </span>
                        <span className="grow wrap">{tell(e)}</span>
                        <span className="faint small">
                          <Ago at={e.createdAt} />
                        </span>
                      </li>
                    ))}
                  </ul>
                ) : (
                  <Empty icon="clock" title={p.quiet} text={p.quietText} />
                )}
              </Panel>
            )}
            <Panel title={p.about}>
              <dl className="facts">
                <dt>{p.ownerIs}</dt>
                <dd>{account.owner?.name}</dd>
                <dt>{p.yours}</dt>
                <dd>{account.viewerPermissions.length ? p.permissions(account.viewerPermissions.length) : p.none}</dd>
                {variables.users && (
                  <>
                    <dt>{p.people}</dt>
                    <dd>
                      {found ? (
                        <Link href={`${base}/people`}>
                          {p.active(found.active?.totalCount ?? 0)}
                          {(found.pending?.totalCount ?? 0) > 0 && `, ${p.invited(found.pending?.totalCount ?? 0)}`}
                        </Link>
                      ) : (
                        <Skeleton h={22} w={120} />
                      )}
                    </dd>
                  </>
                )}
                {!!found?.subAccounts?.nodes.length && (
                  <>
                    <dt>{p.subs}</dt>
                    <dd>
                      <ul>
                        {found.subAccounts.nodes.map((s) => (
                          <li key={s.id}>
                            <Link href={`/accounts/${s.id}`}>{s.name}</Link>
                          </li>
                        ))}
                      </ul>
                    </dd>
                  </>
                )}
              </dl>
            </Panel>
          </div>
        </>
      )}
    </Page>
  )
}

function Waiting({ rows }: { rows: number }) {
  return (
    <div className="body stack" aria-busy="true">
      {Array.from({ length: rows }, (_, i) => (
        <Skeleton key={i} h={38} />
      ))}
    </div>
  )
}

function useAttention(data: Data | undefined, base: string, changed: () => void): Item[] {
  const p = useWords(t)
  const format = useFormat()
  const found = data?.account
  if (!found) return []
  const items: Item[] = []
  const people = `${base}/people`
  const contacts = `${base}/contacts`
  const coverage = (all: { category: { key: string } }[]) => `${contacts}?view=coverage&category=${all[0]?.category.key}`

  const transfer = found.pendingOwnershipTransfer
  if (transfer) {
    const mine = transfer.to.id === data?.viewer?.id
    const owners = transfer.from.id === data?.viewer?.id
    const until = format.moment(transfer.takesEffectAt ?? transfer.expiresAt ?? '')
    items.push({
      key: transfer.id,
      tone: 'new',
      icon: 'hand',
      title: transfer.takesEffectAt ? p.assigned(transfer.to.name) : mine ? p.offered(transfer.from.name) : owners ? p.offering(transfer.to.name) : p.assigned(transfer.to.name),
      text: transfer.takesEffectAt ? p.assignedText(until) : mine ? p.offeredText(until) : p.offeringText(until),
      actions: (mine || owners) && (
        <Suspense>
          <Answer transfer={transfer} mine={mine} changed={changed} />
        </Suspense>
      ),
    })
  }

  const required = found.policies?.requireTwoFactor || found.policies?.parentTwoFactorFrom
  const without = found.policies?.membersWithoutTwoFactor ?? 0
  if (required && without) {
    const from = [found.policies?.twoFactorFrom, found.policies?.parentTwoFactorFrom].filter((d) => d !== null && d !== undefined).sort()[0]
    items.push({ key: 'factors', tone: 'wrong', icon: 'unshielded', title: p.factors(without), text: p.factorsText(from ? format.date(from) : ''), to: `${people}?factor=no` })
  }

  for (const c of found.contacts?.nodes ?? []) {
    if (c.suppression) items.push({ key: c.id, tone: 'wrong', icon: 'mail', title: p.bounced(c.email), text: c.suppression.reason, to: `${contacts}/${c.id}` })
  }
  const gaps = (found.notificationCoverage ?? []).filter((c) => c.gap)
  const labels = (all: typeof gaps) => format.list(all.map((c) => p.quoted(c.category.label)))
  const uncovered = gaps.filter((c) => !c.ownerFallback)
  const covered = gaps.filter((c) => c.ownerFallback)
  if (uncovered.length) items.push({ key: 'gap', tone: uncovered.some((c) => c.category.mandatory) ? 'wrong' : 'care', icon: 'bell', title: p.gap(labels(uncovered)), text: p.gapText, to: coverage(uncovered) })
  if (covered.length) items.push({ key: 'fallback', tone: 'care', icon: 'bell', title: p.fallback(labels(covered)), text: p.fallbackText, to: coverage(covered) })
  for (const { id, url, description, state } of found.webhooks?.nodes ?? []) {
    if (state === 'FAILING') items.push({ key: id, tone: 'wrong', icon: 'link', title: p.webhook(description || url), text: p.webhookText, to: `${base}/webhooks/${id}` })
  }
  for (const { id, name, state, expiresAt } of found.apiTokens?.nodes ?? []) {
    const token = { key: id, icon: 'code', to: `${base}/programs` } as const
    const lost = state === 'CREATOR_LOST_ACCESS'
    // What expired long ago is missed by nobody.
    if (lost || (state === 'EXPIRED' && !within(expiresAt!, -fortnight))) items.push({ ...token, tone: 'wrong', title: p.tokenOver(name), text: lost ? p.tokenLost : p.tokenExpired(format.date(expiresAt!)) })
    else if (state === 'ACTIVE' && expiresAt && within(expiresAt, fortnight)) items.push({ ...token, tone: 'care', title: p.token(name), text: p.tokenText(format.date(expiresAt)) })
  }

  const who = (all: { name: string; email: string }[]) => format.list(all.map((i) => i.name || i.email))
  const pending = found.pending?.nodes ?? []
  const lapsing = pending.filter((i) => within(i.expiresAt, soon))
  const others = (found.pending?.totalCount ?? 0) - lapsing.length
  if (lapsing.length) items.push({ key: 'lapsing', tone: 'care', icon: 'clock', title: p.lapsing(lapsing.length), text: who(lapsing), to: `${people}?state=INVITED` })
  if (others > 0) items.push({ key: 'waiting', tone: 'new', icon: 'mail', title: p.waiting(others), text: who(pending.filter((i) => !lapsing.includes(i))), to: `${people}?state=INVITED` })
  return items
}
