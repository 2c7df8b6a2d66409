import { useApolloClient } from '@apollo/client/react'
import { Badge, Button, Checkbox, Modal, SegmentedControl, Select } from '@mantine/core'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useAct } from '../../api/act'
import { type Refusal, useSaying } from '../../api/failure'
import { useQuery } from '../../api/query'
import { Confirm } from '../../parts/confirm'
import { Form } from '../../parts/form'
import { type Grant, Grants, nothing } from '../../parts/grants'
import { Icon } from '../../parts/icons'
import { Panel } from '../../parts/page'
import { Risks } from '../../parts/risks'
import { useChannel, useRule } from '../../parts/rules'
import { useSay } from '../../parts/said'
import { useAccount } from '../../shell/account'
import { Ago, useFormat, useWords, words } from '../../words'
import { CLEAR } from '../contacts/operations'
import { RECIPIENTS } from '../contacts/operations'
import { type Channel, nameOf } from '../contacts/wants'
import { CHOICES, type Contact, DELETE, REVOKE, TEST, UPDATE, VERIFY } from './operations'

const t = words({
  en: {
    address: 'The address',
    bounced: 'Mail comes back',
    bouncedText: (when: string) => `Since ${when} no mail is sent to it.`,
    clear: 'Send mail again',
    cleared: (email: string) => `Mail goes to ${email} again. If it comes back once more, it stops again.`,
    verified: 'Confirmed',
    verifiedText: (when: string) => `Whoever reads the mail said ${when} that the address is right.`,
    waiting: 'Asked',
    waitingText: (when: string) => `A mail asked ${when}; the link works for seven days.`,
    unverified: 'Not confirmed',
    unverifiedText: 'Mail goes there all the same. Ask, and you know it reaches the right person.',
    ask: 'Ask by mail',
    again: 'Ask again',
    asked: (email: string) => `A mail is on its way to ${email}.`,
    test: 'Does it arrive?',
    testText: 'Choose something and try it, or see by which rule they get it or not.',
    category: 'Category',
    channel: 'How',
    send: 'Send a test',
    why: 'Only say why',
    sent: (who: string) => `On its way to ${who}.`,
    notSent: 'Nothing is sent.',
    gets: 'They get it.',
    not: 'They do not get it.',
    because: (who: string, rule: string) => `${who} ${rule}.`,
    SUPPRESSED: 'Mail to the address comes back.',
    UNSUBSCRIBED: 'Whoever reads the mail unsubscribed from this.',
    login: 'Login',
    signsIn: 'Signs in',
    off: 'Deactivated',
    invited: 'Invited',
    until: (when: string) => `The invitation lapses ${when}.`,
    none: 'Gets notifications and does not sign in.',
    noUsers: 'Whoever manages the people of this account sees whether they sign in.',
    roles: 'Roles',
    noRoles: 'none',
    member: 'What they may do',
    give: 'Give a login',
    giveText: (email: string) => `${email} gets an invitation and sets their own password. Somebody who belongs to the account already is linked at once and keeps what they hold.`,
    invite: 'Send the invitation',
    takeAway: 'Take the login away',
    takeTitle: (who: string) => `Take the login of ${who} away?`,
    takeMember: (who: string) => `${who} is removed from the people of this account at once. The contact stays and goes on getting notifications.`,
    takeInvited: 'The link in the mail stops working at once. The contact stays.',
    taken: (who: string) => `${who} no longer signs in.`,
    linked: (who: string) => `${who} belongs to the account already, and is linked now.`,
    sentInvitation: (who: string) => `An invitation to ${who} is on its way.`,
    more: 'More',
    remove: 'Delete the contact',
    removeText: 'Nothing is sent to the address any more. What was done stays in the history.',
    removeTitle: (who: string) => `Delete ${who}?`,
    removeLong: (who: string) => `Notifications no longer go to ${who}, and what they chose is forgotten.`,
    alsoMember: 'Also take their login away',
    alsoMemberText: 'Otherwise they stay among the people of this account.',
    removed: (who: string) => `${who} is deleted.`,
    history: 'Added',
    close: 'Close',
    cancel: 'Cancel',
  },
  de: {
    address: 'Die Adresse',
    bounced: 'Post kommt zurück',
    bouncedText: (when: string) => `Seit ${when} wird keine Post dorthin geschickt.`,
    clear: 'Wieder Post schicken',
    cleared: (email: string) => `Post geht wieder an ${email}. Kommt sie noch einmal zurück, ist wieder Schluss.`,
    verified: 'Bestätigt',
    verifiedText: (when: string) => `Wer die Post liest, hat ${when} gesagt, dass die Adresse stimmt.`,
    waiting: 'Gefragt',
    waitingText: (when: string) => `Eine Mail hat ${when} gefragt; der Link gilt sieben Tage.`,
    unverified: 'Nicht bestätigt',
    unverifiedText: 'Post geht trotzdem dorthin. Fragen Sie, dann wissen Sie, dass sie richtig ankommt.',
    ask: 'Per Mail fragen',
    again: 'Noch einmal fragen',
    asked: (email: string) => `Eine Mail an ${email} ist unterwegs.`,
    test: 'Kommt es an?',
    testText: 'Wählen Sie etwas und probieren Sie es aus, oder sehen Sie, nach welcher Regel es ankommt oder nicht.',
    category: 'Kategorie',
    channel: 'Wie',
    send: 'Probe schicken',
    why: 'Nur sagen, warum',
    sent: (who: string) => `Unterwegs an ${who}.`,
    notSent: 'Es wird nichts geschickt.',
    gets: 'Kommt an.',
    not: 'Kommt nicht an.',
    because: (who: string, rule: string) => `${who} ${rule}.`,
    SUPPRESSED: 'Post an die Adresse kommt zurück.',
    UNSUBSCRIBED: 'Wer die Post liest, hat sich davon abgemeldet.',
    login: 'Anmeldung',
    signsIn: 'Meldet sich an',
    off: 'Deaktiviert',
    invited: 'Eingeladen',
    until: (when: string) => `Die Einladung läuft ${when} ab.`,
    none: 'Bekommt Benachrichtigungen und meldet sich nicht an.',
    noUsers: 'Wer die Personen dieses Kontos verwaltet, sieht, ob sich der Kontakt anmeldet.',
    roles: 'Rollen',
    noRoles: 'keine',
    member: 'Was sie dürfen',
    give: 'Anmeldung erlauben',
    giveText: (email: string) => `${email} bekommt eine Einladung und setzt das Passwort selbst. Wer schon zum Konto gehört, wird sofort verbunden und behält, was er hat.`,
    invite: 'Einladung schicken',
    takeAway: 'Anmeldung nehmen',
    takeTitle: (who: string) => `${who} die Anmeldung nehmen?`,
    takeMember: (who: string) => `${who} gehört dann sofort nicht mehr zu den Personen dieses Kontos. Der Kontakt bleibt und bekommt weiter Benachrichtigungen.`,
    takeInvited: 'Der Link in der Mail gilt sofort nicht mehr. Der Kontakt bleibt.',
    taken: (who: string) => `${who} meldet sich nicht mehr an.`,
    linked: (who: string) => `${who} gehört schon zum Konto und ist jetzt verbunden.`,
    sentInvitation: (who: string) => `Eine Einladung an ${who} ist unterwegs.`,
    more: 'Mehr',
    remove: 'Kontakt löschen',
    removeText: 'An die Adresse geht nichts mehr. Was geschehen ist, bleibt im Verlauf.',
    removeTitle: (who: string) => `${who} löschen?`,
    removeLong: (who: string) => `Benachrichtigungen gehen nicht mehr an ${who}, und was gewählt war, wird vergessen.`,
    alsoMember: 'Auch die Anmeldung nehmen',
    alsoMemberText: 'Sonst gehört sie weiter zu den Personen dieses Kontos.',
    removed: (who: string) => `${who} ist gelöscht.`,
    history: 'Angelegt',
    close: 'Schließen',
    cancel: 'Abbrechen',
  },
})

