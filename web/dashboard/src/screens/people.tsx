import { ActionIcon, Badge, Button, Menu, SegmentedControl, Skeleton, TextInput, Tooltip } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { Suspense, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { useAct } from '../api/act'
import { useSaying } from '../api/failure'
import { type ResultOf } from '../api/graphql'
import { useQuery } from '../api/query'
import { Confirm } from '../parts/confirm'
import { Icon } from '../parts/icons'
import { late } from '../parts/late'
import { Empty, Face, Failed, Page } from '../parts/page'
import { useSay } from '../parts/said'
import { useAccount } from '../shell/account'
import { Ago, useFormat, useWords, words } from '../words'
import { CANCEL, DEACTIVATE, PEOPLE, REACTIVATE, REMOVE, RESEND } from './people/operations'
import { type Question, Reactivate } from './people/reactivate'

const Invite = late(() => import('./people/invite'), 'corner')

const t = words({
  en: {
    title: 'People',
    lead: 'Everybody who belongs to this account, and everybody who was asked to.',
    invite: 'Invite people',
    review: 'Review access',
    search: 'Search by name or address',
    filter: 'Which people',
    all: 'All',
    ACTIVE: 'Active',
    INVITED: 'Invited',
    DEACTIVATED: 'Deactivated',
    factorOnly: 'without a second factor',
    factorOff: 'Show everybody',
    owner: 'Owner',
    access: 'Last access',
    actions: (who: string) => `What to do with ${who}`,
    never: 'never',
    none: 'no roles',
    secured: 'Signs in with a second factor',
    unsecured: 'Signs in without a second factor',
    blocked: 'Kept out: this account asks for a second factor',
    due: (date: string) => `Has to turn a second factor on by ${date}`,
    through: 'through the parent',
    you: 'you',
    until: (when: string) => `lapses ${when}`,
    ends: (date: string) => `access until ${date}`,
    ended: (date: string) => `access ended on ${date}`,
    more: 'Show more',
    empty: 'Nobody is here',
    emptySearch: 'Nobody has such a name or address. Try less of it, or another state.',
    emptyText: 'Invite the people who work for this account. They get exactly the permissions that you choose.',
    open: 'Open',
    resend: 'Send the invitation again',
    copy: 'Copy a link to hand over',
    withdraw: 'Withdraw the invitation',
    deactivate: 'Deactivate',
    reactivate: 'Reactivate',
    remove: 'Remove',
    resent: (who: string) => `The invitation is on its way to ${who} again.`,
    linkTitle: (who: string) => `Make a link for ${who}?`,
    linkText: 'You hand it over yourself. The link in a mail that was sent before stops working at once.',
    makeLink: 'Make and copy',
    copied: 'A new link is copied. Links sent before no longer work.',
    withdrawTitle: (who: string) => `Withdraw the invitation of ${who}?`,
    withdrawText: 'The link in the mail stops working at once. You can invite them again at any time.',
    withdrawn: (who: string) => `The invitation of ${who} is withdrawn.`,
    deactivated: (who: string) => `${who} has no access any more. Roles and permissions are kept.`,
    reactivated: (who: string) => `${who} has access again.`,
    undo: 'Undo',
    removeTitle: (who: string) => `Remove ${who}?`,
    removeText: (who: string, account: string) => `${who} loses access to ${account} at once, and roles and permissions here are forgotten. Other accounts of theirs stay as they are, and so does what they did in the history. They can be invited again.`,
    removed: (who: string) => `${who} was removed.`,
    suspended: 'The account is suspended, so nobody can be invited.',
  },
  de: {
    title: 'Personen',
    lead: 'Alle, die zu diesem Konto gehören, und alle, die eingeladen sind.',
    invite: 'Personen einladen',
    review: 'Zugänge prüfen',
    search: 'Nach Name oder Adresse suchen',
    filter: 'Welche Personen',
    all: 'Alle',
    ACTIVE: 'Aktiv',
    INVITED: 'Eingeladen',
    DEACTIVATED: 'Deaktiviert',
    factorOnly: 'ohne zweiten Faktor',
    factorOff: 'Alle zeigen',
    owner: 'Inhaber',
    access: 'Zuletzt da',
    actions: (who: string) => `Was mit ${who} geschehen soll`,
    never: 'noch nie',
    none: 'keine Rollen',
    secured: 'Meldet sich mit zweitem Faktor an',
    unsecured: 'Meldet sich ohne zweiten Faktor an',
    blocked: 'Ausgesperrt: Dieses Konto verlangt einen zweiten Faktor',
    due: (date: string) => `Muss bis ${date} einen zweiten Faktor einrichten`,
    through: 'über das Hauptkonto',
    you: 'Sie',
    until: (when: string) => `läuft ${when} ab`,
    ends: (date: string) => `Zugang bis ${date}`,
    ended: (date: string) => `Zugang endete am ${date}`,
    more: 'Mehr anzeigen',
    empty: 'Hier ist niemand',
    emptySearch: 'Niemand hat so einen Namen oder so eine Adresse. Versuchen Sie weniger davon oder einen anderen Zustand.',
    emptyText: 'Laden Sie ein, wer für dieses Konto arbeitet. Alle bekommen genau die Rechte, die Sie wählen.',
    open: 'Öffnen',
    resend: 'Einladung noch einmal schicken',
    copy: 'Link zum Weitergeben kopieren',
    withdraw: 'Einladung zurückziehen',
    deactivate: 'Deaktivieren',
    reactivate: 'Wieder aktivieren',
    remove: 'Entfernen',
    resent: (who: string) => `Die Einladung ist noch einmal zu ${who} unterwegs.`,
    linkTitle: (who: string) => `Einen Link für ${who} erzeugen?`,
    linkText: 'Sie geben ihn selbst weiter. Der Link in einer Mail von vorher gilt sofort nicht mehr.',
    makeLink: 'Erzeugen und kopieren',
    copied: 'Ein neuer Link ist kopiert. Frühere Links gelten nicht mehr.',
    withdrawTitle: (who: string) => `Die Einladung von ${who} zurückziehen?`,
    withdrawText: 'Der Link in der Mail gilt sofort nicht mehr. Sie können jederzeit wieder einladen.',
    withdrawn: (who: string) => `Die Einladung von ${who} ist zurückgezogen.`,
    deactivated: (who: string) => `${who} hat keinen Zugang mehr. Rollen und Rechte bleiben gespeichert.`,
    reactivated: (who: string) => `${who} hat wieder Zugang.`,
    undo: 'Rückgängig',
    removeTitle: (who: string) => `${who} entfernen?`,
    removeText: (who: string, account: string) => `${who} verliert sofort den Zugang zu ${account}, Rollen und Rechte hier werden vergessen. Andere Konten bleiben, wie sie sind, ebenso der Verlauf. Eine neue Einladung ist möglich.`,
    removed: (who: string) => `${who} wurde entfernt.`,
    suspended: 'Das Konto ist gesperrt, darum kann niemand eingeladen werden.',
  },
})

type Person = NonNullable<NonNullable<ResultOf<typeof PEOPLE>['account']>['people']>['nodes'][number]
const states = ['ACTIVE', 'INVITED', 'DEACTIVATED'] as const
const tones = { ACTIVE: 'green', INVITED: 'blue', DEACTIVATED: 'gray' }

/** Members and invited people in one list. */
export default function People({ viewerId }: { viewerId: string }) {
  const p = useWords(t)
  const { account, base, can, open } = useAccount()
  const [query, setQuery] = useSearchParams()
  const state = states.find((s) => s === query.get('state'))
  const search = query.get('search') ?? ''
  const factor = query.get('factor') === 'no' ? false : undefined
  const inviting = query.has('invite')
  const [text, setText] = useState(search)
  const variables = { accountId: account.id, state, search: search || undefined, twoFactorEnabled: factor, after: undefined }
  const { data, previousData, loading, error, refetch, fetchMore } = useQuery(PEOPLE, { variables, fetchPolicy: 'cache-and-network' })
  const page = (data ?? previousData)?.account?.people

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
  const changed = () => void refetch()

  return (
    <Page
      title={p.title}
      lead={p.lead}
      shown={{ document: PEOPLE, variables }}
      actions={can('users') && (
        <>
          <Button component={Link} href={`${base}/review`} variant="default">
            {p.review}
          </Button>
          <Tooltip label={p.suspended} disabled={open}>
            <Button leftSection={<Icon name="plus" size={16} />} onClick={() => set({ invite: '' })} disabled={!open}>
              {p.invite}
            </Button>
          </Tooltip>
        </>
      )}
    >
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
          <SegmentedControl aria-label={p.filter} value={state ?? ''} onChange={(next) => set({ state: next || null })} data={[{ value: '', label: p.all }, ...states.map((s) => ({ value: s as string, label: p[s] }))]} />
        </div>
        {factor === false && (
          <p className="notice">
            <Icon name="unshielded" /> {p.factorOnly}
            <Button size="compact-sm" variant="default" onClick={() => set({ factor: null })}>
              {p.factorOff}
            </Button>
          </p>
        )}
        {!page ? (
          loading ? (
            <div className="body stack">
              {Array.from({ length: 6 }, (_, i) => (
                <Skeleton key={i} h={44} />
              ))}
            </div>
          ) : (
            <Failed error={error} again={changed} />
          )
        ) : page.nodes.length ? (
          <ul className="list people">
            {page.nodes.map((person) => (
              <Row key={person.email} person={person} base={base} account={account.name} mine={person.membership?.user?.id === viewerId} changed={changed} open={open} />
            ))}
          </ul>
        ) : (
          <Empty icon="people" title={p.empty} text={search || state || factor === false ? p.emptySearch : p.emptyText} />
        )}
        {page?.pageInfo.hasNextPage && (
          <div className="bar">
            <Button variant="subtle" fullWidth loading={loading} onClick={() => void fetchMore({ variables: { after: page.pageInfo.endCursor } })}>
              {p.more}
            </Button>
          </div>
        )}
      </section>
      <Suspense>
        {inviting && (
          <Invite
            close={(sent) => {
              set({ invite: null })
              if (sent) changed()
            }}
          />
        )}
      </Suspense>
    </Page>
  )
}

/** Whether somebody signs in with two factors, as a shield with words. */
export function Shield({ on, blocked, due }: { on: boolean | null; blocked: boolean; due: string | null }) {
  const p = useWords(t)
  const format = useFormat()
  if (on === null) return <span />
  const text = on ? p.secured : blocked ? p.blocked : due ? p.due(format.date(due)) : p.unsecured
  return (
    <Tooltip label={text}>
      <span className={`shield ${on ? 'on' : blocked || due ? 'due' : 'off'}`} role="img" aria-label={text} tabIndex={0}>
        <Icon name={on ? 'shield' : 'unshielded'} size={20} />
      </span>
    </Tooltip>
  )
}

function Row({ person, base, account, mine, changed, open }: { person: Person; base: string; account: string; mine: boolean; changed: () => void; open: boolean }) {
  const p = useWords(t)
  const done = useSay()
  const say = useSaying()
  const format = useFormat()
  const [deactivate] = useAct(DEACTIVATE)
  const [reactivate] = useAct(REACTIVATE)
  const [remove] = useAct(REMOVE)
  const [resend] = useAct(RESEND)
  const [cancel] = useAct(CANCEL)
  const [asked, ask] = useState<'remove' | 'withdraw' | 'link' | null>(null)
  const [question, setQuestion] = useState<Question | null>(null)
  const { membership, invitation } = person
  const who = person.name || person.email
  const editable = membership && !membership.isOwner && !mine
  const name = membership && !person.throughParent ? <Link href={`${base}/people/${membership.id}`}>{who}</Link> : who
  const roles = person.roles?.map((r) => r.name) ?? []

  async function finish(refusals: Parameters<typeof say>[0][], text: string, undo?: () => void) {
    if (refusals.length) return done({ text: refusals.map(say).join(' ') })
    done({ text, undo: undo && { label: p.undo, run: undo } })
    changed()
  }
  // What they get back was read when it was given, so undoing asks nothing again.
  const back = async (acknowledgeRisks: boolean) => {
    if (!membership) return
    const { payload, refusals } = await reactivate({ input: { membershipId: membership.id, acknowledgeRisks } })
    const ended = refusals.some((r) => r.field === 'accessEndsAt')
    if (ended || refusals.some((r) => r.code === 'RISK_NOT_ACKNOWLEDGED')) setQuestion({ ended, warnings: payload?.warnings ?? [] })
    else await finish(refusals, p.reactivated(who))
  }
  const out = async () => {
    if (!membership) return
    const { refusals } = await deactivate({ input: { membershipId: membership.id } })
    await finish(refusals, p.deactivated(who), open ? () => void back(true) : undefined)
  }
  const link = async () => {
    if (!invitation) return []
    const { payload, refusals } = await resend({ input: { invitationId: invitation.id, sendEmail: false, acknowledgeRisks: true } })
    if (!payload?.link) return refusals
    const copied = await navigator.clipboard.writeText(payload.link).then(
      () => true,
      () => false,
    )
    done({ text: copied ? p.copied : payload.link })
    changed()
    return []
  }

  return (
    <li>
      <Face name={who} off={person.state !== 'ACTIVE'} />
      <div className="grow who">
        <span className="wrap">
          <strong>{name}</strong>
          {mine && <span className="faint small"> ({p.you})</span>}
        </span>
        <span className="faint small wrap">
          {person.name && person.email}
          {person.throughParent && ` · ${p.through}`}
        </span>
      </div>
      <Badge className="state" variant="light" color={tones[person.state]}>
        {membership?.isOwner ? p.owner : p[person.state]}
      </Badge>
      <span className="roles small wrap">
        {roles.length ? format.list(roles) : membership?.isOwner ? '' : <span className="faint">{p.none}</span>}
        {person.accessEndsAt && <span className="ends">{(new Date(person.accessEndsAt) > new Date() ? p.ends : p.ended)(format.date(person.accessEndsAt))}</span>}
      </span>
      <Shield on={person.twoFactorEnabled} blocked={person.blockedByPolicy} due={person.twoFactorDueAt} />
      <span className="last small faint">
        <span className="hidden">{p.access}: </span>
        {invitation && !membership ? p.until(format.ago(invitation.expiresAt)) : person.lastAccessAt ? <Ago at={person.lastAccessAt} /> : p.never}
      </span>
      {editable || (invitation && !membership) ? (
        <Menu>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={p.actions(who)}>
              <Icon name="more" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {invitation && !membership && (
              <>
                <Menu.Item disabled={!open} onClick={async () => finish((await resend({ input: { invitationId: invitation.id, acknowledgeRisks: true } })).refusals, p.resent(who))}>
                  {p.resend}
                </Menu.Item>
                <Menu.Item disabled={!open} onClick={() => ask('link')}>
                  {p.copy}
                </Menu.Item>
                <Menu.Divider />
                <Menu.Item color="red" onClick={() => ask('withdraw')}>
                  {p.withdraw}
                </Menu.Item>
              </>
            )}
            {editable && (
              <>
                <Menu.Item component={Link} href={`${base}/people/${membership.id}`}>
                  {p.open}
                </Menu.Item>
                {membership.state === 'ACTIVE' ? <Menu.Item onClick={out}>{p.deactivate}</Menu.Item> : <Menu.Item disabled={!open} onClick={() => void back(false)}>{p.reactivate}</Menu.Item>}
                <Menu.Divider />
                <Menu.Item color="red" onClick={() => ask('remove')}>
                  {p.remove}
                </Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      ) : (
        <span className="gap" />
      )}
      {asked === 'link' && (
        <Confirm title={p.linkTitle(who)} label={p.makeLink} close={() => ask(null)} act={link}>
          {p.linkText}
        </Confirm>
      )}
      {asked === 'withdraw' && invitation && (
        <Confirm
          title={p.withdrawTitle(who)}
          label={p.withdraw}
          danger
          close={() => ask(null)}
          act={async () => {
            const { refusals } = await cancel({ input: { invitationId: invitation.id } })
            if (!refusals.length) await finish([], p.withdrawn(who))
            return refusals
          }}
        >
          {p.withdrawText}
        </Confirm>
      )}
      {question && membership && (
        <Reactivate
          membershipId={membership.id}
          who={who}
          question={question}
          close={() => setQuestion(null)}
          done={() => {
            setQuestion(null)
            void finish([], p.reactivated(who))
          }}
        />
      )}
      {asked === 'remove' && membership && (
        <Confirm
          title={p.removeTitle(who)}
          label={p.remove}
          danger
          close={() => ask(null)}
          act={async () => {
            const { refusals } = await remove({ input: { membershipId: membership.id } })
            if (!refusals.length) await finish([], p.removed(who))
            return refusals
          }}
        >
          {p.removeText(who, account)}
        </Confirm>
      )}
    </li>
  )
}
