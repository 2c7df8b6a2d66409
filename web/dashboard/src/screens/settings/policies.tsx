import { Alert, Button, Checkbox } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { useAct } from '../../api/act'
import { graphql } from '../../api/graphql'
import { beginOf, dayOf, inDays, Lines, Text } from '../../parts/field'
import { Form } from '../../parts/form'
import { Icon } from '../../parts/icons'
import { Panel } from '../../parts/page'
import { useSay } from '../../parts/said'
import { useAccount } from '../../shell/account'
import { useFormat, useWords, words } from '../../words'
import type { Part } from '../settings'

const t = words({
  en: {
    title: 'Policies',
    factor: 'Members need a second factor',
    factorText: 'An authenticator app or a passkey. Whoever has none is told at once and again three days before.',
    from: 'From when on',
    fromText: 'From the beginning of this day on, whoever has only one factor is kept out until they turn a second one on.',
    fromNow: 'It holds already.',
    without: (n: number) => (n === 0 ? 'Everybody has a second factor: nobody would be kept out.' : n === 1 ? 'One member has no second factor and would be kept out:' : `${n} members have no second factor and would be kept out:`),
    keptOut: (n: number) => (n === 0 ? 'Everybody has a second factor: nobody is kept out.' : n === 1 ? 'One member has no second factor and is kept out:' : `${n} members have no second factor and are kept out:`),
    others: (n: number) => (n === 1 ? 'and one other' : `and ${n} others`),
    see: 'See them all',
    self: 'You have none yourself. Leave a day at least, or turn one on first:',
    profile: 'your profile',
    parentFactor: (date: string) => `The account above asks for a second factor from ${date} on, and that holds here too.`,
    domains: 'Only addresses of these domains',
    domainsText: 'One a line, such as example.com; subdomains are domains of their own. Empty: any address can be invited.',
    parentDomains: (list: string) => `The account above admits only ${list}, and that holds here too.`,
    within: 'Everybody who belongs to the account has such an address.',
    outside: (n: number) => (n === 1 ? 'One member has another address. They stay:' : `${n} members have other addresses. They stay:`),
    first: (n: number) => `Among the first ${n} members:`,
    lapsing: (n: number) => (n === 1 ? 'An invitation that waits could no longer be accepted:' : `${n} invitations that wait could no longer be accepted:`),
    save: 'Save',
    saved: 'The policies hold from the next request on.',
    conflict: 'Somebody changed the policies while you were at it. Look them over, and save again to put yours in the place of theirs.',
    theirs: 'Now it is:',
    asks: (date: string) => `a second factor from ${date} on`,
    asksNot: 'no second factor',
    any: 'any domain',
    readFactor: (date: string) => `Members need a second factor from ${date} on.`,
    readNoFactor: 'A second factor is welcome and not asked for.',
    readDomains: (list: string) => `Only addresses of ${list} can be invited.`,
    readAny: 'Any address can be invited.',
    who: 'The owner and administrators change this.',
  },
  de: {
    title: 'Richtlinien',
    factor: 'Mitglieder brauchen einen zweiten Faktor',
    factorText: 'Eine Authenticator-App oder einen Passkey. Wer keinen hat, erfährt es sofort und noch einmal drei Tage vorher.',
    from: 'Ab wann',
    fromText: 'Vom Beginn dieses Tages an bleibt draußen, wer nur einen Faktor hat, bis ein zweiter eingerichtet ist.',
    fromNow: 'Es gilt schon.',
    without: (n: number) => (n === 0 ? 'Alle haben einen zweiten Faktor: Niemand bliebe draußen.' : n === 1 ? 'Ein Mitglied hat keinen zweiten Faktor und bliebe draußen:' : `${n} Mitglieder haben keinen zweiten Faktor und blieben draußen:`),
    keptOut: (n: number) => (n === 0 ? 'Alle haben einen zweiten Faktor: Niemand bleibt draußen.' : n === 1 ? 'Ein Mitglied hat keinen zweiten Faktor und bleibt draußen:' : `${n} Mitglieder haben keinen zweiten Faktor und bleiben draußen:`),
    others: (n: number) => (n === 1 ? 'und eine weitere Person' : `und ${n} weitere`),
    see: 'Alle ansehen',
    self: 'Sie selbst haben keinen. Lassen Sie mindestens einen Tag Zeit, oder richten Sie zuerst einen ein:',
    profile: 'Ihr Profil',
    parentFactor: (date: string) => `Das Hauptkonto verlangt ab ${date} einen zweiten Faktor, und das gilt auch hier.`,
    domains: 'Nur Adressen dieser Domains',
    domainsText: 'Eine je Zeile, etwa example.com; Subdomains zählen für sich. Leer: Jede Adresse kann eingeladen werden.',
    parentDomains: (list: string) => `Das Hauptkonto lässt nur ${list} zu, und das gilt auch hier.`,
    within: 'Alle, die zum Konto gehören, haben so eine Adresse.',
    outside: (n: number) => (n === 1 ? 'Ein Mitglied hat eine andere Adresse. Es bleibt:' : `${n} Mitglieder haben andere Adressen. Sie bleiben:`),
    first: (n: number) => `Unter den ersten ${n} Mitgliedern:`,
    lapsing: (n: number) => (n === 1 ? 'Eine wartende Einladung könnte nicht mehr angenommen werden:' : `${n} wartende Einladungen könnten nicht mehr angenommen werden:`),
    save: 'Speichern',
    saved: 'Die Richtlinien gelten ab der nächsten Anfrage.',
    conflict: 'Jemand hat die Richtlinien inzwischen geändert. Sehen Sie sie an, und speichern Sie noch einmal, um Ihre an die Stelle der anderen zu setzen.',
    theirs: 'Jetzt gilt:',
    asks: (date: string) => `ein zweiter Faktor ab ${date}`,
    asksNot: 'kein zweiter Faktor',
    any: 'jede Domain',
    readFactor: (date: string) => `Mitglieder brauchen ab ${date} einen zweiten Faktor.`,
    readNoFactor: 'Ein zweiter Faktor ist willkommen, aber nicht verlangt.',
    readDomains: (list: string) => `Nur Adressen von ${list} können eingeladen werden.`,
    readAny: 'Jede Adresse kann eingeladen werden.',
    who: 'Das ändern der Inhaber und die Verwaltung.',
  },
})

