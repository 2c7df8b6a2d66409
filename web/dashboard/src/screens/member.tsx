import { useApolloClient } from '@apollo/client/react'
import { Alert, Badge, Button, Select, Skeleton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useAct } from '../api/act'
import { type Refusal, useSaying } from '../api/failure'
import { graphql, type ResultOf } from '../api/graphql'
import { useQuery } from '../api/query'
import { Confirm } from '../parts/confirm'
import { type Grant, Grants, GRANTS } from '../parts/grants'
import { Icon } from '../parts/icons'
import { Failed, Page, Panel } from '../parts/page'
import { Risks } from '../parts/risks'
import { useSay } from '../parts/said'
import { useAccount } from '../shell/account'
import { Ago, useFormat, useLanguage, useWords, words } from '../words'
import { Shield } from './people'
import { AccessEnd } from './people/end'
import { DEACTIVATE, REACTIVATE, REMOVE, TRANSFER } from './people/operations'
import { type Question, Reactivate } from './people/reactivate'

const t = words({
  en: {
    people: 'People',
    owner: 'Owns this account, and so holds everything. That is not edited; it can be handed over.',
    self: 'These are your own permissions. Nobody edits what they may do themselves: ask another administrator.',
    off: (when: string) => `Deactivated ${when}. Roles and permissions are kept and come back with reactivation.`,
    offEnded: (date: string) => `Access ended on ${date}. Roles and permissions are kept and come back with reactivation.`,
    suspended: 'The account is suspended: access can be taken away, not given.',
    ends: 'Access',
    until: (date: string) => `until ${date}`,
    without: 'without end',
    setEnd: 'Change',
    active: 'Active',
    deactivated: 'Deactivated',
    isOwner: 'Owner',
    since: 'Member since',
    access: 'Last access',
    never: 'never',
    factor: 'Second factor',
    holds: 'Holds now',
    permissions: (n: number) => (n === 1 ? 'one permission' : `${n} permissions`),
    nothing: 'nothing yet',
    may: 'What they may do',
    changes: 'What this changes',
    none: 'Nothing yet: change roles or permissions to see the difference.',
    gains: 'Gains',
    loses: 'Loses',
    reaches: 'Newly reaches',
    leaves: 'No longer reaches',
    future: 'sub-accounts opened later',
    same: 'They may do the same as before: the roles differ, what comes of them does not.',
    save: 'Save',
    reset: 'Reset',
    saved: (who: string) => `${who} has the new permissions from the next request on.`,
    conflict: 'Somebody changed this member while you were at it. What they changed is below; your choices are kept on top of it. Look it over and save again.',
    conflictLost: 'They now have:',
    why: 'Why may they, or may they not?',
    whyText: 'Ask for any permission, and the rule that decides is told.',
    which: 'Permission',
    allowed: 'Allowed',
    refused: 'Not allowed',
    by: 'given by',
    ownership: 'ownership',
    single: 'a single permission',
    inAccount: (name: string) => `in ${name}`,
    more: 'More',
    deactivate: 'Deactivate',
    deactivateText: 'Cuts their access at once. Roles and permissions are kept.',
    reactivate: 'Reactivate',
    reactivateText: 'Gives back what they had.',
    remove: 'Remove',
    removeText: 'Takes them out of this account. What they did stays in the history.',
    transfer: 'Hand the account over',
    transferText: 'Offers it to them for seven days. If they accept, you become an administrator in the same moment.',
    transferTitle: (who: string) => `Offer the account to ${who}?`,
    transferLong: (who: string, account: string) => `${who} can accept within seven days and then owns ${account} with its sub-accounts: every permission, its debts, and whether it closes. You become an administrator. Until then you can take the offer back.`,
    offer: 'Offer it',
    offered: (who: string) => `The account is offered to ${who}. They are told by mail.`,
    removeTitle: (who: string) => `Remove ${who}?`,
    removeLong: (who: string, account: string) => `${who} loses access to ${account} at once, and roles and permissions here are forgotten. They can be invited again.`,
    removed: (who: string) => `${who} was removed.`,
    deactivatedNow: (who: string) => `${who} has no access any more.`,
    reactivatedNow: (who: string) => `${who} has access again.`,
    undo: 'Undo',
    close: 'Close',
  },
  de: {
    people: 'Personen',
    owner: 'Besitzt dieses Konto und hat darum jedes Recht. Das wird nicht bearbeitet, nur übergeben.',
    self: 'Das sind Ihre eigenen Rechte. Niemand ändert selbst, was er darf: Bitten Sie jemand anderen aus der Verwaltung.',
    off: (when: string) => `Deaktiviert ${when}. Rollen und Rechte sind gespeichert und kommen mit der Aktivierung zurück.`,
    offEnded: (date: string) => `Der Zugang endete am ${date}. Rollen und Rechte sind gespeichert und kommen mit der Aktivierung zurück.`,
    suspended: 'Das Konto ist gesperrt: Zugang kann genommen, aber nicht gegeben werden.',
    ends: 'Zugang',
    until: (date: string) => `bis ${date}`,
    without: 'ohne Ende',
    setEnd: 'Ändern',
    active: 'Aktiv',
    deactivated: 'Deaktiviert',
    isOwner: 'Inhaber',
    since: 'Mitglied seit',
    access: 'Zuletzt da',
    never: 'noch nie',
    factor: 'Zweiter Faktor',
    holds: 'Hat jetzt',
    permissions: (n: number) => (n === 1 ? 'ein Recht' : `${n} Rechte`),
    nothing: 'noch nichts',
    may: 'Was sie dürfen',
    changes: 'Was sich ändert',
    none: 'Noch nichts: Ändern Sie Rollen oder Rechte, um den Unterschied zu sehen.',
    gains: 'Bekommt',
    loses: 'Verliert',
    reaches: 'Erreicht neu',
    leaves: 'Erreicht nicht mehr',
    future: 'später eröffnete Unterkonten',
    same: 'Sie dürfen dasselbe wie bisher: Die Rollen sind andere, das Ergebnis nicht.',
    save: 'Speichern',
    reset: 'Zurücksetzen',
    saved: (who: string) => `${who} hat die neuen Rechte ab der nächsten Anfrage.`,
    conflict: 'Jemand hat dieses Mitglied inzwischen geändert. Der neue Stand steht unten, Ihre Auswahl bleibt darüber erhalten. Sehen Sie sie an und speichern Sie noch einmal.',
    conflictLost: 'Jetzt gilt:',
    why: 'Warum dürfen sie etwas, oder warum nicht?',
    whyText: 'Fragen Sie nach einem Recht, und Sie erfahren, welche Regel entscheidet.',
    which: 'Recht',
    allowed: 'Erlaubt',
    refused: 'Nicht erlaubt',
    by: 'gegeben durch',
    ownership: 'den Besitz',
    single: 'ein einzelnes Recht',
    inAccount: (name: string) => `in ${name}`,
    more: 'Mehr',
    deactivate: 'Deaktivieren',
    deactivateText: 'Nimmt sofort den Zugang. Rollen und Rechte bleiben gespeichert.',
    reactivate: 'Wieder aktivieren',
    reactivateText: 'Gibt zurück, was war.',
    remove: 'Entfernen',
    removeText: 'Nimmt sie aus diesem Konto. Was sie getan haben, bleibt im Verlauf.',
    transfer: 'Das Konto übergeben',
    transferText: 'Bietet es ihnen sieben Tage lang an. Mit der Annahme werden Sie Administrator.',
    transferTitle: (who: string) => `${who} das Konto anbieten?`,
    transferLong: (who: string, account: string) => `${who} kann binnen sieben Tagen annehmen und besitzt dann ${account} mit seinen Unterkonten: jedes Recht, die Schulden, und ob es geschlossen wird. Sie werden Administrator. Bis dahin können Sie das Angebot zurückziehen.`,
    offer: 'Anbieten',
    offered: (who: string) => `Das Konto ist ${who} angeboten. Es geht eine Mail hinaus.`,
    removeTitle: (who: string) => `${who} entfernen?`,
    removeLong: (who: string, account: string) => `${who} verliert sofort den Zugang zu ${account}, Rollen und Rechte hier werden vergessen. Eine neue Einladung ist möglich.`,
    removed: (who: string) => `${who} wurde entfernt.`,
    deactivatedNow: (who: string) => `${who} hat keinen Zugang mehr.`,
    reactivatedNow: (who: string) => `${who} hat wieder Zugang.`,
    undo: 'Rückgängig',
    close: 'Schließen',
  },
})

