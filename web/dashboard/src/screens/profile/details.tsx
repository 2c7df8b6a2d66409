import { Alert, Button, Modal, PasswordInput, Select, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../api/act'
import { useSaying } from '../../api/failure'
import { graphql } from '../../api/graphql'
import { Form, useField } from '../../parts/form'
import { Panel } from '../../parts/page'
import { useSay } from '../../parts/said'
import { type Language, languages, useFormat, useLanguage, useWords, words } from '../../words'
import type { Part } from '../profile'

const t = words({
  en: {
    title: 'You',
    name: 'Name',
    locale: 'Language',
    localeText: 'Of this page and of the mail you get.',
    save: 'Save',
    saved: 'Saved.',
    email: 'Address',
    change: 'Change',
    waiting: (email: string, until: string) => `${email} waits for its proof until ${until}: follow the link in the mail there.`,
    forget: 'Forget it',
    forgotten: 'The new address is forgotten.',
    emailTitle: 'Sign in with another address',
    emailText: 'A link goes to the new address. Until you follow it, the present one stays, and it is told.',
    newEmail: 'New address',
    send: 'Send the link',
    mailed: (email: string) => `A link is on its way to ${email}.`,
    password: 'Password',
    passwordTitle: 'Change your password',
    passwordText: 'Everywhere else you are signed out.',
    current: 'Present password',
    next: 'New password',
    nextText: 'At least 10 characters, hard to guess: a few words are good.',
    changed: (n: number) => (n ? `The password is changed, and ${n === 1 ? 'one other session has' : `${n} other sessions have`} ended.` : 'The password is changed.'),
    home: 'You start in',
    noHome: 'the last account, or are asked',
    forgetHome: 'Ask me',
    homeForgotten: 'You are asked next time.',
    cancel: 'Cancel',
    close: 'Close',
  },
  de: {
    title: 'Sie',
    name: 'Name',
    locale: 'Sprache',
    localeText: 'Dieser Seite und der Mails, die Sie bekommen.',
    save: 'Speichern',
    saved: 'Gespeichert.',
    email: 'Adresse',
    change: 'Ändern',
    waiting: (email: string, until: string) => `${email} wartet bis ${until} auf die Bestätigung: Folgen Sie dem Link in der Mail dort.`,
    forget: 'Vergessen',
    forgotten: 'Die neue Adresse ist vergessen.',
    emailTitle: 'Mit anderer Adresse anmelden',
    emailText: 'An die neue Adresse geht ein Link. Bis Sie ihm folgen, bleibt die bisherige, und sie erfährt davon.',
    newEmail: 'Neue Adresse',
    send: 'Link schicken',
    mailed: (email: string) => `Ein Link ist unterwegs an ${email}.`,
    password: 'Passwort',
    passwordTitle: 'Passwort ändern',
    passwordText: 'Überall sonst werden Sie abgemeldet.',
    current: 'Bisheriges Passwort',
    next: 'Neues Passwort',
    nextText: 'Mindestens 10 Zeichen, schwer zu erraten: ein paar Wörter sind gut.',
    changed: (n: number) => (n ? `Das Passwort ist geändert, und ${n === 1 ? 'eine andere Sitzung wurde' : `${n} andere Sitzungen wurden`} beendet.` : 'Das Passwort ist geändert.'),
    home: 'Sie beginnen in',
    noHome: 'dem letzten Konto, oder Sie werden gefragt',
    forgetHome: 'Mich fragen',
    homeForgotten: 'Beim nächsten Mal werden Sie gefragt.',
    cancel: 'Abbrechen',
    close: 'Schließen',
  },
})

const UPDATE = graphql(`
  mutation UpdateProfile($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      viewer {
        id
        name
        locale
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
const REQUEST = graphql(`
  mutation RequestEmailChange($input: RequestEmailChangeInput!) {
    requestEmailChange(input: $input) {
      emailChange {
        email
        expiresAt
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
const FORGET = graphql(`
  mutation CancelEmailChange {
    cancelEmailChange {
      canceled
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
const PASSWORD = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      endedSessions
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
const HOME = graphql(`
  mutation SetDefaultAccount($input: SetDefaultAccountInput!) {
    setDefaultAccount(input: $input) {
      viewer {
        id
        defaultAccount {
          id
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

function Text({ name, label, ...more }: { name: string; label: string; type?: string; defaultValue?: string; autoComplete: string; 'data-autofocus'?: boolean }) {
  return <TextInput {...useField(name)} label={label} required withAsterisk={false} {...more} />
}
function Secret({ name, label, ...more }: { name: string; label: string; description?: string; autoComplete: string; 'data-autofocus'?: boolean }) {
  return <PasswordInput {...useField(name)} label={label} required withAsterisk={false} {...more} />
}

/** Name, language, address, password, and where one starts. */
export function Details({ person, changed }: Part) {
  const p = useWords(t)
  const done = useSay()
  const format = useFormat()
  const { choose } = useLanguage()
  const [update, saving] = useAct(UPDATE)
  const [request, requesting] = useAct(REQUEST)
  const say = useSaying()
  const [forget, forgetting] = useAct(FORGET)
  const [password, changing] = useAct(PASSWORD)
  const [home] = useAct(HOME)
  const [open, setOpen] = useState<'email' | 'password' | null>(null)
  const [locale, setLocale] = useState(person.locale.split('-')[0] ?? 'en')
  const close = () => setOpen(null)
  const locales = { ...languages, fr: 'Français', es: 'Español' }

  const foot = (label: string, busy: boolean): ReactNode => (
    <div className="row right">
      <Button variant="default" onClick={close}>
        {p.cancel}
      </Button>
      <Button type="submit" loading={busy}>
        {label}
      </Button>
    </div>
  )

  return (
    <Panel title={p.title}>
      <div className="stack">
        <Form
          send={async ({ name }) => {
            const { refusals } = await update({ input: { name, locale } })
            if (refusals.length) return refusals
            if (locale in languages) choose(locale as Language)
            done({ text: p.saved })
          }}
        >
          <div className="pair">
            <Text name="name" label={p.name} defaultValue={person.name} autoComplete="name" />
            <Select label={p.locale} description={p.localeText} value={locale} onChange={(v) => setLocale(v ?? 'en')} data={Object.entries(locales).map(([value, label]) => ({ value, label }))} inputWrapperOrder={['label', 'input', 'description']} />
          </div>
          <div className="row right">
            <Button type="submit" loading={saving}>
              {p.save}
            </Button>
          </div>
        </Form>
        <ul className="settings">
          <li>
            <div className="grow">
              <strong>{p.email}</strong>
              <p className="wrap faint">{person.email}</p>
            </div>
            <Button variant="default" size="sm" onClick={() => setOpen('email')} aria-label={`${p.email}: ${p.change}`}>
              {p.change}
            </Button>
          </li>
          {person.emailChange && (
            <li>
              <Alert className="grow">{p.waiting(person.emailChange.email, format.moment(person.emailChange.expiresAt))}</Alert>
              <Button
                variant="default"
                size="sm"
                loading={forgetting}
                onClick={async () => {
                  const { refusals } = await forget({})
                  done({ text: refusals.length ? refusals.map(say).join(' ') : p.forgotten })
                  changed()
                }}
              >
                {p.forget}
              </Button>
            </li>
          )}
          <li>
            <div className="grow">
              <strong>{p.password}</strong>
              <p className="faint">••••••••••</p>
            </div>
            <Button variant="default" size="sm" onClick={() => setOpen('password')} aria-label={`${p.password}: ${p.change}`}>
              {p.change}
            </Button>
          </li>
          <li>
            <div className="grow">
              <strong>{p.home}</strong>
              <p className="faint wrap">{person.defaultAccount?.name ?? p.noHome}</p>
            </div>
            {person.defaultAccount && (
              <Button
                variant="default"
                size="sm"
                onClick={async () => {
                  const { refusals } = await home({ input: { accountId: null } })
                  if (!refusals.length) done({ text: p.homeForgotten })
                  changed()
                }}
              >
                {p.forgetHome}
              </Button>
            )}
          </li>
        </ul>
      </div>
      {open === 'email' && (
        <Modal opened onClose={close} title={p.emailTitle} closeButtonProps={{ 'aria-label': p.close }}>
          <Form
            send={async ({ email = '' }) => {
              const { refusals } = await request({ input: { email } })
              if (refusals.length) return refusals
              done({ text: p.mailed(email) })
              close()
              changed()
            }}
          >
            <p className="faint">{p.emailText}</p>
            <Text name="email" label={p.newEmail} type="email" autoComplete="email" data-autofocus />
            {foot(p.send, requesting)}
          </Form>
        </Modal>
      )}
      {open === 'password' && (
        <Modal opened onClose={close} title={p.passwordTitle} closeButtonProps={{ 'aria-label': p.close }}>
          <Form
            send={async ({ currentPassword = '', newPassword = '' }) => {
              const { payload, refusals } = await password({ input: { currentPassword, newPassword } })
              if (refusals.length) return refusals
              done({ text: p.changed(payload?.endedSessions ?? 0) })
              close()
              changed()
            }}
          >
            <p className="faint">{p.passwordText}</p>
            <input type="text" name="username" value={person.email} autoComplete="username" readOnly hidden />
            <Secret name="currentPassword" label={p.current} autoComplete="current-password" data-autofocus />
            <Secret name="newPassword" label={p.next} description={p.nextText} autoComplete="new-password" />
            {foot(p.change, changing)}
          </Form>
        </Modal>
      )}
    </Panel>
  )
}