const UPDATE = graphql(`
  mutation UpdateAccountPolicies($input: UpdateAccountPoliciesInput!) {
    updateAccountPolicies(input: $input) {
      account {
        id
        policies {
          requireTwoFactor
          twoFactorFrom
          allowedDomains
          membersWithoutTwoFactor
          version
        }
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

const listed = (text: string) => text.split(/[\s,;]+/).map((d) => d.replace(/^@/, '').toLowerCase()).filter(Boolean)
const domainOf = (email: string | null) => email?.split('@').at(-1)?.toLowerCase() ?? ''

/** Who may come in: second factor and domains, with whom a change would leave outside. */
export function Policies({ found, viewer, again }: Part) {
  const p = useWords(t)
  const done = useSay()
  const format = useFormat()
  const { base, open } = useAccount()
  const [update, saving] = useAct(UPDATE)
  const policies = found.policies
  const [version, setVersion] = useState(policies?.version ?? 0)
  const [required, setRequired] = useState(policies?.requireTwoFactor ?? false)
  const [from, setFrom] = useState(policies?.twoFactorFrom ? dayOf(policies.twoFactorFrom) : inDays(7))
  const [text, setText] = useState((policies?.allowedDomains ?? []).join('\n'))
  const [theirs, setTheirs] = useState('')
  if (!policies) return null

  const above = (
    <>
      {policies.parentTwoFactorFrom && <Alert>{p.parentFactor(format.date(policies.parentTwoFactorFrom))}</Alert>}
      {policies.parentAllowedDomains.length > 0 && <Alert>{p.parentDomains(format.list([...policies.parentAllowedDomains]))}</Alert>}
    </>
  )
  // Only owner and administrators are told how many, and only they may change it.
  if (policies.membersWithoutTwoFactor === null || !open) {
    return (
      <Panel title={p.title}>
        <div className="stack">
          <p>{policies.requireTwoFactor && policies.twoFactorFrom ? p.readFactor(format.date(policies.twoFactorFrom)) : p.readNoFactor}</p>
          <p className="wrap">{policies.allowedDomains.length ? p.readDomains(format.list([...policies.allowedDomains])) : p.readAny}</p>
          {above}
          {open && <p className="faint small">{p.who}</p>}
        </div>
      </Panel>
    )
  }

  const stands = policies.twoFactorFrom
  const holds = !!stands && policies.requireTwoFactor && new Date(stands) <= new Date()
  const domains = listed(text)
  const outside = domains.length ? (found.members?.nodes ?? []).filter((m) => !domains.includes(domainOf(m.email))) : []
  const lapsing = domains.length ? (found.invited?.nodes ?? []).filter((i) => !domains.includes(domainOf(i.email))) : []
  const known = found.members?.nodes.length ?? 0
  const without = policies.membersWithoutTwoFactor
  const named = found.unshielded?.nodes ?? []

  return (
    <Panel title={p.title}>
      <Form
        send={async () => {
          // The day that stands is sent as the moment that stands; today means now.
          const date = stands && dayOf(stands) === from ? stands : from === inDays(0) ? new Date().toISOString() : beginOf(from)
          const { payload, refusals } = await update({ input: { accountId: found.id, version, requireTwoFactor: required, twoFactorFrom: required ? date : null, allowedDomains: domains } })
          if (refusals.some((r) => r.code === 'CONFLICT')) {
            const now = (await again())?.policies
            if (!now) return refusals
            setVersion(now.version)
            setTheirs([now.twoFactorFrom ? p.asks(format.date(now.twoFactorFrom)) : p.asksNot, now.allowedDomains.length ? format.list([...now.allowedDomains]) : p.any].join(' · '))
            return
          }
          setTheirs('')
          // A refusal of the third domain is one of the field.
          if (refusals.length) return refusals.map((r) => (/^\d+$/.test(r.field ?? '') ? { ...r, field: 'allowedDomains' } : r))
          const saved = payload?.account?.policies
          setVersion(saved?.version ?? version)
          setText((saved?.allowedDomains ?? domains).join('\n'))
          done({ text: p.saved })
          void again()
        }}
      >
        {theirs && (
          <Alert color="yellow" role="alert">
            {p.conflict}
            <br />
            <strong>{p.theirs}</strong> {theirs}
          </Alert>
        )}
        {above}
        <Checkbox label={p.factor} description={p.factorText} checked={required} onChange={(e) => setRequired(e.currentTarget.checked)} />
        {required && (
          <div className="subs stack">
            <Text
              name="twoFactorFrom"
              type="date"
              label={p.from}
              description={holds && stands && dayOf(stands) === from ? p.fromNow : p.fromText}
              value={from}
              onChange={(e) => setFrom(e.currentTarget.value)}
              min={stands && dayOf(stands) < inDays(0) ? dayOf(stands) : inDays(0)}
              max={inDays(90)}
              required
              className="day"
            />
            <div className="small" role="status">
              <p className="row tight beside">
                {without > 0 && <Icon name="unshielded" size={16} />}
                {(holds ? p.keptOut : p.without)(without)}
              </p>
              {without > 0 && (
                <p className="wrap">
                  {format.list([...named.map((m) => m.user?.name ?? m.email ?? ''), ...(without > named.length ? [p.others(without - named.length)] : [])])}{' '}
                  <Link href={`${base}/people?state=ACTIVE&factor=no`}>{p.see}</Link>
                </p>
              )}
            </div>
            {!viewer?.twoFactor.enabledAt && !holds && (
              <p className="small warned">
                <Icon name="warning" size={16} />
                <span>
                  {p.self} <Link href="/profile">{p.profile}</Link>
                </span>
              </p>
            )}
          </div>
        )}
        <Lines name="allowedDomains" label={p.domains} description={p.domainsText} value={text} onChange={(e) => setText(e.currentTarget.value)} autoCapitalize="none" spellCheck={false} />
        {domains.length > 0 && found.members && (
          <div className="small stack tight" role="status">
            {(found.members.totalCount ?? 0) > known && <p className="faint">{p.first(known)}</p>}
            {outside.length ? (
              <p className="wrap">
                {p.outside(outside.length)} {format.list(outside.map((m) => `${m.user?.name} (${m.email})`))}
              </p>
            ) : (
              <p className="faint">{p.within}</p>
            )}
            {lapsing.length > 0 && (
              <p className="wrap">
                {p.lapsing(lapsing.length)} {format.list(lapsing.map((i) => i.email))}
              </p>
            )}
          </div>
        )}
        <div className="row right">
          <Button type="submit" loading={saving}>
            {p.save}
          </Button>
        </div>
      </Form>
    </Panel>
  )
}