/** Whether mail reaches the address, and what to do if not. */
export function Address({ contact }: { contact: Contact }) {
  const p = useWords(t)
  const done = useSay()
  const say = useSaying()
  const format = useFormat()
  const { open } = useAccount()
  const [clear, clearing] = useAct(CLEAR)
  const [verify, verifying] = useAct(VERIFY)
  const finish = (refusals: Refusal[], text: string) => done({ text: refusals.length ? refusals.map(say).join(' ') : text })
  const input = { contactId: contact.id }
  const state = contact.suppression ? 'bounced' : contact.verifiedAt ? 'verified' : contact.verificationSentAt ? 'waiting' : 'unverified'
  return (
    <Panel
      title={p.address}
      actions={
        <Badge variant="light" color={{ bounced: 'red', verified: 'green', waiting: 'blue', unverified: 'gray' }[state]}>
          {p[state]}
        </Badge>
      }
    >
      <div className="stack">
        {contact.suppression ? (
          <>
            <p>
              {p.bouncedText(format.date(contact.suppression.suppressedAt))}
              {contact.suppression.reason && <q className="quote small">{contact.suppression.reason}</q>}
            </p>
            <Button variant="default" loading={clearing} disabled={!open} onClick={async () => finish((await clear({ input })).refusals, p.cleared(contact.email))}>
              {p.clear}
            </Button>
          </>
        ) : (
          <>
            <p className="small">{contact.verifiedAt ? p.verifiedText(format.ago(contact.verifiedAt)) : contact.verificationSentAt ? p.waitingText(format.ago(contact.verificationSentAt)) : p.unverifiedText}</p>
            {!contact.verifiedAt && (
              <Button variant="default" loading={verifying} disabled={!open} onClick={async () => finish((await verify({ input })).refusals, p.asked(contact.email))}>
                {contact.verificationSentAt ? p.again : p.ask}
              </Button>
            )}
          </>
        )}
        <p className="faint small">
          {p.history} <Ago at={contact.createdAt} />
        </p>
      </div>
    </Panel>
  )
}