// What decides, in German: the API says it in English.
const reasons: Record<string, string> = {
  OWNER: 'Das Konto gehört dieser Person.',
  ROLE: 'Eine Rolle gibt es.',
  DIRECT_GRANT: 'Es wurde einzeln gegeben.',
  INHERITED_FROM_PARENT: 'Ein Recht im Hauptkonto gibt es, über den Zugang zu Unterkonten.',
  NOT_GRANTED: 'Nichts gibt es.',
  OUT_OF_SCOPE: 'Im Hauptkonto gegeben, aber ohne Zugang zu diesem Unterkonto.',
  ROLE_TYPE_CEILING: 'Es wurde gegeben, doch die Art der Rolle lässt es nicht zu.',
  MEMBERSHIP_DEACTIVATED: 'Die Mitgliedschaft ist deaktiviert.',
  ACCESS_ENDED: 'Der Zugang war befristet und ist abgelaufen.',
  ACCOUNT_CLOSED: 'Das Konto ist geschlossen.',
  TWO_FACTOR_REQUIRED: 'Das Konto verlangt einen zweiten Faktor, und die Person hat keinen.',
  TOKEN_SCOPE: 'Wofür das API-Token gemacht ist, entscheidet.',
}

const MEMBER = graphql(`
  query Member($membershipId: ID!, $locale: String) {
    node(id: $membershipId) {
      ... on Membership {
        id
        account {
          id
        }
        user {
          id
          name
        }
        email
        state
        deactivatedAt
        deactivatedReason
        accessEndsAt
        isOwner
        roles {
          id
          name(locale: $locale)
        }
        extraPermissions
        effectivePermissions
        subAccountAccess
        selectedSubAccounts {
          id
          name
        }
        lastAccessAt
        twoFactorEnabled
        blockedByPolicy
        twoFactorDueAt
        createdAt
        version
      }
    }
  }
`)
const PREVIEW = graphql(`
  query PreviewMemberPermissions($input: PreviewMemberPermissionsInput!, $locale: String) {
    previewMemberPermissions(input: $input) {
      difference {
        added
        removed
        newlyReachable {
          id
          name
        }
        noLongerReachable {
          id
          name
        }
        gainsFutureSubAccounts
      }
      warnings {
        permission
        message(locale: $locale)
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
const UPDATE = graphql(`
  mutation UpdateMemberPermissions($input: UpdateMemberPermissionsInput!, $locale: String) {
    updateMemberPermissions(input: $input) {
      membership {
        id
        version
        roles {
          id
          name(locale: $locale)
        }
        extraPermissions
        effectivePermissions
        subAccountAccess
        selectedSubAccounts {
          id
          name
        }
      }
      warnings {
        permission
        message(locale: $locale)
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
const EXPLAIN = graphql(`
  query ExplainPermission($accountId: ID!, $userId: ID!, $permission: PermissionKey!, $locale: String) {
    explainPermission(accountId: $accountId, userId: $userId, permission: $permission) {
      allowed
      reason
      message
      grants {
        account {
          id
          name
        }
        role {
          id
          name(locale: $locale)
        }
      }
    }
  }
`)
type Membership = Extract<NonNullable<ResultOf<typeof MEMBER>['node']>, { version: number }>
const grantOf = (m: Membership): Grant => ({
  roleIds: (m.roles ?? []).map((r) => r.id),
  permissions: [...m.extraPermissions],
  subAccountAccess: m.subAccountAccess,
  subAccountIds: (m.selectedSubAccounts ?? []).map((a) => a.id),
})
const alike = (a: Grant, b: Grant) => JSON.stringify([[...a.roleIds].sort(), [...a.permissions].sort(), a.subAccountAccess, [...a.subAccountIds].sort()]) === JSON.stringify([[...b.roleIds].sort(), [...b.permissions].sort(), b.subAccountAccess, [...b.subAccountIds].sort()])

/** One member: what they may do and why, and what can be done with them. */
export default function Member({ membershipId, viewerId }: { membershipId: string; viewerId: string }) {
  const p = useWords(t)
  const { base } = useAccount()
  const { data, error, loading, refetch } = useQuery(MEMBER, { variables: { membershipId }, fetchPolicy: 'cache-and-network' })
  const member = data?.node && 'version' in data.node ? data.node : null
  const title = member?.user?.name ?? (loading ? '…' : p.people)
  return (
    <Page
      title={title}
      lead={
        <span className="row tight">
          <Link href={`${base}/people`}>{p.people}</Link> <Icon name="next" size={14} /> {member?.email}
        </span>
      }
      shown={{ document: MEMBER, variables: { membershipId } }}
      actions={
        member && (
          <Badge size="lg" variant="light" color={member.state === 'ACTIVE' ? 'green' : 'gray'}>
            {member.isOwner ? p.isOwner : member.state === 'ACTIVE' ? p.active : p.deactivated}
          </Badge>
        )
      }
    >
      {member ? (
        <Found member={member} viewerId={viewerId} refetch={() => refetch().then(() => {})} />
      ) : loading ? (
        <div className="two" aria-busy="true">
          <Skeleton h={420} radius="lg" />
          <Skeleton h={220} radius="lg" />
        </div>
      ) : (
        <Failed error={error} again={() => void refetch()} />
      )}
    </Page>
  )
}

function Found({ member, viewerId, refetch }: { member: Membership; viewerId: string; refetch: () => Promise<void> }) {
  const p = useWords(t)
  const format = useFormat()
  const { open } = useAccount()
  const mine = member.user?.id === viewerId
  const fixed = member.isOwner ? p.owner : mine ? p.self : null
  return (
    <>
      {fixed && <Alert color="blue">{fixed}</Alert>}
      {member.state === 'DEACTIVATED' && member.deactivatedAt && <Alert color="gray">{member.deactivatedReason === 'ACCESS_ENDED' ? p.offEnded(format.date(member.deactivatedAt)) : p.off(format.ago(member.deactivatedAt))}</Alert>}
      {!open && <Alert color="yellow">{p.suspended}</Alert>}
      <div className="two">
        {fixed ? <Explain member={member} /> : <Editor member={member} refetch={refetch} />}
        <div className="stack side-stack">
          <Panel title={member.email ?? ''}>
            <dl className="facts">
              <dt>{p.holds}</dt>
              <dd>{member.effectivePermissions?.length ? p.permissions(member.effectivePermissions.length) : p.nothing}</dd>
              <dt>{p.since}</dt>
              <dd>{format.date(member.createdAt)}</dd>
              <dt>{p.access}</dt>
              <dd>{member.lastAccessAt ? <Ago at={member.lastAccessAt} /> : p.never}</dd>
              <dt>{p.factor}</dt>
              <dd>
                <Shield on={member.twoFactorEnabled} blocked={member.blockedByPolicy} due={member.twoFactorDueAt} />
              </dd>
              {!member.isOwner && (
                <>
                  <dt>{p.ends}</dt>
                  <dd className="row tight">
                    {member.accessEndsAt ? p.until(format.date(member.accessEndsAt)) : p.without}
                    {!fixed && member.state === 'ACTIVE' && <End member={member} refetch={refetch} />}
                  </dd>
                </>
              )}
            </dl>
          </Panel>
          {!fixed && <Explain member={member} />}
          {!fixed && <Actions member={member} refetch={refetch} />}
        </div>
      </div>
    </>
  )
}

// Lets it be changed until when.
function End({ member, refetch }: { member: Membership; refetch: () => Promise<void> }) {
  const p = useWords(t)
  const [asked, ask] = useState(false)
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => ask(true)} aria-label={`${p.ends}: ${p.setEnd}`}>
        {p.setEnd}
      </Button>
      {asked && <AccessEnd member={member} who={member.user?.name ?? member.email ?? ''} changed={refetch} close={() => ask(false)} />}
    </>
  )
}

function Editor({ member, refetch }: { member: Membership; refetch: () => Promise<void> }) {
  const p = useWords(t)
  const done = useSay()
  const say = useSaying()
  const { account, open } = useAccount()
  const [update, saving] = useAct(UPDATE)
  const saved = grantOf(member)
  const [grant, setGrant] = useState(saved)
  const before = useRef(saved)
  const [read, setRead] = useState(false)
  const [refusals, setRefusals] = useState<Refusal[]>([])
  const [conflict, setConflict] = useState(false)
  const told = useRef<HTMLDivElement>(null)
  const dirty = !alike(grant, saved)

  // Somebody changed the member while this was open: what was not touched follows, and what
  // was stays, with a word about it.
  useEffect(() => {
    const was = before.current
    before.current = saved
    if (alike(was, saved)) return
    if (alike(grant, was)) setGrant(saved)
    else if (!alike(grant, saved)) setConflict(true)
  }, [member.version])
  const ready = grant.subAccountAccess !== 'SELECTED' || grant.subAccountIds.length > 0
  const input = { membershipId: member.id, ...grant, subAccountIds: grant.subAccountAccess === 'SELECTED' ? grant.subAccountIds : undefined }
  const [asked] = useDebouncedValue(JSON.stringify(input), 200)
  const { data, previousData } = useQuery(PREVIEW, { variables: { input: JSON.parse(asked) as typeof input }, skip: !dirty || !ready, fetchPolicy: 'no-cache' })
  const preview = dirty ? (data ?? previousData)?.previewMemberPermissions : null
  const warnings = preview?.warnings ?? []
  const key = warnings.map((w) => w.message).join()
  useEffect(() => setRead(false), [key])

  const { data: known } = useQuery(GRANTS, { variables: { accountId: account.id } })
  const label = (k: string) => known?.permissionCatalog?.permissions.find((x) => x.key === k)?.label ?? k
  const d = preview?.difference
  const rows: [string, string, string[]][] = d
    ? [
        [p.gains, 'good', [...d.added.map(label)]],
        [p.loses, 'wrong', [...d.removed.map(label)]],
        [p.reaches, 'good', [...d.newlyReachable.map((a) => a.name), ...(d.gainsFutureSubAccounts ? [p.future] : [])]],
        [p.leaves, 'wrong', [...d.noLongerReachable.map((a) => a.name)]],
      ]
    : []

  async function save() {
    setRefusals([])
    const { refusals } = await update({ input: { ...input, version: member.version, acknowledgeRisks: read } })
    if (refusals.some((r) => r.code === 'CONFLICT')) {
      setConflict(true)
      await refetch()
      return told.current?.scrollIntoView({ block: 'center' })
    }
    setRefusals(refusals)
    if (refusals.length) return
    setConflict(false)
    done({ text: p.saved(member.user?.name ?? member.email ?? '') })
  }

  return (
    <Panel title={p.may}>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          void save()
        }}
      >
        {conflict && (
          <Alert ref={told} color="yellow" role="alert">
            {p.conflict}
            <br />
            <strong>{p.conflictLost}</strong> {[...(member.roles ?? []).map((r) => r.name), ...member.extraPermissions.map(label)].join(', ') || p.nothing}
          </Alert>
        )}
        <Grants accountId={account.id} value={grant} onChange={setGrant} />
        <section className="difference" aria-label={p.changes} aria-live="polite">
          <h3>{p.changes}</h3>
          {!dirty ? (
            <p className="faint small">{p.none}</p>
          ) : preview?.errors.length ? (
            <p className="bad">{preview.errors.map((e) => say({ ...e, field: null, retryAfter: e.retryAfter ?? null })).join(' ')}</p>
          ) : d && rows.every(([, , items]) => !items.length) ? (
            <p className="faint small">{p.same}</p>
          ) : (
            rows
              .filter(([, , items]) => items.length)
              .map(([name, tone, items]) => (
                <div key={name} className="row tight">
                  <strong>{name}</strong>
                  {items.map((item) => (
                    <Badge key={item} variant="light" color={tone === 'good' ? 'green' : 'red'}>
                      {item}
                    </Badge>
                  ))}
                </div>
              ))
          )}
        </section>
        {dirty && <Risks warnings={warnings} read={read} onRead={setRead} />}
        {refusals.length > 0 && (
          <Alert color="red" role="alert">
            {refusals.map(say).join(' ')}
          </Alert>
        )}
        <div className="row right">
          <Button
            variant="default"
            disabled={!dirty}
            onClick={() => {
              setGrant(saved)
              setRefusals([])
              setConflict(false)
            }}
          >
            {p.reset}
          </Button>
          <Button type="submit" loading={saving} disabled={!dirty || !ready || !open || !!preview?.errors.length || (warnings.length > 0 && !read)}>
            {p.save}
          </Button>
        </div>
      </form>
    </Panel>
  )
}

