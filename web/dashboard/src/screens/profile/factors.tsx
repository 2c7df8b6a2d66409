import { ActionIcon, Alert, Badge, Button, Menu, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useAct } from '../../api/act'
import { useSaying } from '../../api/failure'
import { graphql } from '../../api/graphql'
import { Confirm } from '../../parts/confirm'
import { Form, useField } from '../../parts/form'
import { Icon } from '../../parts/icons'
import { Panel } from '../../parts/page'
import { makePasskey, passkeys } from '../../parts/passkey'
import { useSay } from '../../parts/said'
import { Ago, useFormat, useWords, words } from '../../words'
import type { Part } from '../profile'

const t = words({
  en: {
    title: 'Second factor and passkeys',
    on: 'on',
    off: 'off',
    offText: 'Whoever learns your password is you. An authenticator app or a passkey ends that.',
    app: 'Authenticator app',
    appSince: (when: string) => `Set up on ${when}. It is asked for after the password.`,
    appNone: 'A six-digit code from an app on your telephone.',
    setUp: 'Set up',
    takeAway: 'Take away',
    codes: 'Recovery codes',
    codesLeft: (n: number) => `${n} left. Each stands in once for a lost telephone.`,
    codesFew: (n: number) => `Only ${n} left: make new ones soon.`,
    renew: 'Make new ones',
    passkey: 'Passkeys',
    passkeyText: 'Signs in without a password, by your fingerprint, face or the lock of your device.',
    add: 'Add a passkey',
    added: (n: number) => `The passkey is added.${n ? ` ${n === 1 ? 'One other session has' : `${n} other sessions have`} ended.` : ''}`,
    declined: 'No passkey was made. Perhaps this device has one already.',
    used: 'last used',
    unused: 'never used yet',
    rename: 'Rename',
    renamed: 'Renamed.',
    name: 'Name',
    remove: 'Remove',
    removeTitle: (name: string) => `Remove the passkey “${name}”?`,
    removeText: 'It signs nobody in from now on, and every other session of yours ends. If it is your only second factor, your sign-in is protected by the password alone.',
    removed: 'The passkey is removed.',
    what: (name: string) => `What to do with ${name}`,
    scanTitle: 'Set up an authenticator app',
    scan: 'Scan this with your app, then type the six digits that it shows.',
    scanAlt: 'QR code for the authenticator app',
    type: 'Or type this key into it:',
    openApp: 'Open in an app on this device',
    code: 'Code',
    confirm: 'Turn on',
    keepTitle: 'Keep your recovery codes',
    keep: 'Each signs you in once when you have lost your telephone. They are shown this once: print them, or put them into your password manager.',
    copy: 'Copy all',
    copied: 'Copied',
    kept: 'I have kept them',
    disableTitle: 'Take the authenticator app away?',
    disableText: 'Without a passkey your sign-in is then protected by the password alone, and accounts that ask for a second factor keep you out. Every other session of yours ends.',
    disabled: 'The authenticator app is taken away.',
    renewTitle: 'Make new recovery codes?',
    renewText: 'All codes you have kept so far stop working.',
    cancel: 'Cancel',
    save: 'Save',
    close: 'Close',
  },
  de: {
    title: 'Zweiter Faktor und Passkeys',
    on: 'an',
    off: 'aus',
    offText: 'Wer Ihr Passwort erfährt, ist Sie. Eine Authenticator-App oder ein Passkey beendet das.',
    app: 'Authenticator-App',
    appSince: (when: string) => `Eingerichtet am ${when}. Danach wird nach dem Passwort gefragt.`,
    appNone: 'Ein sechsstelliger Code aus einer App auf Ihrem Telefon.',
    setUp: 'Einrichten',
    takeAway: 'Wegnehmen',
    codes: 'Wiederherstellungscodes',
    codesLeft: (n: number) => `Noch ${n}. Jeder ersetzt einmal ein verlorenes Telefon.`,
    codesFew: (n: number) => `Nur noch ${n}: Erzeugen Sie bald neue.`,
    renew: 'Neue erzeugen',
    passkey: 'Passkeys',
    passkeyText: 'Meldet ohne Passwort an, mit Fingerabdruck, Gesicht oder der Sperre Ihres Geräts.',
    add: 'Passkey hinzufügen',
    added: (n: number) => `Der Passkey ist hinzugefügt.${n ? ` ${n === 1 ? 'Eine andere Sitzung wurde' : `${n} andere Sitzungen wurden`} beendet.` : ''}`,
    declined: 'Es wurde kein Passkey erzeugt. Vielleicht hat dieses Gerät schon einen.',
    used: 'zuletzt benutzt',
    unused: 'noch nie benutzt',
    rename: 'Umbenennen',
    renamed: 'Umbenannt.',
    name: 'Name',
    remove: 'Entfernen',
    removeTitle: (name: string) => `Den Passkey „${name}“ entfernen?`,
    removeText: 'Er meldet niemanden mehr an, und Ihre anderen Sitzungen enden. Ist er Ihr einziger zweiter Faktor, schützt danach nur noch das Passwort.',
    removed: 'Der Passkey ist entfernt.',
    what: (name: string) => `Was mit ${name} geschehen soll`,
    scanTitle: 'Authenticator-App einrichten',
    scan: 'Scannen Sie das mit Ihrer App, und tippen Sie dann die sechs Ziffern, die sie zeigt.',
    scanAlt: 'QR-Code für die Authenticator-App',
    type: 'Oder tippen Sie diesen Schlüssel ein:',
    openApp: 'In einer App auf diesem Gerät öffnen',
    code: 'Code',
    confirm: 'Einschalten',
    keepTitle: 'Bewahren Sie Ihre Wiederherstellungscodes auf',
    keep: 'Jeder meldet Sie einmal an, wenn das Telefon weg ist. Sie werden nur dieses eine Mal gezeigt: Drucken Sie sie, oder legen Sie sie in Ihren Passwortmanager.',
    copy: 'Alle kopieren',
    copied: 'Kopiert',
    kept: 'Ich habe sie aufbewahrt',
    disableTitle: 'Die Authenticator-App wegnehmen?',
    disableText: 'Ohne Passkey schützt dann nur noch das Passwort, und Konten, die einen zweiten Faktor verlangen, lassen Sie nicht hinein. Ihre anderen Sitzungen enden.',
    disabled: 'Die Authenticator-App ist weggenommen.',
    renewTitle: 'Neue Wiederherstellungscodes erzeugen?',
    renewText: 'Alle bisherigen Codes gelten dann nicht mehr.',
    cancel: 'Abbrechen',
    save: 'Speichern',
    close: 'Schließen',
  },
})