/** Sends a test, or says why somebody gets something or not. */
export function Test({ contact }: { contact: Contact }) {
  const p = useWords(t)
  const rule = useRule()
  const channelName = useChannel()
  const say = useSaying()
  const { account, open } = useAccount()
  const client = useApolloClient()
  const [send, sending] = useAct(TEST)
  const { data: known } = useQuery(CHOICES, { variables: { accountId: account.id } })
  const categories = known?.permissionCatalog?.categories ?? []
  const [category, setCategory] = useState<string | null>(null)
  const [channel, setChannel] = useState<Channel>('EMAIL')
  const [answer, setAnswer] = useState<{ good: boolean; title: string; text: string } | null>(null)
  const [asking, setAsking] = useState(false)
  const chosen = category ?? categories[0]?.key ?? null
  const who = nameOf(contact)
  const because = (r: string | null) => (!r ? '' : r === 'SUPPRESSED' || r === 'UNSUBSCRIBED' ? p[r] : p.because(who, rule(r)))

  async function test() {
    if (!chosen) return
    const { payload, refusals } = await send({ input: { contactId: contact.id, category: chosen, channel } })
    setAnswer(
      refusals.length
        ? { good: false, title: p.notSent, text: refusals.map(say).join(' ') }
        : { good: !!payload?.sent, title: payload?.sent ? p.sent(channel === 'EMAIL' ? contact.email : who) : p.notSent, text: because(payload?.rule ?? null) },
    )
  }
  // Asked of the account, which decides for all its contacts together.
  async function why() {
    if (!chosen) return
    setAsking(true)
    let after: string | undefined
    try {
      for (;;) {
        const { data } = await client.query({ query: RECIPIENTS, variables: { accountId: account.id, category: chosen, channel, after }, fetchPolicy: 'no-cache' })
        const page = data?.account?.recipients
        const found = page?.nodes.find((r) => r.contact?.id === contact.id)
        if (found) return setAnswer({ good: found.receives, title: found.receives ? p.gets : p.not, text: because(found.rule) })
        if (!page?.pageInfo.hasNextPage) return
        after = page.pageInfo.endCursor ?? undefined
      }
    } finally {
      setAsking(false)
    }
  }
  return (
    <Panel title={p.test}>
      <div className="stack">
        <p className="faint small">{p.testText}</p>
        <Select label={p.category} value={chosen} onChange={(v) => (setCategory(v), setAnswer(null))} data={categories.map((c) => ({ value: c.key, label: c.label }))} />
        <SegmentedControl
          aria-label={p.channel}
          value={channel}
          onChange={(v) => (setChannel(v as Channel), setAnswer(null))}
          data={(['EMAIL', 'WEBHOOK', 'PHONE'] as const).map((c) => ({ value: c as string, label: channelName(c) }))}
        />
        <div className="row">
          <Button variant="default" className="grow" loading={sending} disabled={!open || channel === 'PHONE'} onClick={() => void test()}>
            {p.send}
          </Button>
          <Button variant="subtle" loading={asking} onClick={() => void why()}>
            {p.why}
          </Button>
        </div>
        <div role="status">
          {answer && (
            <div className="because">
              <span className={`sign ${answer.good ? 'good' : 'care'}`}>
                <Icon name={answer.good ? 'check' : 'close'} />
              </span>
              <div>
                <strong className="wrap">{answer.title}</strong>
                <p className="small wrap">{answer.text}</p>
              </div>
            </div>
          )}
        </div>
      </div>
    </Panel>
  )
}