function Explain({ member }: { member: Membership }) {
  const p = useWords(t)
  const { language } = useLanguage()
  const { account } = useAccount()
  const client = useApolloClient()
  const { data: known } = useQuery(GRANTS, { variables: { accountId: account.id } })
  const [permission, setPermission] = useState<string | null>(null)
  const [found, setFound] = useState<ResultOf<typeof EXPLAIN>['explainPermission']>(null)
  const userId = member.user?.id

  useEffect(() => {
    if (!permission || !userId) return
    let gone = false
    void client.query({ query: EXPLAIN, variables: { accountId: account.id, userId, permission, locale: language }, fetchPolicy: 'network-only' }).then(({ data }) => !gone && setFound(data?.explainPermission ?? null))
    return () => {
      gone = true
    }
  }, [permission, userId, account.id, language, member.version, member.state, client])

  return (
    <Panel title={p.why}>
      <div className="stack">
        <Select
          label={p.which}
          description={p.whyText}
          data={(known?.permissionCatalog?.permissions ?? []).map((x) => ({ value: x.key, label: x.label }))}
          value={permission}
          onChange={setPermission}
          searchable
        />
        <div role="status">
          {permission && found && (
            <div className="because">
              <span className={`sign ${found.allowed ? 'good' : 'wrong'}`}>
                <Icon name={found.allowed ? 'check' : 'close'} />
              </span>
              <div>
                <strong>{found.allowed ? p.allowed : p.refused}</strong>
                <p className="small">{language === 'de' ? (reasons[found.reason] ?? found.message) : found.message}</p>
                {found.grants.map((g, i) => (
                  <p key={i} className="faint small">
                    {p.by} {g.role?.name ?? (found.reason === 'OWNER' ? p.ownership : p.single)} {g.account && g.account.id !== account.id && p.inAccount(g.account.name)}
                  </p>
                ))}
              </div>
            </div>
          )}
        </div>
      </div>
    </Panel>
  )
}

