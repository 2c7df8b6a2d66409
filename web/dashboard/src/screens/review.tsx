import type { InMemoryCache } from '@apollo/client'
import { ActionIcon, Badge, Button, Menu, SegmentedControl, Skeleton } from '@mantine/core'
import { useRef, useState } from 'react'
import { Link } from 'wouter'
import { useAct } from '../api/act'
import { client } from '../api/client'
import { type Refusal, useSaying } from '../api/failure'
import { graphql, type ResultOf } from '../api/graphql'
import { useQuery } from '../api/query'
import { Confirm } from '../parts/confirm'
import { Icon } from '../parts/icons'
import { Empty, Face, Failed, Page, Panel } from '../parts/page'
import { useSay } from '../parts/said'
import { useAccount } from '../shell/account'
import { Ago, useFormat, useWords, words } from '../words'
import { VERIFY } from './contact/operations'
import { nameOf } from './contacts/wants'
import { Shield } from './people'
import { AccessEnd } from './people/end'
import { DEACTIVATE, REACTIVATE, REMOVE } from './people/operations'

const t = words({
  en: {
    title: 'Access review',
    lead: 'Who has access that they should perhaps not have any more. Take it away, give it an end, or say that it is right; once a quarter is a good habit.',
    last: 'The last review',
    never: 'Nobody has looked through it yet',
    neverText: 'Look at everybody below, mend what is not right, and confirm the rest. It is kept in the history who did, and whom they saw.',
    by: (who: string, when: string) => `${who} confirmed it on ${when}`,
    named: (members: number, idle: number, risky: number, outsiders: number) =>
      members === 0 ? 'No member was named.' : `${members === 1 ? 'One member was' : `${members} members were`} named: ${idle} not here for long, ${risky} with dangerous permissions, ${outsiders} from outside without an end.`,
    namedContacts: (n: number) => (n === 1 ? 'And one contact with an address that nobody confirmed.' : `And ${n} contacts with addresses that nobody confirmed.`),
    history: 'In the history',
    members: 'Members to look at',
    all: 'All',
    which: 'Named for what',
    IDLE: 'Long away',
    RISKY_GRANT: 'Risky',
    OUTSIDER_WITHOUT_END: 'Outsider',
    idle: (when: string) => `Was last here ${when}`,
    idleNever: (when: string) => `Has never been here, and joined ${when}`,
    outside: (domains: string) => `The address is not of ${domains}, and the access has no end`,
    owner: 'Owner',
    you: 'you',
    since: (date: string) => `member since ${date}`,
    here: 'last here',
    noMembers: 'No member is named',
    noMembersText: 'Everybody has been here lately, nobody but the owner holds what is dangerous, and whoever is from outside has an end.',
    more: (n: number, all: number) => `Show more: ${n} of ${all} are here`,
    actions: (who: string) => `What to do with ${who}`,
    change: 'Change permissions',
    setEnd: 'Set an end',
    open: 'Open',
    deactivate: 'Deactivate',
    remove: 'Remove',
    undo: 'Undo',
    deactivated: (who: string) => `${who} has no access any more. Roles and permissions are kept.`,
    reactivated: (who: string) => `${who} has access again.`,
    removeTitle: (who: string) => `Remove ${who}?`,
    removeText: (who: string, account: string) => `${who} loses access to ${account} at once, and roles and permissions here are forgotten. Other accounts of theirs stay as they are, and so does what they did in the history. They can be invited again.`,
    removed: (who: string) => `${who} was removed.`,
    contacts: 'Contacts to ask',
    contactsText: 'Nobody has said for a year that mail reaches the right person.',
    noContacts: 'For each contact somebody said within a year that the address is right, or it was added since.',
    verified: (when: string) => `confirmed ${when}`,
    added: (when: string) => `added ${when}, never confirmed`,
    waiting: (when: string) => `asked ${when}`,
    ask: 'Ask by mail',
    again: 'Ask again',
    asked: (email: string) => `A mail is on its way to ${email}.`,
    beside: 'Beside the review',
    besideText: 'The review names members and contacts. These have access as well, or will.',
    invitations: (n: number) => (n === 0 ? 'No invitation waits' : n === 1 ? 'One invitation waits for its answer' : `${n} invitations wait for an answer`),
    programs: (n: number) => (n === 0 ? 'No program has a token' : n === 1 ? 'One program has a token' : `${n} programs have tokens`),
    factors: (n: number) => (n === 0 ? 'Everybody has a second factor' : n === 1 ? 'One member has no second factor' : `${n} members have no second factor`),
    seen: 'Confirm the review',
    seenText: 'Say that whoever is named here now should have what they have. Nothing else changes.',
    unread: 'There are more: show all of them first.',
    suspended: 'The account is suspended: access can be taken away, and nothing confirmed.',
    confirm: 'Confirm',
    confirmTitle: 'Confirm the review?',
    confirmText: (members: number, contacts: number | null) =>
      `You say that ${members === 0 ? 'nobody has to be named' : members === 1 ? 'the one member who is named should have what they have' : `the ${members} members who are named should have what they have`}${contacts ? `, and that ${contacts === 1 ? 'one address' : `${contacts} addresses`} without a confirmation may stay` : ''}. The history keeps that you looked, and at whom.`,
    confirmed: 'The review is confirmed, and kept in the history.',
    changed: 'This has changed since you began to look: it names others by now, or with something else, or somebody confirmed it.',
    looked: 'Show it as it is now',
  },
  de: {
    title: 'Zugänge prüfen',
    lead: 'Wer Zugang hat und ihn vielleicht nicht mehr haben sollte. Nehmen Sie ihn, geben Sie ihm ein Ende, oder sagen Sie, dass er stimmt; einmal im Quartal ist eine gute Gewohnheit.',
    last: 'Die letzte Prüfung',
    never: 'Noch niemand hat die Zugänge geprüft',
    neverText: 'Sehen Sie alle unten an, richten Sie, was nicht stimmt, und bestätigen Sie den Rest. Der Verlauf behält, wer es war und wer genannt war.',
    by: (who: string, when: string) => `${who} hat sie am ${when} bestätigt`,
    named: (members: number, idle: number, risky: number, outsiders: number) =>
      members === 0 ? 'Kein Mitglied war genannt.' : `${members === 1 ? 'Ein Mitglied war' : `${members} Mitglieder waren`} genannt: ${idle} lange nicht da, ${risky} mit gefährlichen Rechten, ${outsiders} von außerhalb ohne Ende.`,
    namedContacts: (n: number) => (n === 1 ? 'Dazu ein Kontakt, dessen Adresse niemand bestätigt hat.' : `Dazu ${n} Kontakte, deren Adresse niemand bestätigt hat.`),
    history: 'Im Verlauf',
    members: 'Mitglieder zum Ansehen',
    all: 'Alle',
    which: 'Weshalb genannt',
    IDLE: 'Lange weg',
    RISKY_GRANT: 'Riskant',
    OUTSIDER_WITHOUT_END: 'Extern',
    idle: (when: string) => `War zuletzt ${when} da`,
    idleNever: (when: string) => `War noch nie da und ist seit ${when} Mitglied`,
    outside: (domains: string) => `Die Adresse ist nicht von ${domains}, und der Zugang hat kein Ende`,
    owner: 'Inhaber',
    you: 'Sie',
    since: (date: string) => `Mitglied seit ${date}`,
    here: 'zuletzt da',
    noMembers: 'Kein Mitglied ist genannt',
    noMembersText: 'Alle waren kürzlich da, außer dem Inhaber hat niemand Gefährliches, und wer von außerhalb ist, hat ein Ende.',
    more: (n: number, all: number) => `Mehr anzeigen: ${n} von ${all} sind hier`,
    actions: (who: string) => `Was mit ${who} geschehen soll`,
    change: 'Rechte ändern',
    setEnd: 'Ende setzen',
    open: 'Öffnen',
    deactivate: 'Deaktivieren',
    remove: 'Entfernen',
    undo: 'Rückgängig',
    deactivated: (who: string) => `${who} hat keinen Zugang mehr. Rollen und Rechte bleiben gespeichert.`,
    reactivated: (who: string) => `${who} hat wieder Zugang.`,
    removeTitle: (who: string) => `${who} entfernen?`,
    removeText: (who: string, account: string) => `${who} verliert sofort den Zugang zu ${account}, Rollen und Rechte hier werden vergessen. Andere Konten bleiben, wie sie sind, ebenso der Verlauf. Eine neue Einladung ist möglich.`,
    removed: (who: string) => `${who} wurde entfernt.`,
    contacts: 'Kontakte zum Fragen',
    contactsText: 'Seit einem Jahr hat niemand gesagt, dass die Post richtig ankommt.',
    noContacts: 'Für jeden Kontakt hat jemand binnen eines Jahres gesagt, dass die Adresse stimmt, oder er ist jünger.',
    verified: (when: string) => `bestätigt ${when}`,
    added: (when: string) => `angelegt ${when}, nie bestätigt`,
    waiting: (when: string) => `gefragt ${when}`,
    ask: 'Per Mail fragen',
    again: 'Noch einmal fragen',
    asked: (email: string) => `Eine Mail an ${email} ist unterwegs.`,
    beside: 'Neben der Prüfung',
    besideText: 'Die Prüfung nennt Mitglieder und Kontakte. Auch diese haben Zugang, oder bekommen ihn.',
    invitations: (n: number) => (n === 0 ? 'Keine Einladung wartet' : n === 1 ? 'Eine Einladung wartet auf Antwort' : `${n} Einladungen warten auf Antwort`),
    programs: (n: number) => (n === 0 ? 'Kein Programm hat ein Token' : n === 1 ? 'Ein Programm hat ein Token' : `${n} Programme haben Tokens`),
    factors: (n: number) => (n === 0 ? 'Alle haben einen zweiten Faktor' : n === 1 ? 'Ein Mitglied hat keinen zweiten Faktor' : `${n} Mitglieder haben keinen zweiten Faktor`),
    seen: 'Die Prüfung bestätigen',
    seenText: 'Sagen Sie, dass alle, die hier jetzt genannt sind, haben sollen, was sie haben. Sonst ändert sich nichts.',
    unread: 'Es sind noch mehr: Zeigen Sie erst alle an.',
    suspended: 'Das Konto ist gesperrt: Zugang kann genommen, aber nichts bestätigt werden.',
    confirm: 'Bestätigen',
    confirmTitle: 'Die Prüfung bestätigen?',
    confirmText: (members: number, contacts: number | null) =>
      `Sie sagen, dass ${members === 0 ? 'niemand zu nennen ist' : members === 1 ? 'das eine genannte Mitglied haben soll, was es hat' : `die ${members} genannten Mitglieder haben sollen, was sie haben`}${contacts ? `, und dass ${contacts === 1 ? 'eine Adresse' : `${contacts} Adressen`} ohne Bestätigung bleiben ${contacts === 1 ? 'darf' : 'dürfen'}` : ''}. Der Verlauf behält, dass Sie hingesehen haben, und auf wen.`,
    confirmed: 'Die Prüfung ist bestätigt und steht im Verlauf.',
    changed: 'Das hat sich geändert, seit Sie hinsehen: Jetzt sind andere genannt, oder mit etwas anderem, oder jemand hat es bestätigt.',
    looked: 'Zeigen, wie es jetzt ist',
  },
})