/** Whether the contact signs in; gives a login and takes it away. */
export function Login({ contact, refetch }: { contact: Contact; refetch: () => Promise<void> }) {
  const p = useWords(t)
  const done = useSay()
  const format = useFormat()
  const { base, can, open } = useAccount()
  const [revoke] = useAct(REVOKE)
  const [asked, ask] = useState<'give' | 'take' | null>(null)
  const who = nameOf(contact)
  const { membership, invitation } = contact
  const roles = (membership ?? invitation)?.roles?.map((r) => r.name) ?? []
  return (
    <Panel
      title={p.login}
      actions={
        (membership || invitation) && (
          <Badge variant="light" color={membership?.state === 'ACTIVE' ? 'green' : membership ? 'gray' : 'blue'}>
            {!membership ? p.invited : membership.state === 'ACTIVE' ? p.signsIn : p.off}
          </Badge>
        )
      }
    >
      <div className="stack">
        {!can('users') ? (
          <p className="small">{p.noUsers}</p>
        ) : membership || invitation ? (
          <>
            {invitation && !membership && <p className="small">{p.until(format.ago(invitation.expiresAt))}</p>}
            <p className="small">
              <span className="faint">{p.roles}:</span> {roles.length ? format.list(roles) : p.noRoles}
            </p>
            {membership && (
              <Button variant="default" component={Link} href={`${base}/people/${membership.id}`}>
                {p.member}
              </Button>
            )}
            <Button variant="outline" color="red" onClick={() => ask('take')}>
              {p.takeAway}
            </Button>
          </>
        ) : (
          <>
            <p className="small">{p.none}</p>
            <Button variant="default" disabled={!open} onClick={() => ask('give')}>
              {p.give}
            </Button>
          </>
        )}
      </div>
      {asked === 'give' && <Give contact={contact} refetch={refetch} close={() => ask(null)} />}
      {asked === 'take' && (
        <Confirm
          title={p.takeTitle(who)}
          label={p.takeAway}
          danger
          close={() => ask(null)}
          act={async () => {
            const { refusals } = await revoke({ input: { contactId: contact.id } })
            if (!refusals.length) {
              done({ text: p.taken(who) })
              await refetch()
            }
            return refusals
          }}
        >
          {membership ? p.takeMember(who) : p.takeInvited}
        </Confirm>
      )}
    </Panel>
  )
}

