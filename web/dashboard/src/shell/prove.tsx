import { Alert, Button, Modal, PasswordInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useAct } from '../api/act'
import { useSaying } from '../api/failure'
import { graphql } from '../api/graphql'
import { useQuery } from '../api/query'
import { Form, useField } from '../parts/form'
import { passkeys, signWith } from '../parts/passkey'
import { useWords, words } from '../words'

const t = words({
  en: {
    title: 'Is it you?',
    text: 'What you are about to do is sensitive, so prove once more who you are. It holds for ten minutes.',
    password: 'Your password',
    code: 'Code of your authenticator app',
    go: 'Go on',
    passkey: 'Use a passkey',
    none: 'No passkey was used. Try again.',
    cancel: 'Cancel',
    close: 'Close',
    forgot: 'Forgot your password?',
    elsewhere: 'Your second factor is a passkey, and this browser cannot use one here. Sign out and in again with a recovery code: that is a proof as well.',
  },
  de: {
    title: 'Sind Sie es?',
    text: 'Was Sie vorhaben, ist heikel. Zeigen Sie noch einmal, dass Sie es sind. Es gilt zehn Minuten.',
    password: 'Ihr Passwort',
    code: 'Code Ihrer Authenticator-App',
    go: 'Weiter',
    passkey: 'Passkey verwenden',
    none: 'Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal.',
    cancel: 'Abbrechen',
    close: 'Schließen',
    forgot: 'Passwort vergessen?',
    elsewhere: 'Ihr zweiter Faktor ist ein Passkey, und dieser Browser kann hier keinen verwenden. Melden Sie sich ab und mit einem Wiederherstellungscode wieder an: Auch das gilt.',
  },
})

const HOW = graphql(`
  query HowToProve {
    viewer {
      id
      twoFactor {
        enabledAt
        authenticatorAddedAt
      }
      passkeys {
        id
      }
    }
  }
`)
const REAUTHENTICATE = graphql(`
  mutation Reauthenticate($input: ReauthenticateInput!) {
    reauthenticate(input: $input) {
      provedUntil
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
  mutation StartPasskeyProof {
    startPasskeyProof {
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
  mutation FinishPasskeyProof($input: FinishPasskeyProofInput!) {
    finishPasskeyProof(input: $input) {
      provedUntil
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)

function Password() {
  const p = useWords(t)
  return <PasswordInput {...useField('password')} label={p.password} autoComplete="current-password" required withAsterisk={false} data-autofocus />
}
function Code() {
  const p = useWords(t)
  return <TextInput {...useField('code')} label={p.code} autoComplete="one-time-code" inputMode="numeric" required withAsterisk={false} data-autofocus />
}

/** Asks for a fresh proof: with the second factor where there is one, otherwise with the password. */
export default function Prove({ done }: { done: (proved: boolean) => void }) {
  const p = useWords(t)
  const say = useSaying()
  const { data } = useQuery(HOW, { fetchPolicy: 'network-only' })
  const [reauthenticate, checking] = useAct(REAUTHENTICATE)
  const [start, starting] = useAct(START)
  const [finish, finishing] = useAct(FINISH)
  const [refused, setRefused] = useState('')
  const viewer = data?.viewer
  const second = !!viewer?.twoFactor.enabledAt
  const app = !!viewer?.twoFactor.authenticatorAddedAt
  const key = passkeys && !!viewer?.passkeys.length

  async function passkey() {
    setRefused('')
    const begun = await start({})
    if (begun.refusals.length || !begun.payload?.ceremonyId) return setRefused(begun.refusals.map(say).join(' '))
    const credential = await signWith(begun.payload.options)
    if (!credential) return setRefused(p.none)
    const { refusals } = await finish({ input: { ceremonyId: begun.payload.ceremonyId, credential } })
    if (refusals.length) setRefused(refusals.map(say).join(' '))
    else done(true)
  }

  return (
    <Modal opened onClose={() => done(false)} title={p.title} closeButtonProps={{ 'aria-label': p.close }}>
      <div className="stack">
        <p>{p.text}</p>
        {viewer && key && (
          <Button onClick={passkey} loading={starting || finishing} data-autofocus={!app || undefined}>
            {p.passkey}
          </Button>
        )}
        {refused && (
          <Alert color="red" role="alert">
            {refused}
          </Alert>
        )}
        {viewer && (app || !second) && (
          <Form
            send={async ({ password, code }) => {
              const { refusals } = await reauthenticate({ input: { password, code } })
              if (!refusals.length) done(true)
              return refusals
            }}
          >
            {app ? <Code /> : <Password />}
            <div className="row right">
              {!second && (
                <a className="small grow" href="/forgot-password">
                  {p.forgot}
                </a>
              )}
              <Button variant="default" onClick={() => done(false)}>
                {p.cancel}
              </Button>
              <Button type="submit" loading={checking} variant={key ? 'default' : 'filled'}>
                {p.go}
              </Button>
            </div>
          </Form>
        )}
        {viewer && second && !app && !key && <p>{p.elsewhere}</p>}
      </div>
    </Modal>
  )
}
