import { useQuery } from '@apollo/client/react'
import { Alert, Button, PasswordInput, TextInput } from '@mantine/core'
import { Suspense, useEffect, useState } from 'react'
import { useAct } from '../api/act'
import { who } from '../api/client'
import { type Refusal, useSaying } from '../api/failure'
import { graphql } from '../api/graphql'
import { Form, useField } from '../parts/form'
import { Logo } from '../parts/icons'
import { late } from '../parts/late'
import { passkeys, signWith } from '../parts/passkey'
import { Face } from '../parts/page'
import { useWords, words } from '../words'

const Ask = late(() => import('./ask'))

const t = words({
  en: {
    title: 'Sign in',
    ended: 'Your session has ended. Sign in to go on where you were.',
    email: 'Email address',
    password: 'Password',
    signIn: 'Sign in',
    passkey: 'Sign in with a passkey',
    through: (label: string) => `Sign in with ${label}`,
    forgot: 'Forgot your password?',
    signUp: 'New here? Sign up',
    noPasskey: 'No passkey was used. Try again, or sign in with your password.',
    step: 'One more step',
    stepText: (email: string) => `The sign-in of ${email} is protected by a second factor.`,
    code: 'Code',
    codeApp: 'The six digits of your authenticator app, or a recovery code',
    codeRecovery: 'A recovery code',
    usePasskey: 'Use a passkey',
    again: 'Begin again',
    stuck: 'It is a passkey, and this browser cannot use one here. Sign in with another browser.',
    demo: 'or come in as somebody from the demo',
    demoNote: 'Only on this machine: the demo data has the same password for everybody.',
  },
  de: {
    title: 'Anmelden',
    ended: 'Ihre Sitzung ist beendet. Melden Sie sich an, um hier weiterzumachen.',
    email: 'E-Mail-Adresse',
    password: 'Passwort',
    signIn: 'Anmelden',
    passkey: 'Mit Passkey anmelden',
    through: (label: string) => `Mit ${label} anmelden`,
    forgot: 'Passwort vergessen?',
    signUp: 'Neu hier? Registrieren',
    noPasskey: 'Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal, oder nehmen Sie Ihr Passwort.',
    step: 'Noch ein Schritt',
    stepText: (email: string) => `Die Anmeldung von ${email} ist durch einen zweiten Faktor geschützt.`,
    code: 'Code',
    codeApp: 'Die sechs Ziffern Ihrer Authenticator-App oder ein Wiederherstellungscode',
    codeRecovery: 'Ein Wiederherstellungscode',
    usePasskey: 'Passkey verwenden',
    again: 'Von vorn beginnen',
    stuck: 'Es ist ein Passkey, und dieser Browser kann hier keinen verwenden. Melden Sie sich mit einem anderen an.',
    demo: 'oder als jemand aus der Demo eintreten',
    demoNote: 'Nur auf diesem Rechner: In den Demodaten haben alle dasselbe Passwort.',
  },
})