function Give({ contact, refetch, close }: { contact: Contact; refetch: () => Promise<void>; close: () => void }) {
  const p = useWords(t)
  const done = useSay()
  const { account } = useAccount()
  const [update, updating] = useAct(UPDATE)
  const [grant, setGrant] = useState<Grant>(nothing)
  const [warnings, setWarnings] = useState<readonly { permission: string | null; message: string }[]>([])
  const [read, setRead] = useState(false)
  return (
    <Modal opened onClose={close} size={640} title={p.give} closeButtonProps={{ 'aria-label': p.close }}>
      <Form
        send={async () => {
          const login = { ...grant, subAccountIds: grant.subAccountAccess === 'SELECTED' ? grant.subAccountIds : undefined, acknowledgeRisks: read }
          const { payload, refusals } = await update({ input: { contactId: contact.id, login } })
          if (refusals.some((r) => r.code === 'RISK_NOT_ACKNOWLEDGED')) {
            setWarnings(payload?.riskWarnings ?? [])
            setRead(false)
            return
          }
          if (refusals.length) return refusals
          close()
          done({ text: payload?.login?.outcome === 'SKIPPED_ALREADY_MEMBER' ? p.linked(nameOf(contact)) : payload?.login?.outcome === 'SENT' ? p.sentInvitation(contact.email) : (payload?.login?.message ?? '') })
          await refetch()
        }}
      >
        <p>{p.giveText(contact.email)}</p>
        <Grants
          accountId={account.id}
          value={grant}
          onChange={(g) => {
            setGrant(g)
            setWarnings([])
          }}
        />
        <Risks warnings={warnings} read={read} onRead={setRead} reveal />
        <div className="row right sticky">
          <Button variant="default" onClick={close}>
            {p.cancel}
          </Button>
          <Button type="submit" loading={updating} disabled={(warnings.length > 0 && !read) || (grant.subAccountAccess === 'SELECTED' && !grant.subAccountIds.length)}>
            {p.invite}
          </Button>
        </div>
      </Form>
    </Modal>
  )
}

/** Deletes the contact, with or without its login. */
export function More({ contact }: { contact: Contact }) {
  const p = useWords(t)
  const done = useSay()
  const client = useApolloClient()
  const { base, can, open } = useAccount()
  const [, go] = useLocation()
  const [remove] = useAct(DELETE)
  const [asked, ask] = useState(false)
  const [also, setAlso] = useState(false)
  const who = nameOf(contact)
  const login = can('users') && (contact.membership || contact.invitation)
  return (
    <Panel title={p.more}>
      <div className="stack tight">
        <Button variant="outline" color="red" disabled={!open} onClick={() => ask(true)} fullWidth>
          {p.remove}
        </Button>
        <p className="faint small">{p.removeText}</p>
      </div>
      {asked && (
        <Confirm
          title={p.removeTitle(who)}
          label={p.remove}
          danger
          close={() => ask(false)}
          act={async () => {
            const { refusals } = await remove({ input: { contactId: contact.id, alsoRemoveMember: !!login && also } })
            if (!refusals.length) {
              done({ text: p.removed(who) })
              go(`${base}/contacts`)
              client.cache.evict({ id: client.cache.identify({ __typename: 'Contact', id: contact.id }) })
            }
            return refusals
          }}
        >
          <div className="stack">
            <p>{p.removeLong(who)}</p>
            {login && <Checkbox label={p.alsoMember} description={p.alsoMemberText} checked={also} onChange={(e) => setAlso(e.currentTarget.checked)} />}
          </div>
        </Confirm>
      )}
    </Panel>
  )
}