const START = graphql(`
  mutation StartTwoFactorSetup {
    startTwoFactorSetup {
      secret
      otpauthUri
      qrSvg
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
const CONFIRM = graphql(`
  mutation ConfirmTwoFactorSetup($input: ConfirmTwoFactorSetupInput!) {
    confirmTwoFactorSetup(input: $input) {
      recoveryCodes
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
const DISABLE = graphql(`
  mutation DisableTwoFactor {
    disableTwoFactor {
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
const RENEW = graphql(`
  mutation RegenerateRecoveryCodes {
    regenerateRecoveryCodes {
      recoveryCodes
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
const REGISTER = graphql(`
  mutation StartPasskeyRegistration {
    startPasskeyRegistration {
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
const REGISTERED = graphql(`
  mutation FinishPasskeyRegistration($input: FinishPasskeyRegistrationInput!) {
    finishPasskeyRegistration(input: $input) {
      passkey {
        id
      }
      recoveryCodes
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
const RENAME = graphql(`
  mutation RenamePasskey($input: RenamePasskeyInput!) {
    renamePasskey(input: $input) {
      passkey {
        id
        name
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
const REMOVE = graphql(`
  mutation RemovePasskey($input: RemovePasskeyInput!) {
    removePasskey(input: $input) {
      removedPasskeyId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)

type Setup = { secret: string; otpauthUri: string; qrSvg: string }
type Key = Part['person']['passkeys'][number]

/** The authenticator app, recovery codes and passkeys. */
export function Factors({ person, changed }: Part) {
  const p = useWords(t)
  const done = useSay()
  const say = useSaying()
  const format = useFormat()
  const [start, starting] = useAct(START)
  const [disable] = useAct(DISABLE)
  const [renew] = useAct(RENEW)
  const [register, registering] = useAct(REGISTER)
  const [registered, finishing] = useAct(REGISTERED)
  const [remove] = useAct(REMOVE)
  const [setup, setSetup] = useState<Setup | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const [asked, ask] = useState<'disable' | 'renew' | { remove: Key } | { rename: Key } | null>(null)
  const { twoFactor } = person
  const refused = (refusals: Parameters<typeof say>[0][]) => done({ text: refusals.map(say).join(' ') })

  async function begin() {
    const { payload, refusals } = await start({})
    if (!payload?.secret || !payload.otpauthUri || !payload.qrSvg) return refused(refusals)
    setSetup({ secret: payload.secret, otpauthUri: payload.otpauthUri, qrSvg: payload.qrSvg })
  }
  async function add() {
    const begun = await register({})
    if (!begun.payload?.ceremonyId) return refused(begun.refusals)
    const credential = await makePasskey(begun.payload.options)
    if (!credential) return done({ text: p.declined })
    const { payload, refusals } = await registered({ input: { ceremonyId: begun.payload.ceremonyId, credential } })
    if (refusals.length || !payload) return refused(refusals)
    done({ text: p.added(payload.endedSessions) })
    if (payload.recoveryCodes.length) setCodes(payload.recoveryCodes)
    changed()
  }

  return (
    <Panel
      title={p.title}
      actions={
        <Badge variant="light" color={twoFactor.enabledAt ? 'green' : 'gray'}>
          {twoFactor.enabledAt ? p.on : p.off}
        </Badge>
      }
    >
      {!twoFactor.enabledAt && <p className="faint">{p.offText}</p>}
      <ul className="settings">
        <li>
          <span className={`sign ${twoFactor.authenticatorAddedAt ? 'good' : ''}`}>
            <Icon name="device" />
          </span>
          <div className="grow">
            <strong>{p.app}</strong>
            <p className="faint small">{twoFactor.authenticatorAddedAt ? p.appSince(format.date(twoFactor.authenticatorAddedAt)) : p.appNone}</p>
          </div>
          {twoFactor.authenticatorAddedAt ? (
            <Button size="sm" variant="default" onClick={() => ask('disable')}>
              {p.takeAway}
            </Button>
          ) : (
            <Button size="sm" variant="default" onClick={begin} loading={starting} aria-label={`${p.app}: ${p.setUp}`}>
              {p.setUp}
            </Button>
          )}
        </li>
        {twoFactor.enabledAt && (
          <li>
            <span className={`sign ${twoFactor.recoveryCodesLeft > 3 ? 'good' : 'care'}`}>
              <Icon name="key" />
            </span>
            <div className="grow">
              <strong>{p.codes}</strong>
              <p className="faint small">{twoFactor.recoveryCodesLeft > 3 ? p.codesLeft(twoFactor.recoveryCodesLeft) : p.codesFew(twoFactor.recoveryCodesLeft)}</p>
            </div>
            <Button size="sm" variant="default" onClick={() => ask('renew')}>
              {p.renew}
            </Button>
          </li>
        )}
        <li>
          <span className={`sign ${person.passkeys.length ? 'good' : ''}`}>
            <Icon name="shield" />
          </span>
          <div className="grow">
            <strong>{p.passkey}</strong>
            <p className="faint small">{p.passkeyText}</p>
          </div>
          {passkeys && (
            <Button size="sm" variant="default" onClick={add} loading={registering || finishing}>
              {p.add}
            </Button>
          )}
        </li>
        {person.passkeys.map((key) => (
          <li key={key.id} className="inner">
            <div className="grow">
              <span className="wrap">{key.name}</span>
              <p className="faint small">
                {key.lastUsedAt ? (
                  <>
                    {p.used} <Ago at={key.lastUsedAt} />
                  </>
                ) : (
                  p.unused
                )}
              </p>
            </div>
            <Menu>
              <Menu.Target>
                <ActionIcon variant="subtle" color="gray" aria-label={p.what(key.name)}>
                  <Icon name="more" />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => ask({ rename: key })}>{p.rename}</Menu.Item>
                <Menu.Item color="red" onClick={() => ask({ remove: key })}>
                  {p.remove}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </li>
        ))}
      </ul>
      {setup && (
        <Scan
          setup={setup}
          close={() => setSetup(null)}
          finish={(fresh) => {
            setSetup(null)
            setCodes(fresh)
            changed()
          }}
        />
      )}
      {codes && <Keep codes={codes} close={() => setCodes(null)} />}
      {asked === 'disable' && (
        <Confirm
          title={p.disableTitle}
          label={p.takeAway}
          danger
          close={() => ask(null)}
          act={async () => {
            const { refusals } = await disable({})
            if (!refusals.length) {
              done({ text: p.disabled })
              changed()
            }
            return refusals
          }}
        >
          {p.disableText}
        </Confirm>
      )}
      {asked === 'renew' && (
        <Confirm
          title={p.renewTitle}
          label={p.renew}
          close={() => ask(null)}
          act={async () => {
            const { payload, refusals } = await renew({})
            if (!refusals.length && payload) {
              setCodes(payload.recoveryCodes)
              changed()
            }
            return refusals
          }}
        >
          {p.renewText}
        </Confirm>
      )}
      {asked && typeof asked === 'object' && 'remove' in asked && (
        <Confirm
          title={p.removeTitle(asked.remove.name)}
          label={p.remove}
          danger
          close={() => ask(null)}
          act={async () => {
            const { refusals } = await remove({ input: { passkeyId: asked.remove.id } })
            if (!refusals.length) {
              done({ text: p.removed })
              changed()
            }
            return refusals
          }}
        >
          {p.removeText}
        </Confirm>
      )}
      {asked && typeof asked === 'object' && 'rename' in asked && <Rename of={asked.rename} close={() => ask(null)} />}
    </Panel>
  )
}

function Code() {
  const p = useWords(t)
  return <TextInput {...useField('code')} label={p.code} inputMode="numeric" autoComplete="one-time-code" required withAsterisk={false} maxLength={9} data-autofocus />
}

function Scan({ setup, close, finish }: { setup: Setup; close: () => void; finish: (codes: readonly string[]) => void }) {
  const p = useWords(t)
  const [confirm, confirming] = useAct(CONFIRM)
  return (
    <Modal opened onClose={close} title={p.scanTitle} closeButtonProps={{ 'aria-label': p.close }}>
      <Form
        send={async ({ code = '' }) => {
          const { payload, refusals } = await confirm({ input: { code } })
          if (refusals.length || !payload) return refusals
          finish(payload.recoveryCodes)
        }}
      >
        <p>{p.scan}</p>
        <img className="qr" alt={p.scanAlt} src={`data:image/svg+xml,${encodeURIComponent(setup.qrSvg)}`} width={200} height={200} />
        <p className="faint small">
          {p.type} <span className="mono wrap">{setup.secret}</span>
        </p>
        <p className="small">
          <a href={setup.otpauthUri}>{p.openApp}</a>
        </p>
        <Code />
        <div className="row right">
          <Button variant="default" onClick={close}>
            {p.cancel}
          </Button>
          <Button type="submit" loading={confirming}>
            {p.confirm}
          </Button>
        </div>
      </Form>
    </Modal>
  )
}

function Keep({ codes, close }: { codes: readonly string[]; close: () => void }) {
  const p = useWords(t)
  const [copied, setCopied] = useState(false)
  return (
    <Modal opened onClose={close} title={p.keepTitle} closeOnClickOutside={false} closeOnEscape={false} withCloseButton={false}>
      <div className="stack">
        <Alert color="yellow">{p.keep}</Alert>
        <ul className="codes mono">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div className="row right">
          <Button
            variant="default"
            onClick={() =>
              navigator.clipboard.writeText(codes.join('\n')).then(
                () => setCopied(true),
                () => {},
              )
            }
          >
            {copied ? p.copied : p.copy}
          </Button>
          <Button onClick={close}>{p.kept}</Button>
        </div>
      </div>
    </Modal>
  )
}

function Name({ value }: { value: string }) {
  const p = useWords(t)
  return <TextInput {...useField('name')} label={p.name} defaultValue={value} required withAsterisk={false} maxLength={100} autoComplete="off" data-autofocus />
}

function Rename({ of, close }: { of: Key; close: () => void }) {
  const p = useWords(t)
  const done = useSay()
  const [rename, renaming] = useAct(RENAME)
  return (
    <Modal opened onClose={close} title={p.rename} closeButtonProps={{ 'aria-label': p.close }}>
      <Form
        send={async ({ name = '' }) => {
          const { refusals } = await rename({ input: { passkeyId: of.id, name } })
          if (refusals.length) return refusals
          done({ text: p.renamed })
          close()
        }}
      >
        <Name value={of.name} />
        <div className="row right">
          <Button variant="default" onClick={close}>
            {p.cancel}
          </Button>
          <Button type="submit" loading={renaming}>
            {p.save}
          </Button>
        </div>
      </Form>
    </Modal>
  )
}
