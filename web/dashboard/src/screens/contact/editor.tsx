import { Alert, Button, Checkbox, Radio, Select, Skeleton, Textarea, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { useAct, useKey } from '../../api/act'
import type { Refusal } from '../../api/failure'
import { useQuery } from '../../api/query'
import { Form, useField } from '../../parts/form'
import { type Grant, Grants, nothing } from '../../parts/grants'
import { Panel } from '../../parts/page'
import { Risks } from '../../parts/risks'
import { useSay } from '../../parts/said'
import { useAccount } from '../../shell/account'
import { useFormat, useLanguage, useWords, words } from '../../words'
import { nameOf, wanting } from '../contacts/wants'
import { blank, type Draft, different, draftOf, rebased, sent, type Text, type Type, types } from './draft'
import { CHOICES, type Contact, CREATE, UPDATE } from './operations'
import { Preferences } from './preferences'

const t = words({
  en: {
    details: 'Details',
    email: 'Email address',
    emailText: 'Where mail goes. The only thing that is needed.',
    firstName: 'First name',
    lastName: 'Last name',
    company: 'Company',
    phone: 'Telephone',
    phoneText: 'With the country: +49 30 1234567',
    type: 'What they are to you',
    locale: 'Language of their mail',
    postal: 'Postal address',
    line1: 'Street and number',
    line2: 'More of the address',
    city: 'Town',
    region: 'State or county',
    postalCode: 'Postal code',
    country: 'Country',
    countryText: 'Two letters, such as DE',
    notes: 'Notes',
    notesText: 'For you and your colleagues. Never sent.',
    externalId: 'Number in another system',
    BILLING: 'Billing',
    TECHNICAL: 'Technical',
    ADMINISTRATIVE: 'Administrative',
    CONTRACTUAL: 'Contractual',
    OTHER: 'Something else',
    preferences: 'Preferences',
    covers: 'Sub-accounts',
    coversText: 'Whether they get the notifications of sub-accounts as well.',
    NONE: 'None',
    SELECTED: 'Some',
    ALL: 'All, also those opened later',
    login: 'Let them sign in',
    loginText: 'They get an invitation, set their own password, and may then do what you choose here.',
    save: 'Save',
    add: 'Add the contact',
    reset: 'Reset',
    cancel: 'Cancel',
    saved: (who: string) => `${who} is saved.`,
    added: (who: string) => `${who} is there.`,
    invited: (who: string) => `${who} is there, and an invitation is on its way.`,
    silent: (who: string) => `${who} is saved, and gets nothing: check the preferences.`,
    fallback: (who: string) => `${who} is saved. Something that somebody must get now reaches no contact, so the owner gets it.`,
    conflict: 'Somebody changed this contact while you were at it. What you typed is kept, what you did not touch is as they left it. Look it over and save.',
    theirs: 'They changed:',
    subAccountAccess: 'Sub-accounts',
    subAccountIds: 'Sub-accounts',
  },
  de: {
    details: 'Angaben',
    email: 'E-Mail-Adresse',
    emailText: 'Wohin die Post geht. Nur das muss sein.',
    firstName: 'Vorname',
    lastName: 'Nachname',
    company: 'Firma',
    phone: 'Telefon',
    phoneText: 'Mit Landesvorwahl: +49 30 1234567',
    type: 'Wofür der Kontakt da ist',
    locale: 'Sprache der Mails',
    postal: 'Anschrift',
    line1: 'Straße und Hausnummer',
    line2: 'Adresszusatz',
    city: 'Ort',
    region: 'Bundesland oder Region',
    postalCode: 'Postleitzahl',
    country: 'Land',
    countryText: 'Zwei Buchstaben, etwa DE',
    notes: 'Notizen',
    notesText: 'Für Sie und Ihre Kollegen. Werden nie verschickt.',
    externalId: 'Nummer in einem anderen System',
    BILLING: 'Abrechnung',
    TECHNICAL: 'Technik',
    ADMINISTRATIVE: 'Verwaltung',
    CONTRACTUAL: 'Verträge',
    OTHER: 'Etwas anderes',
    preferences: 'Einstellungen',
    covers: 'Unterkonten',
    coversText: 'Ob auch die Benachrichtigungen von Unterkonten dorthin gehen.',
    NONE: 'Keine',
    SELECTED: 'Einige',
    ALL: 'Alle, auch spätere',
    login: 'Anmeldung erlauben',
    loginText: 'Es geht eine Einladung hinaus, das Passwort wird selbst gesetzt, und erlaubt ist dann, was Sie hier wählen.',
    save: 'Speichern',
    add: 'Kontakt anlegen',
    reset: 'Zurücksetzen',
    cancel: 'Abbrechen',
    saved: (who: string) => `${who} ist gespeichert.`,
    added: (who: string) => `${who} ist angelegt.`,
    invited: (who: string) => `${who} ist angelegt, und eine Einladung ist unterwegs.`,
    silent: (who: string) => `${who} ist gespeichert und bekommt nichts: Prüfen Sie die Einstellungen.`,
    fallback: (who: string) => `${who} ist gespeichert. Etwas, das jemand bekommen muss, erreicht jetzt keinen Kontakt, darum geht es an den Inhaber.`,
    conflict: 'Jemand hat diesen Kontakt inzwischen geändert. Was Sie eingegeben haben, bleibt; was Sie nicht angerührt haben, ist auf dem neuen Stand. Sehen Sie es an und speichern Sie.',
    theirs: 'Geändert wurde:',
    subAccountAccess: 'Unterkonten',
    subAccountIds: 'Unterkonten',
  },
})

const spoken = ['en', 'de', 'fr', 'es']

/** Everything about a contact in one form, saved in one step: an existing one, or one to be added. */
export function Editor({ contact, refetch }: { contact?: Contact; refetch?: () => Promise<void> }) {
  const p = useWords(t)
  const done = useSay()
  const format = useFormat()
  const { language } = useLanguage()
  const { account, base, can, open } = useAccount()
  const [, go] = useLocation()
  const [query] = useSearchParams()
  const { data: known } = useQuery(CHOICES, { variables: { accountId: account.id } })
  const [create, creating] = useAct(CREATE)
  const [update, updating] = useAct(UPDATE)
  const key = useKey()
  const [draft, setDraft] = useState(() => (contact ? draftOf(contact) : blank(language)))
  const before = useRef(contact ? draftOf(contact) : draft)
  const [theirs, setTheirs] = useState<(keyof Draft)[]>([])
  const told = useRef<HTMLDivElement>(null)
  const [login, setLogin] = useState<Grant | null>(null)
  const [warnings, setWarnings] = useState<readonly { permission: string | null; message: string }[]>([])
  const [read, setRead] = useState(false)
  const categories = known?.permissionCatalog?.categories ?? []
  const subs = known?.account?.subAccounts?.nodes ?? []
  const changed = different(draft, before.current)
  const dirty = changed.length > 0
  const fixed = !open

  // What is stored changed, by saving or by somebody else: what is typed stays on top of it.
  const version = contact?.version
  useEffect(() => {
    if (!contact) return
    const now = draftOf(contact)
    const was = before.current
    before.current = now
    setDraft((typed) => {
      const touched = different(typed, was)
      const changedByOthers = different(now, was).filter((k) => different(now, typed).includes(k))
      setTheirs(touched.length && changedByOthers.length ? different(now, was) : [])
      return rebased(typed, was, now)
    })
  }, [version])

  // From coverage one comes with what the new contact is for.
  const wanted = query.get('category')
  const begun = useRef(false)
  useEffect(() => {
    const category = categories.find((c) => c.key === wanted)
    if (contact || begun.current || !category) return
    begun.current = true
    setDraft((was) => ({ ...was, preferences: wanting(was.preferences, categories, category, 'EMAIL', true) }))
  }, [categories, wanted, contact])

  const set = <K extends keyof Draft>(name: K, value: Draft[K]) => setDraft((was) => ({ ...was, [name]: value }))
  const text = (name: Text) => ({ name, value: draft[name], onChange: (value: string) => set(name, value), fixed })
  const who = nameOf(draft)

  async function save(): Promise<Refusal[] | void> {
    if (contact) {
      const { payload, refusals } = await update({ input: { contactId: contact.id, version: contact.version, ...sent(draft, before.current) } })
      if (refusals.some((r) => r.code === 'CONFLICT' && r.field === 'version')) {
        await refetch?.()
        return told.current?.scrollIntoView({ block: 'center' })
      }
      if (refusals.length) return refusals
      setTheirs([])
      done({ text: payload?.warnings.includes('CONTACT_RECEIVES_NOTHING') ? p.silent(who) : payload?.warnings.includes('OWNER_IS_FALLBACK') ? p.fallback(who) : p.saved(who) })
      return
    }
    const offer = login && { ...login, subAccountIds: login.subAccountAccess === 'SELECTED' ? login.subAccountIds : undefined, acknowledgeRisks: read }
    const input = { accountId: account.id, email: draft.email.trim(), ...sent(draft), login: offer ?? undefined }
    const { payload, refusals } = await create({ input: { ...input, idempotencyKey: key(input) } })
    if (refusals.some((r) => r.code === 'RISK_NOT_ACKNOWLEDGED')) {
      setWarnings(payload?.riskWarnings ?? [])
      setRead(false)
      return
    }
    if (refusals.length) return refusals
    done({ text: payload?.warnings.includes('CONTACT_RECEIVES_NOTHING') ? p.silent(who) : login ? p.invited(who) : p.added(who) })
    go(payload?.contact ? `${base}/contacts/${payload.contact.id}` : `${base}/contacts`)
  }

  const labels = [...new Set(theirs.map((k) => p[k as 'email'] ?? k))]
  return (
    <Form send={save} className="stack side-stack">
      {theirs.length > 0 && (
        <Alert ref={told} color="yellow" role="alert">
          {p.conflict}
          <br />
          <strong>{p.theirs}</strong> {format.list(labels)}
        </Alert>
      )}
      <Panel title={p.details}>
        <div className="stack">
          <Line {...text('email')} label={p.email} description={p.emailText} type="email" required focus={!contact} complete="off" max={254} />
          <div className="pair">
            <Line {...text('firstName')} label={p.firstName} max={100} />
            <Line {...text('lastName')} label={p.lastName} max={100} />
            <Line {...text('company')} label={p.company} max={200} />
            <Line {...text('phone')} label={p.phone} description={p.phoneText} type="tel" max={40} />
            <Choice name="type" label={p.type} value={draft.type} onChange={(v) => set('type', v as Type)} data={types.map((value) => ({ value: value as string, label: p[value] }))} fixed={fixed} />
            <Choice
              name="locale"
              label={p.locale}
              value={draft.locale}
              onChange={(v) => set('locale', v)}
              data={[...new Set([...spoken, draft.locale].filter(Boolean))].map((value) => ({ value, label: new Intl.DisplayNames(language, { type: 'language' }).of(value) ?? value }))}
              fixed={fixed}
            />
          </div>
          <fieldset className="plainset stack">
            <legend className="legend">{p.postal}</legend>
            <div className="pair">
              <Line {...text('line1')} label={p.line1} max={200} />
              <Line {...text('line2')} label={p.line2} max={200} />
              <Line {...text('postalCode')} label={p.postalCode} max={20} />
              <Line {...text('city')} label={p.city} max={100} />
              <Line {...text('region')} label={p.region} max={100} />
              <Line {...text('country')} label={p.country} description={p.countryText} max={2} upper />
            </div>
          </fieldset>
          <div className="pair">
            <Notes {...text('notes')} label={p.notes} description={p.notesText} />
            <Line {...text('externalId')} label={p.externalId} max={100} />
          </div>
        </div>
      </Panel>
      <Panel title={p.preferences}>
        <div className="stack">
          {known ? <Preferences categories={categories} value={draft.preferences} onChange={(v) => set('preferences', v)} contact={contact} fixed={fixed} /> : <Skeleton h={380} />}
          {subs.length > 0 && (
            <fieldset className="plainset stack">
              <div>
                <legend className="legend">{p.covers}</legend>
                <p className="faint small">{p.coversText}</p>
              </div>
              <Radio.Group aria-label={p.covers} value={draft.subAccountAccess} onChange={(v) => setDraft((was) => ({ ...was, subAccountAccess: v as Draft['subAccountAccess'], subAccountIds: [] }))}>
                <div className="stack tight">
                  {(['NONE', 'SELECTED', 'ALL'] as const).map((access) => (
                    <div key={access} className="stack tight">
                      <Radio value={access} label={p[access]} disabled={fixed} />
                      {access === 'SELECTED' && draft.subAccountAccess === access && (
                        <ul className="subs">
                          {subs.map((s) => (
                            <li key={s.id}>
                              <Checkbox
                                label={s.name}
                                checked={draft.subAccountIds.includes(s.id)}
                                disabled={fixed}
                                onChange={(e) => set('subAccountIds', e.currentTarget.checked ? [...draft.subAccountIds, s.id] : draft.subAccountIds.filter((id) => id !== s.id))}
                              />
                            </li>
                          ))}
                        </ul>
                      )}
                    </div>
                  ))}
                </div>
              </Radio.Group>
            </fieldset>
          )}
        </div>
      </Panel>
      {!contact && can('users') && (
        <section className="panel">
          <div className="body stack">
            <Checkbox label={p.login} description={p.loginText} checked={!!login} onChange={(e) => (setLogin(e.currentTarget.checked ? nothing : null), setWarnings([]))} />
            {login && <Grants accountId={account.id} value={login} onChange={setLogin} />}
            <Risks warnings={warnings} read={read} onRead={setRead} reveal />
          </div>
        </section>
      )}
      {open && (
        <div className="row right keep" data-dirty={!contact || dirty || undefined}>
          {contact ? (
            <Button variant="default" disabled={!dirty} onClick={() => (setDraft(before.current), setTheirs([]))}>
              {p.reset}
            </Button>
          ) : (
            <Button variant="default" onClick={() => go(`${base}/contacts`)}>
              {p.cancel}
            </Button>
          )}
          <Button type="submit" loading={creating || updating} disabled={(!!contact && !dirty) || (warnings.length > 0 && !read) || (draft.subAccountAccess === 'SELECTED' && !draft.subAccountIds.length)}>
            {contact ? p.save : p.add}
          </Button>
        </div>
      )}
    </Form>
  )
}

// Fields that stand side by side begin at the same height, whatever is said about them.
const below = { inputWrapperOrder: ['label', 'input', 'error', 'description'] as ('label' | 'input' | 'error' | 'description')[] }

type Typed = { name: string; label: string; description?: string; value: string; onChange: (value: string) => void; fixed: boolean }

function Line({ value, onChange, fixed, name, max, focus, complete = 'off', upper, ...rest }: Typed & { type?: string; required?: boolean; max: number; focus?: boolean; complete?: string; upper?: boolean }) {
  return (
    <TextInput
      {...useField(name)}
      {...rest}
      {...below}
      withAsterisk={false}
      value={value}
      onChange={(e) => onChange(upper ? e.currentTarget.value.toUpperCase() : e.currentTarget.value)}
      readOnly={fixed}
      maxLength={max}
      autoFocus={focus}
      autoComplete={complete}
      spellCheck={false}
    />
  )
}

function Notes({ value, onChange, fixed, name, ...rest }: Typed) {
  return <Textarea {...useField(name)} {...rest} {...below} value={value} onChange={(e) => onChange(e.currentTarget.value)} readOnly={fixed} maxLength={2000} rows={3} />
}

function Choice({ value, onChange, fixed, name, ...rest }: Typed & { data: { value: string; label: string }[] }) {
  const { error } = useField(name)
  return <Select {...rest} error={error} value={value} onChange={(v) => v && onChange(v)} disabled={fixed} />
}
