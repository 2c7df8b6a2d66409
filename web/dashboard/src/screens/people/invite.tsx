import { Alert, Button, CloseButton, Loader, Modal, Radio, Select, Textarea, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useAct, useKey } from '../../api/act'
import { type Refusal, useSaying } from '../../api/failure'
import type { ResultOf } from '../../api/graphql'
import { type Address, readAddresses } from '../../parts/addresses'
import { Copy } from '../../parts/copy'
import { endOf, inDays } from '../../parts/field'
import { type Grant, Grants, nothing } from '../../parts/grants'
import { Icon } from '../../parts/icons'
import { playgroundLink } from '../../parts/page'
import { Risks } from '../../parts/risks'
import { useAccount } from '../../shell/account'
import { useFormat, useLanguage, useWords, words } from '../../words'
import { INVITE } from './operations'

const t = words({
  en: {
    steps: (n: number, name: string) => `Step ${n} of 3: ${name}`,
    who: 'Whom do you invite?',
    what: 'What may they do?',
    review: 'Look it over',
    done: 'Invited',
    addresses: 'Addresses',
    addressesText: 'Type or paste as many as you like, with or without names: one a line, or with commas between.',
    placeholder: 'Ada King <ada@example.com>, grace@example.com',
    add: 'Add',
    people: (n: number) => (n === 1 ? 'One person' : `${n} people`),
    clear: 'Remove all',
    drop: (who: string) => `Remove ${who}`,
    tooMany: 'At most 200 at once. Send these first, then the rest.',
    by: 'How do they hear of it?',
    mail: 'By mail, from here',
    link: 'By a link that you hand over',
    linkText: 'Nothing is mailed. A new person still proves the address before anything is theirs.',
    message: 'Personal words',
    messageText: 'At most 500 characters, without web addresses.',
    locale: 'Language of the mail',
    next: 'Next',
    back: 'Back',
    close: 'Close',
    checking: 'Looking at each address. Nothing is sent yet.',
    ready: (n: number, all: number) => (n === all ? `All ${n} can be invited.` : `${n} of ${all} can be invited.`),
    nobody: 'None of these can be invited: go back and change the addresses.',
    send: (n: number) => (n === 1 ? 'Send the invitation' : `Send ${n} invitations`),
    make: (n: number) => (n === 1 ? 'Make the link' : `Make ${n} links`),
    last: 'Last day of the access',
    lastText: 'For those who come for a time: after this day they are deactivated by themselves. Empty: without end.',
    ends: (date: string) => `Their access ends on ${date}.`,
    nothing: 'They are given nothing yet: they can join, and see what everybody sees.',
    given: (roles: number, permissions: number) => `They are offered ${[roles && (roles === 1 ? 'one role' : `${roles} roles`), permissions && (permissions === 1 ? 'one single permission' : `${permissions} single permissions`)].filter(Boolean).join(' and ')}.`,
    sent: (n: number) => (n === 1 ? 'One invitation is on its way.' : `${n} invitations are on their way.`),
    made: (n: number) => (n === 1 ? 'One link is ready. It is shown this once.' : `${n} links are ready. They are shown this once.`),
    finish: 'Done',
    show: 'Show this operation',
    outcomes: (o: string) => ({ SENT: 'is invited by mail', LINK_CREATED: 'gets a link from you', SKIPPED_ALREADY_MEMBER: 'belongs to the account already', SKIPPED_ALREADY_INVITED: 'is invited already: send it again instead', SKIPPED_DEACTIVATED_MEMBER: 'is a deactivated member: reactivate them instead', SKIPPED_DISPOSABLE_ADDRESS: 'is a throw-away address', SKIPPED_DUPLICATE: 'stands above already', SKIPPED_QUOTA: 'is over a limit: try again later' })[o] ?? '',
  },
  de: {
    steps: (n: number, name: string) => `Schritt ${n} von 3: ${name}`,
    who: 'Wen laden Sie ein?',
    what: 'Was dürfen sie?',
    review: 'Noch einmal ansehen',
    done: 'Eingeladen',
    addresses: 'Adressen',
    addressesText: 'Tippen oder fügen Sie so viele ein, wie Sie möchten, mit oder ohne Namen: eine je Zeile oder mit Kommas dazwischen.',
    placeholder: 'Ada King <ada@example.com>, grace@example.com',
    add: 'Hinzufügen',
    people: (n: number) => (n === 1 ? 'Eine Person' : `${n} Personen`),
    clear: 'Alle entfernen',
    drop: (who: string) => `${who} entfernen`,
    tooMany: 'Höchstens 200 auf einmal. Schicken Sie erst diese, dann den Rest.',
    by: 'Wie erfahren sie davon?',
    mail: 'Per Mail, von hier',
    link: 'Durch einen Link, den Sie weitergeben',
    linkText: 'Es wird nichts verschickt. Wer neu ist, bestätigt trotzdem zuerst die Adresse.',
    message: 'Persönliche Worte',
    messageText: 'Höchstens 500 Zeichen, ohne Webadressen.',
    locale: 'Sprache der Mail',
    next: 'Weiter',
    back: 'Zurück',
    close: 'Schließen',
    checking: 'Jede Adresse wird geprüft. Noch wird nichts verschickt.',
    ready: (n: number, all: number) => (all === 1 && n === 1 ? 'Die Adresse kann eingeladen werden.' : n === all ? `Alle ${n} können eingeladen werden.` : `${n} von ${all} können eingeladen werden.`),
    nobody: 'Niemand davon kann eingeladen werden: Gehen Sie zurück und ändern Sie die Adressen.',
    send: (n: number) => (n === 1 ? 'Einladung schicken' : `${n} Einladungen schicken`),
    make: (n: number) => (n === 1 ? 'Link erzeugen' : `${n} Links erzeugen`),
    last: 'Letzter Tag des Zugangs',
    lastText: 'Für alle, die auf Zeit kommen: Nach diesem Tag werden sie von selbst deaktiviert. Leer: ohne Ende.',
    ends: (date: string) => `Ihr Zugang endet am ${date}.`,
    nothing: 'Sie bekommen noch nichts: Sie können beitreten und sehen, was alle sehen.',
    given: (roles: number, permissions: number) => `Ihnen ${roles + permissions === 1 ? 'wird' : 'werden'} ${[roles && (roles === 1 ? 'eine Rolle' : `${roles} Rollen`), permissions && (permissions === 1 ? 'ein einzelnes Recht' : `${permissions} einzelne Rechte`)].filter(Boolean).join(' und ')} angeboten.`,
    sent: (n: number) => (n === 1 ? 'Eine Einladung ist unterwegs.' : `${n} Einladungen sind unterwegs.`),
    made: (n: number) => (n === 1 ? 'Ein Link ist fertig. Er wird nur dieses eine Mal gezeigt.' : `${n} Links sind fertig. Sie werden nur dieses eine Mal gezeigt.`),
    finish: 'Fertig',
    show: 'Diese Operation zeigen',
    outcomes: (o: string) => ({ SENT: 'wird per Mail eingeladen', LINK_CREATED: 'bekommt einen Link von Ihnen', SKIPPED_ALREADY_MEMBER: 'gehört schon zum Konto', SKIPPED_ALREADY_INVITED: 'ist schon eingeladen: Schicken Sie die Einladung noch einmal', SKIPPED_DEACTIVATED_MEMBER: 'ist ein deaktiviertes Mitglied: Aktivieren Sie es wieder', SKIPPED_DISPOSABLE_ADDRESS: 'ist eine Wegwerfadresse', SKIPPED_INVALID_ADDRESS: 'ist keine Adresse', SKIPPED_DOMAIN_NOT_ALLOWED: 'hat eine Domain, die dieses Konto nicht zulässt', SKIPPED_DUPLICATE: 'steht schon weiter oben', SKIPPED_QUOTA: 'ist über einer Obergrenze: später wieder versuchen' })[o] ?? '',
  },
})