const SIGN_IN = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      viewer {
        id
      }
      secondFactors
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
const VERIFY = graphql(`
  mutation VerifyTwoFactor($input: VerifyTwoFactorInput!) {
    verifyTwoFactor(input: $input) {
      viewer {
        id
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
const START = graphql(`
  mutation StartPasskeySignIn {
    startPasskeySignIn {
      ceremonyId
      options
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
const FINISH = graphql(`
  mutation FinishPasskeySignIn($input: FinishPasskeySignInInput!) {
    finishPasskeySignIn(input: $input) {
      viewer {
        id
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
const PROVIDERS = graphql(`
  query SignInProviders {
    signInProviders {
      key
      label
    }
  }
`)
const OPENID = graphql(`
  mutation StartOpenIdSignIn($input: StartOpenIdSignInInput!) {
    startOpenIdSignIn(input: $input) {
      url
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
const SIGN_OUT = graphql(`
  mutation SignOut {
    signOut {
      signedOut
      errors {
        code
        message
      }
    }
  }
`)

function Field({ name, label, type, complete, description, focus, letters }: { name: string; label: string; type?: string; complete: string; description?: string; focus?: boolean; letters?: boolean }) {
  const field = useField(name)
  const shared = { ...field, label, autoComplete: complete, required: true, withAsterisk: false, description, 'data-autofocus': focus, autoFocus: focus }
  if (type === 'password') return <PasswordInput {...shared} />
  return <TextInput {...shared} type={type} spellCheck={false} autoCapitalize={letters ? 'characters' : 'none'} />
}

/** The demo people of a server that runs for trying out. Elsewhere there is nobody. */
function useDemo() {
  const [demo, setDemo] = useState<{ password: string; people: { name: string; email: string; about: string }[] } | null>(null)
  useEffect(() => {
    fetch('/dashboard/demo.json')
      .then((r) => r.json())
      .then(setDemo, () => {})
  }, [])
  return demo
}

/** The way in, at whatever address one was: after it, the page goes on there. `ended` is for whoever was here until now. */
export default function SignIn({ pending, ended }: { pending: { secondFactors: string[]; maskedEmail: string } | null; ended?: boolean }) {
  const p = useWords(t)
  const say = useSaying()
  const demo = useDemo()
  const [signIn, signing] = useAct(SIGN_IN)
  const [verify, verifying] = useAct(VERIFY)
  const [start, starting] = useAct(START)
  const [finish, finishing] = useAct(FINISH)
  const [signOut] = useAct(SIGN_OUT)
  const [openId, leaving] = useAct(OPENID)
  const [refused, setRefused] = useState('')
  const [asked, setAsked] = useState<'up' | 'forgot' | null>(null)
  const providers = useQuery(PROVIDERS, { skip: !!pending }).data?.signInProviders ?? []

  useEffect(() => {
    if (!asked) document.title = `${pending ? p.step : p.title} · Tenantry`
  }, [pending, asked, p])

  async function enter(input: { email: string; password: string }): Promise<Refusal[]> {
    const { refusals } = await signIn({ input })
    if (!refusals.length) await who()
    return refusals
  }

  async function passkey() {
    setRefused('')
    const begun = await start({})
    if (begun.refusals.length || !begun.payload?.ceremonyId) return setRefused(begun.refusals.map(say).join(' '))
    const credential = await signWith(begun.payload.options)
    if (!credential) return setRefused(p.noPasskey)
    const done = await finish({ input: { ceremonyId: begun.payload.ceremonyId, credential } })
    if (done.refusals.length) return setRefused(done.refusals.map(say).join(' '))
    await who()
  }

  async function through(provider: string) {
    setRefused('')
    const { payload, refusals } = await openId({ input: { provider, returnTo: location.pathname + location.search } })
    if (payload?.url) location.assign(payload.url)
    else setRefused(refusals.map(say).join(' '))
  }

  const wrong = refused && (
    <Alert color="red" role="alert">
      {refused}
    </Alert>
  )

  if (pending) {
    const app = pending.secondFactors.includes('TOTP')
    const codes = app || pending.secondFactors.includes('RECOVERY_CODE')
    const withPasskey = pending.secondFactors.includes('PASSKEY') && passkeys
    return (
      <Door>
        <h1>{p.step}</h1>
        <div className="stack">
          <p>{p.stepText(pending.maskedEmail)}</p>
          {withPasskey && (
            <Button onClick={passkey} loading={starting || finishing} fullWidth>
              {p.usePasskey}
            </Button>
          )}
          {wrong}
          {codes && (
            <Form
              send={async (fields) => {
                const { refusals } = await verify({ input: { code: fields.code ?? '' } })
                if (!refusals.length) await who()
                return refusals
              }}
            >
              <Field name="code" label={p.code} complete="one-time-code" description={app ? p.codeApp : p.codeRecovery} focus letters />
              <Button type="submit" loading={verifying} variant={withPasskey ? 'default' : 'filled'} fullWidth>
                {p.signIn}
              </Button>
            </Form>
          )}
          {!codes && !withPasskey && <p>{p.stuck}</p>}
          <Button
            variant="subtle"
            onClick={async () => {
              const { refusals } = await signOut({})
              setRefused(refusals.map(say).join(' '))
              await who()
            }}
          >
            {p.again}
          </Button>
        </div>
      </Door>
    )
  }

  if (asked) {
    return (
      <Door>
        <Suspense>
          <Ask what={asked} mailbox={!!demo} back={() => setAsked(null)} />
        </Suspense>
      </Door>
    )
  }
  return (
    <Door>
      <h1>{p.title}</h1>
      {ended && (
        <p className="ended" role="alert">
          {p.ended}
        </p>
      )}
      <div className="stack">
        <Form send={(fields) => enter({ email: fields.email ?? '', password: fields.password ?? '' })}>
          <Field name="email" label={p.email} type="email" complete="username" focus />
          <Field name="password" label={p.password} type="password" complete="current-password" />
          <Button type="submit" loading={signing} fullWidth>
            {p.signIn}
          </Button>
        </Form>
        {passkeys && (
          <Button variant="default" onClick={passkey} loading={starting || finishing} fullWidth>
            {p.passkey}
          </Button>
        )}
        {providers.map((provider) => (
          <Button key={provider.key} variant="default" onClick={() => void through(provider.key)} loading={leaving} fullWidth>
            {p.through(provider.label)}
          </Button>
        ))}
        {wrong}
        <p className="row small">
          <button type="button" className="plain link" onClick={() => setAsked('forgot')}>
            {p.forgot}
          </button>
          <button type="button" className="plain link" onClick={() => setAsked('up')}>
            {p.signUp}
          </button>
        </p>
      </div>
      {demo && demo.people.length > 0 && (
        <section aria-label={p.demo}>
          <p className="or">{p.demo}</p>
          <ul className="demo">
            {demo.people.map((person) => (
              <li key={person.email}>
                <button type="button" className="plain pick" disabled={signing} onClick={() => void enter({ email: person.email, password: demo.password }).then((r) => setRefused(r.map(say).join(' ')))}>
                  <Face name={person.name} />
                  <span className="grow">
                    <strong>{person.name}</strong>
                    <span className="faint small cut">{person.about}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
          <p className="faint small">{p.demoNote}</p>
        </section>
      )}
    </Door>
  )
}

function Door({ children }: { children: React.ReactNode }) {
  return (
    <div className="door">
      <main className="card">
        <p className="brand">
          <Logo />
          Tenantry
        </p>
        {children}
      </main>
    </div>
  )
}
