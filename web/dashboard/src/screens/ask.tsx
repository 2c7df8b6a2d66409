import { Button, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useAct } from '../api/act'
import { graphql } from '../api/graphql'
import { Form, useField } from '../parts/form'
import { useLanguage, useWords, words } from '../words'

const t = words({
  en: {
    up: 'Sign up',
    upText: 'We send a link to your address. Behind it you choose a password, and you are in.',
    name: 'Your name',
    email: 'Email address',
    send: 'Send the link',
    forgot: 'A new password',
    forgotText: 'We send a link to your address. It is good for 30 minutes and keeps your second factor.',
    mailed: 'Look into your mail',
    mailedText: (email: string) => `If ${email} can be reached, a mail is on its way there. It says what to do next; look into your spam folder as well.`,
    mailbox: 'Open the mailbox of this machine',
    back: 'Back to signing in',
  },
  de: {
    up: 'Registrieren',
    upText: 'Wir schicken einen Link an Ihre Adresse. Dahinter wählen Sie ein Passwort, und Sie sind drin.',
    name: 'Ihr Name',
    email: 'E-Mail-Adresse',
    send: 'Link schicken',
    forgot: 'Ein neues Passwort',
    forgotText: 'Wir schicken einen Link an Ihre Adresse. Er gilt 30 Minuten, und Ihr zweiter Faktor bleibt.',
    mailed: 'Sehen Sie in Ihre Mail',
    mailedText: (email: string) => `Wenn ${email} erreichbar ist, ist eine Mail dorthin unterwegs. Darin steht, wie es weitergeht; sehen Sie auch im Spam-Ordner nach.`,
    mailbox: 'Das Postfach dieses Rechners öffnen',
    back: 'Zurück zur Anmeldung',
  },
})

const SIGN_UP = graphql(`
  mutation SignUp($input: SignUpInput!) {
    signUp(input: $input) {
      mailed
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
const RESET = graphql(`
  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
    requestPasswordReset(input: $input) {
      mailed
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)

function Name() {
  const p = useWords(t)
  return <TextInput {...useField('name')} label={p.name} autoComplete="name" required withAsterisk={false} maxLength={100} autoFocus />
}
function Email({ focus }: { focus: boolean }) {
  const p = useWords(t)
  return <TextInput {...useField('email')} label={p.email} type="email" autoComplete="username" required withAsterisk={false} autoFocus={focus} />
}

/** Asks for the mail that leads further: to an own user, or to a new password. Its link opens a page of its own. */
export default function Ask({ what, mailbox, back }: { what: 'up' | 'forgot'; mailbox: boolean; back: () => void }) {
  const p = useWords(t)
  const { language } = useLanguage()
  const [signUp, asking] = useAct(SIGN_UP)
  const [reset, resetting] = useAct(RESET)
  const [mailed, setMailed] = useState('')
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (mailed) heading.current?.focus()
  }, [mailed])
  useEffect(() => {
    document.title = `${p[what]} · Tenantry`
  }, [p, what])

  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {mailed ? p.mailed : p[what]}
      </h1>
      <div className="stack">
        {mailed ? (
          <>
            <p className="wrap">{p.mailedText(mailed)}</p>
            {mailbox && (
              <p>
                <a href="/dev/mail">{p.mailbox}</a>
              </p>
            )}
          </>
        ) : (
          <Form
            send={async ({ name, email = '' }) => {
              const { refusals } = what === 'up' ? await signUp({ input: { name, email, locale: language } }) : await reset({ input: { email } })
              if (!refusals.length) setMailed(email)
              return refusals
            }}
          >
            <p className="faint">{p[`${what}Text`]}</p>
            {what === 'up' && <Name />}
            <Email focus={what === 'forgot'} />
            <Button type="submit" loading={asking || resetting} fullWidth>
              {p.send}
            </Button>
          </Form>
        )}
        <Button variant="subtle" onClick={back}>
          {p.back}
        </Button>
      </div>
    </>
  )
}