type Payload = NonNullable<ResultOf<typeof INVITE>['inviteUsers']>
const locales = [
  { value: 'en', label: 'English' },
  { value: 'de', label: 'Deutsch' },
  { value: 'fr', label: 'Français' },
  { value: 'es', label: 'Español' },
]
const most = 200
const admitted = (outcome: string) => outcome === 'SENT' || outcome === 'LINK_CREATED'

/** Invites: whom, to what, a look at what would become of each address, and what became of it. */
export default function Invite({ close }: { close: (sent: boolean) => void }) {
  const p = useWords(t)
  const say = useSaying()
  const { account } = useAccount()
  const { language } = useLanguage()
  const format = useFormat()
  const [step, setStep] = useState<'who' | 'what' | 'review' | 'done'>('who')
  const [text, setText] = useState('')
  const [people, setPeople] = useState<Address[]>([])
  const [grant, setGrant] = useState<Grant>(nothing)
  const [last, setLast] = useState('')
  const [message, setMessage] = useState('')
  const [locale, setLocale] = useState<string>(language)
  const [byMail, setByMail] = useState(true)
  const [read, setRead] = useState(false)
  const key = useKey()
  const [checked, setChecked] = useState<Payload | null>(null)
  const [sent, setSent] = useState<Payload | null>(null)
  const [refusals, setRefusals] = useState<Refusal[]>([])
  const [invite, busy] = useAct(INVITE)
  const heading = useRef<HTMLHeadingElement>(null)
  const first = useRef(true)

  useEffect(() => {
    if (first.current) first.current = false
    else heading.current?.focus()
  }, [step])

  const input = {
    accountId: account.id,
    emails: people.slice(0, most).map(({ email, name }) => ({ email, name: name || undefined })),
    ...grant,
    subAccountIds: grant.subAccountAccess === 'SELECTED' ? grant.subAccountIds : undefined,
    accessEndsAt: last ? endOf(last) : undefined,
    message: message.trim() || undefined,
    locale,
    sendEmail: byMail,
  }
  const rows = (sent ?? checked)?.results ?? []
  const able = rows.filter((r) => admitted(r.outcome)).length
  const warnings = checked?.warnings ?? []

  // What stands in the box counts as well, for those who never press Enter.
  function take(more = text): Address[] {
    const known = new Set(people.map((a) => a.email.toLowerCase()))
    const all = [...people, ...readAddresses(more).filter((a) => !known.has(a.email.toLowerCase()))]
    setPeople(all)
    setText('')
    return all
  }

  async function check() {
    setStep('review')
    setChecked(null)
    setRefusals([])
    setRead(false)
    const { payload, refusals } = await invite({ input: { ...input, dryRun: true } })
    setChecked(payload)
    setRefusals(refusals.filter((r) => r.code !== 'RISK_NOT_ACKNOWLEDGED'))
  }

  async function send() {
    setRefusals([])
    const { payload, refusals } = await invite({ input: { ...input, acknowledgeRisks: read, idempotencyKey: key([input, read]) } })
    setRefusals(refusals)
    if (refusals.length || !payload) return
    setSent(payload)
    setStep('done')
  }

  const title = { who: p.who, what: p.what, review: p.review, done: p.done }[step]
  const number = { who: 1, what: 2, review: 3, done: 3 }[step]
  const wrong = refusals.length > 0 && (
    <Alert color="red" role="alert">
      {refusals.map(say).join(' ')}
    </Alert>
  )

  return (
    <Modal
      opened
      onClose={() => close(!!sent)}
      closeOnClickOutside={!people.length && !text}
      size={720}
      title={
        <span ref={heading} tabIndex={-1} className="wrap">
          {title} <span className="faint">· {account.name}</span>
        </span>
      }
      closeButtonProps={{ 'aria-label': p.close }}
    >
      <div className="stack">
        {step !== 'done' && (
          <p className="hidden" role="status">
            {p.steps(number, title)}
          </p>
        )}
        {step !== 'done' && (
          <ol className="steps" aria-hidden="true">
            {[1, 2, 3].map((n) => (
              <li key={n} data-on={n <= number || undefined} />
            ))}
          </ol>
        )}

        {step === 'who' && (
          <form
            className="stack"
            onSubmit={(e) => {
              e.preventDefault()
              if (take().length) setStep('what')
            }}
          >
            <Textarea
              label={p.addresses}
              description={p.addressesText}
              placeholder={p.placeholder}
              minRows={2}
              maxRows={6}
              autosize
              value={text}
              data-autofocus
              onChange={(e) => setText(e.currentTarget.value)}
              onPaste={(e) => {
                const pasted = e.clipboardData.getData('text')
                if (readAddresses(pasted).filter((a) => a.email.includes('@')).length < 2) return
                e.preventDefault()
                take(`${text}\n${pasted}`)
              }}
              onKeyDown={(e) => {
                if ((e.key === 'Enter' || e.key === ',') && !e.shiftKey && text.includes('@')) {
                  e.preventDefault()
                  take()
                }
              }}
            />
            {people.length > 0 && (
              <div>
                <p className="row small">
                  <strong className="grow" role="status">
                    {p.people(people.length)}
                  </strong>
                  <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setPeople([])}>
                    {p.clear}
                  </Button>
                </p>
                <ul className="chips">
                  {people.map((a) => (
                    <li key={a.email} className={a.email.includes('@') ? undefined : 'odd'}>
                      <span className="cut">
                        {a.name && <strong>{a.name} </strong>}
                        {a.email}
                      </span>
                      <CloseButton size="xs" aria-label={p.drop(a.email)} onClick={() => setPeople(people.filter((x) => x !== a))} />
                    </li>
                  ))}
                </ul>
              </div>
            )}
            {people.length > most && <Alert color="yellow">{p.tooMany}</Alert>}
            <Radio.Group label={p.by} value={byMail ? 'mail' : 'link'} onChange={(v) => setByMail(v === 'mail')}>
              <div className="stack tight">
                <Radio value="mail" label={p.mail} />
                <Radio value="link" label={p.link} description={p.linkText} />
              </div>
            </Radio.Group>
            {byMail && (
              <>
                <Textarea label={p.message} description={p.messageText} maxLength={500} autosize minRows={2} maxRows={5} value={message} onChange={(e) => setMessage(e.currentTarget.value)} />
                <Select label={p.locale} data={locales} value={locale} onChange={(v) => setLocale(v ?? 'en')} w={220} />
              </>
            )}
            <div className="row right">
              <Button type="submit" disabled={!people.length && !text.trim()}>
                {p.next}
              </Button>
            </div>
          </form>
        )}

        {step === 'what' && (
          <form
            className="stack"
            onSubmit={(e) => {
              e.preventDefault()
              void check()
            }}
          >
            <Grants accountId={account.id} value={grant} onChange={setGrant} />
            <TextInput type="date" label={p.last} description={p.lastText} inputWrapperOrder={['label', 'input', 'description']} className="day" min={inDays(0)} value={last} onChange={(e) => setLast(e.currentTarget.value)} />
            <div className="row right sticky">
              <Button variant="default" onClick={() => setStep('who')}>
                {p.back}
              </Button>
              <Button type="submit">{p.next}</Button>
            </div>
          </form>
        )}

        {(step === 'review' || step === 'done') && (
          <div className="stack">
            {step === 'review' && !checked && busy && (
              <p className="row" role="status">
                <Loader size="sm" aria-hidden="true" /> {p.checking}
              </p>
            )}
            {rows.length > 0 && (
              <>
                <p role="status">
                  <strong>{step === 'done' ? (byMail ? p.sent(able) : p.made(able)) : able ? p.ready(able, rows.length) : p.nobody}</strong>
                  {step === 'review' && able > 0 && (
                    <span className="faint"> {grant.roleIds.length + grant.permissions.length ? p.given(grant.roleIds.length, grant.permissions.length) : p.nothing} {last && p.ends(format.date(endOf(last)))}</span>
                  )}
                </p>
                <ul className="outcomes" tabIndex={0} aria-label={title}>
                  {rows.map((r, i) => (
                    <li key={`${r.email}-${i}`}>
                      <span className={`sign ${admitted(r.outcome) ? 'good' : 'care'}`}>
                        <Icon name={admitted(r.outcome) ? 'check' : 'warning'} size={16} />
                      </span>
                      <span className="grow wrap">
                        <strong>{r.email}</strong> <span className="faint">{p.outcomes(r.outcome) || r.message}</span>
                        {r.link && <span className="link mono">{r.link}</span>}
                      </span>
                      {r.link && <Copy text={r.link} what={r.email} />}
                    </li>
                  ))}
                </ul>
              </>
            )}
            {step === 'review' && <Risks warnings={warnings} read={read} onRead={setRead} />}
            {wrong}
            <div className="row right">
              <a className="small grow" href={playgroundLink({ document: INVITE, variables: { input: { ...input, dryRun: true }, locale: language } })} target="_blank" rel="noopener">
                {p.show}
              </a>
              {step === 'review' ? (
                <>
                  <Button variant="default" onClick={() => setStep(able || !checked ? 'what' : 'who')}>
                    {p.back}
                  </Button>
                  {able > 0 && (
                    <Button onClick={send} loading={busy && !!checked} disabled={warnings.length > 0 && !read}>
                      {byMail ? p.send(able) : p.make(able)}
                    </Button>
                  )}
                </>
              ) : (
                <Button onClick={() => close(true)}>{p.finish}</Button>
              )}
            </div>
          </div>
        )}
      </div>
    </Modal>
  )
}