const REVIEW = graphql(`
  query AccessReview($accountId: ID!, $contacts: Boolean!, $developer: Boolean!, $members: Int! = 25, $after: String, $afterContact: String, $locale: String) {
    account(id: $accountId) {
      id
      lastAccessReview {
        version
        confirmedAt
        confirmedBy {
          name
        }
        members
        idleMembers
        riskyMembers
        outsidersWithoutEnd
        unverifiedContacts
      }
      accessReview {
        version
        domains
        members(first: $members, after: $after) {
          nodes {
            reasons
            risks {
              permission
              message(locale: $locale)
            }
            membership {
              id
              version
              state
              isOwner
              email
              user {
                id
                name
              }
              roles {
                id
                name(locale: $locale)
              }
              createdAt
              lastAccessAt
              accessEndsAt
              twoFactorEnabled
              blockedByPolicy
              twoFactorDueAt
            }
          }
          pageInfo {
            endCursor
            hasNextPage
          }
          totalCount
        }
        unverifiedContacts(first: 25, after: $afterContact) @include(if: $contacts) {
          nodes {
            id
            firstName
            lastName
            company
            email
            createdAt
            verifiedAt
            verificationSentAt
          }
          pageInfo {
            endCursor
            hasNextPage
          }
          totalCount
        }
      }
      policies {
        membersWithoutTwoFactor
      }
      invitations(state: PENDING, first: 1) {
        totalCount
      }
      apiTokens(first: 50) @include(if: $developer) {
        nodes {
          id
        }
      }
    }
  }
`)
const CONFIRM = graphql(`
  mutation ConfirmAccessReview($input: ConfirmAccessReviewInput!) {
    confirmAccessReview(input: $input) {
      review {
        version
        confirmedAt
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
type Found = NonNullable<ResultOf<typeof REVIEW>['account']>
type Review = NonNullable<Found['accessReview']>
type Named = NonNullable<Review['members']>['nodes'][number]
type Listed = NonNullable<Review['unverifiedContacts']>['nodes'][number]

// Both lists of a review grow by their pages.
type Pages = { nodes?: readonly unknown[] }
const grows = (cursor: string) => ({
  keyArgs: [] as string[],
  merge: (before: Pages | undefined, page: Pages, { variables }: { variables?: Record<string, unknown> }) => (before?.nodes && page?.nodes && variables?.[cursor] ? { ...page, nodes: [...before.nodes, ...page.nodes] } : page),
})
const cache = client.cache as InMemoryCache
cache.policies.addTypePolicies({
  Account: { fields: { accessReview: { merge: true } } },
  AccessReview: { fields: { members: grows('after'), unverifiedContacts: grows('afterContact') } },
})

const reasons = ['IDLE', 'RISKY_GRANT', 'OUTSIDER_WITHOUT_END'] as const
type Reason = (typeof reasons)[number]
const tones = { IDLE: 'gray', RISKY_GRANT: 'red', OUTSIDER_WITHOUT_END: 'yellow' }

/** Who has access that they should perhaps not have: to be mended, or confirmed. */
export default function Review({ viewerId }: { viewerId: string }) {
  const p = useWords(t)
  const done = useSay()
  const { account, base, can, open } = useAccount()
  const variables = { accountId: account.id, contacts: can('contacts'), developer: can('developer'), after: undefined, afterContact: undefined }
  const { data, error, loading, refetch, fetchMore } = useQuery(REVIEW, { variables, fetchPolicy: 'cache-and-network' })
  const [confirm] = useAct(CONFIRM)
  const [confirming, ask] = useState(false)
  const [reason, choose] = useState<Reason | ''>('')
  const top = useRef<HTMLDivElement>(null)
  const found = data?.account
  const review = found?.accessReview
  const members = review?.members
  const contacts = review?.unverifiedContacts

  // What is confirmed is what was looked at. The version tells whether that is still it: what one
  // changes oneself is looked at anew without a word, what others change is told.
  const [seen, see] = useState<string>()
  const acting = useRef(false)
  if (review && seen === undefined) see(review.version)
  const changed = !!review && seen !== undefined && seen !== review.version && !acting.current
  const own = async <T,>(act: () => Promise<T>): Promise<T> => {
    acting.current = true
    try {
      return await act()
    } finally {
      const before = members?.nodes.length ?? 0
      const { data: now } = await refetch().catch(() => ({ data: undefined }))
      // As many are shown as before, so that nobody has to begin anew after each that was mended.
      let page = now?.account?.accessReview?.members
      for (let n = page?.nodes.length ?? 0; page?.pageInfo.hasNextPage && n < before - 1; n += page?.nodes.length ?? 0) {
        page = (await fetchMore({ variables: { after: page.pageInfo.endCursor } })).data?.account?.accessReview?.members
      }
      acting.current = false
      see(now?.account?.accessReview?.version)
    }
  }

  const rest = !!members?.pageInfo.hasNextPage || !!contacts?.pageInfo.hasNextPage
  const all = members?.nodes ?? []
  const there = reasons.filter((r) => all.some((m) => m.reasons.includes(r)))
  const filter = there.find((r) => r === reason)
  const shown = filter ? all.filter((m) => m.reasons.includes(filter)) : all
  const last = found?.lastAccessReview
  const why = !open ? p.suspended : rest ? p.unread : null

  return (
    <Page title={p.title} lead={p.lead} shown={{ document: REVIEW, variables }}>
      {!review && !loading ? (
        <Failed error={error} again={() => void refetch()} />
      ) : (
        <>
          <div ref={top} role="status" tabIndex={-1}>
            {changed && (
              <p className="notice apart">
                <Icon name="warning" />
                <span>{p.changed}</span>
                <Button size="compact-sm" variant="default" onClick={() => see(review.version)}>
                  {p.looked}
                </Button>
              </p>
            )}
          </div>
          <Panel title={p.last} body={!review}>
            {!review ? <Skeleton h={48} /> : last ? <Last last={last} base={base} /> : <Never />}
          </Panel>
          <Panel title={p.members} body={false} actions={!!members?.totalCount && <Badge color="yellow" variant="light">{members.totalCount}</Badge>}>
            {!members ? (
              <Waiting />
            ) : members.nodes.length ? (
              <>
                {there.length > 1 && (
                  <div className="bar">
                    <SegmentedControl aria-label={p.which} value={filter ?? ''} onChange={(next) => choose(next as Reason | '')} data={[{ value: '', label: p.all }, ...there.map((r) => ({ value: r as string, label: p[r] }))]} />
                  </div>
                )}
                <ul className="list reviewed">
                  {shown.map((m) => (
                    <Member key={m.membership.id} named={m} domains={review.domains} mine={m.membership.user?.id === viewerId} own={own} />
                  ))}
                </ul>
                {members.pageInfo.hasNextPage && (
                  <div className="bar">
                    <Button variant="subtle" fullWidth loading={loading} onClick={() => void fetchMore({ variables: { after: members.pageInfo.endCursor } })}>
                      {p.more(members.nodes.length, members.totalCount ?? 0)}
                    </Button>
                  </div>
                )}
              </>
            ) : (
              <Empty icon="check" title={p.noMembers} text={p.noMembersText} />
            )}
          </Panel>
          {variables.contacts && (
            <Panel title={p.contacts} body={false} actions={!!contacts?.totalCount && <Badge color="yellow" variant="light">{contacts.totalCount}</Badge>}>
              {!review ? (
                <Waiting />
              ) : contacts?.nodes.length ? (
                <>
                  <p className="bar faint">{p.contactsText}</p>
                  <ul className="list reviewed">
                    {contacts.nodes.map((c) => (
                      <Contact key={c.id} contact={c} own={own} />
                    ))}
                  </ul>
                  {contacts.pageInfo.hasNextPage && (
                    <div className="bar">
                      <Button variant="subtle" fullWidth loading={loading} onClick={() => void fetchMore({ variables: { afterContact: contacts.pageInfo.endCursor } })}>
                        {p.more(contacts.nodes.length, contacts.totalCount ?? 0)}
                      </Button>
                    </div>
                  )}
                </>
              ) : (
                <p className="body faint">{p.noContacts}</p>
              )}
            </Panel>
          )}
          <Panel title={p.beside}>
            <p className="faint">{p.besideText}</p>
            {found && (
              <ul className="beside">
                <li>
                  <Link href={`${base}/people?state=INVITED`}>{p.invitations(found.invitations?.totalCount ?? 0)}</Link>
                </li>
                {found.apiTokens && (
                  <li>
                    <Link href={`${base}/programs`}>{p.programs(found.apiTokens.nodes.length)}</Link>
                  </li>
                )}
                {typeof found.policies?.membersWithoutTwoFactor === 'number' && (
                  <li>
                    <Link href={`${base}/people?factor=no`}>{p.factors(found.policies.membersWithoutTwoFactor)}</Link>
                  </li>
                )}
              </ul>
            )}
          </Panel>
          <Panel title={p.seen}>
            <div className="stack">
              <p>{p.seenText}</p>
              <div className="row">
                <Button leftSection={<Icon name="check" size={16} />} disabled={!review || !!why || changed} onClick={() => ask(true)}>
                  {p.confirm}
                </Button>
                {(why || changed) && <span className="faint small">{why ?? p.changed}</span>}
              </div>
            </div>
          </Panel>
        </>
      )}
      {confirming && review && seen && (
        <Confirm
          title={p.confirmTitle}
          label={p.confirm}
          close={() => ask(false)}
          act={async () => {
            const { payload, refusals } = await confirm({ input: { accountId: account.id, version: seen } })
            if (refusals.some((r) => r.code === 'CONFLICT')) {
              // What it is by now is asked for, and the difference told above.
              await refetch()
              setTimeout(() => top.current?.focus())
              return []
            }
            if (refusals.length) return refusals
            await own(async () => payload)
            done({ text: p.confirmed })
            return []
          }}
        >
          {p.confirmText(members?.totalCount ?? 0, contacts?.totalCount ?? null)}
        </Confirm>
      )}
    </Page>
  )
}

function Waiting() {
  return (
    <div className="body stack" aria-busy="true">
      <Skeleton h={52} />
      <Skeleton h={52} />
    </div>
  )
}

function Never() {
  const p = useWords(t)
  return (
    <div className="looked">
      <span className="sign care">
        <Icon name="shield" />
      </span>
      <div className="grow">
        <strong>{p.never}</strong>
        <p className="faint small">{p.neverText}</p>
      </div>
    </div>
  )
}

function Last({ last, base }: { last: NonNullable<Found['lastAccessReview']>; base: string }) {
  const p = useWords(t)
  const format = useFormat()
  const { can } = useAccount()
  return (
    <div className="looked">
      <span className="sign good">
        <Icon name="check" />
      </span>
      <div className="grow">
        <strong className="wrap">{p.by(last.confirmedBy.name, format.date(last.confirmedAt))}</strong>{' '}
        <span className="faint small">
          <Ago at={last.confirmedAt} />
        </span>
        <p className="faint small wrap">
          {p.named(last.members, last.idleMembers, last.riskyMembers, last.outsidersWithoutEnd)} {!!last.unverifiedContacts && p.namedContacts(last.unverifiedContacts)}
        </p>
      </div>
      {can('audit') && (
        <div className="row">
          <Button component={Link} href={`${base}/history`} size="sm" variant="default">
            {p.history}
          </Button>
        </div>
      )}
    </div>
  )
}

type Own = <T>(act: () => Promise<T>) => Promise<T>

function Member({ named, domains, mine, own }: { named: Named; domains: readonly string[]; mine: boolean; own: Own }) {
  const p = useWords(t)
  const done = useSay()
  const say = useSaying()
  const format = useFormat()
  const { account, base, open } = useAccount()
  const [deactivate, deactivating] = useAct(DEACTIVATE)
  const [reactivate] = useAct(REACTIVATE)
  const [remove] = useAct(REMOVE)
  const [asked, ask] = useState<'end' | 'remove' | null>(null)
  const m = named.membership
  const who = m.user?.name || m.email || ''
  const to = `${base}/people/${m.id}`
  const editable = !m.isOwner && !mine
  const has = (r: Reason) => named.reasons.includes(r)
  const told = (refusals: Refusal[], text: string, undo?: () => void) => done({ text: refusals.length ? refusals.map(say).join(' ') : text, undo: undo && !refusals.length ? { label: p.undo, run: undo } : undefined })
  // What they get back was there a moment ago, so undoing asks nothing again.
  const back = () => void own(async () => told((await reactivate({ input: { membershipId: m.id, acknowledgeRisks: true } })).refusals, p.reactivated(who)))
  const out = () => own(async () => told((await deactivate({ input: { membershipId: m.id } })).refusals, p.deactivated(who), open ? back : undefined))

  return (
    <li className="todo">
      <Face name={who} />
      <div className="grow stack tight">
        <span className="row tight">
          <strong className="wrap">
            <Link href={to}>{who}</Link>
          </strong>
          {mine && <span className="faint small">({p.you})</span>}
          {m.isOwner && (
            <Badge size="sm" variant="light" color="green">
              {p.owner}
            </Badge>
          )}
          {reasons.filter(has).map((r) => (
            <Badge key={r} size="sm" variant="light" color={tones[r]}>
              {p[r]}
            </Badge>
          ))}
          <Shield on={m.twoFactorEnabled} blocked={m.blockedByPolicy} due={m.twoFactorDueAt} />
        </span>
        <p className="faint small wrap">
          {m.email}
          {!!m.roles?.length && ` · ${m.roles.map((r) => r.name).join(', ')}`} · {p.since(format.date(m.createdAt))}
          {m.lastAccessAt && !has('IDLE') && (
            <>
              {' '}
              · {p.here} <Ago at={m.lastAccessAt} />
            </>
          )}
        </p>
        <ul className="whys small">
          {has('IDLE') && <li>{m.lastAccessAt ? p.idle(format.ago(m.lastAccessAt)) : p.idleNever(format.ago(m.createdAt))}</li>}
          {named.risks.map((r) => (
            <li key={r.permission ?? r.message}>{r.message}</li>
          ))}
          {has('OUTSIDER_WITHOUT_END') && <li>{p.outside(format.list([...domains]))}</li>}
        </ul>
        {editable && (
          <div className="row tight">
            {has('OUTSIDER_WITHOUT_END') && (
              <Button size="compact-sm" variant="default" onClick={() => ask('end')} aria-label={`${p.setEnd}: ${who}`}>
                {p.setEnd}
              </Button>
            )}
            {has('RISKY_GRANT') && (
              <Button component={Link} href={to} size="compact-sm" variant="default" aria-label={`${p.change}: ${who}`}>
                {p.change}
              </Button>
            )}
            <Button size="compact-sm" variant="default" loading={deactivating} onClick={() => void out()} aria-label={`${p.deactivate}: ${who}`}>
              {p.deactivate}
            </Button>
          </div>
        )}
      </div>
      {editable && (
        <Menu>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={p.actions(who)}>
              <Icon name="more" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item component={Link} href={to}>
              {p.open}
            </Menu.Item>
            <Menu.Item onClick={() => ask('end')}>{p.setEnd}</Menu.Item>
            <Menu.Item onClick={() => void out()}>{p.deactivate}</Menu.Item>
            <Menu.Divider />
            <Menu.Item color="red" onClick={() => ask('remove')}>
              {p.remove}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {asked === 'end' && <AccessEnd member={m} who={who} changed={() => own(async () => {})} close={() => ask(null)} />}
      {asked === 'remove' && (
        <Confirm
          title={p.removeTitle(who)}
          label={p.remove}
          danger
          close={() => ask(null)}
          act={async () => {
            const { refusals } = await own(() => remove({ input: { membershipId: m.id } }))
            if (!refusals.length) done({ text: p.removed(who) })
            return refusals
          }}
        >
          {p.removeText(who, account.name)}
        </Confirm>
      )}
    </li>
  )
}

function Contact({ contact, own }: { contact: Listed; own: Own }) {
  const p = useWords(t)
  const done = useSay()
  const say = useSaying()
  const format = useFormat()
  const { base, open } = useAccount()
  const [verify, verifying] = useAct(VERIFY)
  const who = nameOf(contact)
  const label = contact.verificationSentAt ? p.again : p.ask
  return (
    <li className="todo">
      <Face name={who} />
      <div className="grow stack tight">
        <strong className="wrap">
          <Link href={`${base}/contacts/${contact.id}`}>{who}</Link>
        </strong>
        <p className="faint small wrap">
          {who !== contact.email && `${contact.email} · `}
          {contact.verifiedAt ? p.verified(format.ago(contact.verifiedAt)) : p.added(format.ago(contact.createdAt))}
          {contact.verificationSentAt && ` · ${p.waiting(format.ago(contact.verificationSentAt))}`}
        </p>
      </div>
      <Button
        size="compact-sm"
        variant="default"
        loading={verifying}
        disabled={!open}
        aria-label={`${label}: ${who}`}
        onClick={() => own(async () => {
          const { refusals } = await verify({ input: { contactId: contact.id } })
          done({ text: refusals.length ? refusals.map(say).join(' ') : p.asked(contact.email) })
        })}
      >
        {label}
      </Button>
    </li>
  )
}