function Actions({ member, refetch }: { member: Membership; refetch: () => Promise<void> }) {
  const p = useWords(t)
  const done = useSay()
  const say = useSaying()
  const { account, base, open } = useAccount()
  const [, go] = useLocation()
  const [deactivate, deactivating] = useAct(DEACTIVATE)
  const [reactivate, reactivating] = useAct(REACTIVATE)
  const [remove] = useAct(REMOVE)
  const [transfer] = useAct(TRANSFER)
  const [asked, ask] = useState<'remove' | 'transfer' | null>(null)
  const [question, setQuestion] = useState<Question | null>(null)
  const who = member.user?.name ?? member.email ?? ''
  const owner = account.viewerMembership?.isOwner && !account.parent

  async function back(acknowledgeRisks: boolean) {
    const { payload, refusals } = await reactivate({ input: { membershipId: member.id, acknowledgeRisks } })
    const ended = refusals.some((r) => r.field === 'accessEndsAt')
    if (ended || refusals.some((r) => r.code === 'RISK_NOT_ACKNOWLEDGED')) return setQuestion({ ended, warnings: payload?.warnings ?? [] })
    done({ text: refusals.length ? refusals.map(say).join(' ') : p.reactivatedNow(who) })
    await refetch()
  }
  async function out() {
    const { refusals } = await deactivate({ input: { membershipId: member.id } })
    done(refusals.length ? { text: refusals.map(say).join(' ') } : { text: p.deactivatedNow(who), undo: open ? { label: p.undo, run: () => void back(true) } : undefined })
    await refetch()
  }
  const actions: [string, string, boolean, () => void, boolean?][] = [
    member.state === 'ACTIVE' ? [p.deactivate, p.deactivateText, deactivating, () => void out()] : [p.reactivate, p.reactivateText, reactivating, () => void back(false)],
    ...(owner && member.state === 'ACTIVE' && open ? ([[p.transfer, p.transferText, false, () => ask('transfer')]] as [string, string, boolean, () => void][]) : []),
    [p.remove, p.removeText, false, () => ask('remove'), true],
  ]
  return (
    <Panel title={p.more}>
      <ul className="stack">
        {actions.map(([label, text, busy, run, danger]) => (
          <li key={label} className="stack tight">
            <Button variant={danger ? 'outline' : 'default'} color={danger ? 'red' : undefined} onClick={run} loading={busy} fullWidth>
              {label}
            </Button>
            <p className="faint small">{text}</p>
          </li>
        ))}
      </ul>
      {question && (
        <Reactivate
          membershipId={member.id}
          who={who}
          question={question}
          close={() => setQuestion(null)}
          done={() => {
            setQuestion(null)
            done({ text: p.reactivatedNow(who) })
            void refetch()
          }}
        />
      )}
      {asked === 'remove' && (
        <Confirm
          title={p.removeTitle(who)}
          label={p.remove}
          danger
          close={() => ask(null)}
          act={async () => {
            const { refusals } = await remove({ input: { membershipId: member.id } })
            if (!refusals.length) {
              done({ text: p.removed(who) })
              go(`${base}/people`)
            }
            return refusals
          }}
        >
          {p.removeLong(who, account.name)}
        </Confirm>
      )}
      {asked === 'transfer' && (
        <Confirm
          title={p.transferTitle(who)}
          label={p.offer}
          close={() => ask(null)}
          act={async () => {
            const { refusals } = await transfer({ input: { accountId: account.id, membershipId: member.id } })
            if (!refusals.length) done({ text: p.offered(who) })
            return refusals
          }}
        >
          {p.transferLong(who, account.name)}
        </Confirm>
      )}
    </Panel>
  )
}
