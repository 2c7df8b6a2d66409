import { Button, Checkbox, Modal, Radio } from '@mantine/core'
import { useState } from 'react'
import { useAct, useKey } from '../../api/act'
import { Text } from '../../parts/field'
import { Form, useField } from '../../parts/form'
import { useTelling } from '../../parts/events'
import { Icon } from '../../parts/icons'
import { useAccount } from '../../shell/account'
import { useWords, words } from '../../words'
import { actions, type Group } from './actions'
import { CREATE, UPDATE, type Webhook } from './operations'
import { groups, useGroupName } from './state'

const t = words({
  en: {
    create: 'New webhook',
    edit: 'Change the webhook',
    url: 'Address',
    urlText: 'On the internet, with https. It is called with a POST for each thing.',
    description: 'What it is for',
    events: 'Events',
    eventsText: 'What happens in this account, as the history tells it. You can only send elsewhere what you may read yourself.',
    ALL: 'Everything that happens',
    SOME: 'What I choose',
    NONE: 'Nothing of it',
    whole: 'All of these, also those that come later',
    count: (n: number, all: number) => `${n} of ${all}`,
    somebody: 'Somebody',
    notifications: 'Notifications',
    notificationsText: 'Those that contacts of this account want on the channel webhook.',
    save: 'Save',
    cancel: 'Cancel',
    close: 'Close',
    conflict: 'Somebody changed this webhook while you were at it. Save again to put yours in the place of theirs.',
  },
  de: {
    create: 'Neuer Webhook',
    edit: 'Den Webhook ändern',
    url: 'Adresse',
    urlText: 'Im Internet, mit https. Sie wird für jede Sache einmal mit POST aufgerufen.',
    description: 'Wofür er da ist',
    events: 'Ereignisse',
    eventsText: 'Was in diesem Konto geschieht, wie es im Verlauf steht. Hinausschicken können Sie nur, was Sie selbst lesen dürfen.',
    ALL: 'Alles, was geschieht',
    SOME: 'Was ich auswähle',
    NONE: 'Nichts davon',
    whole: 'Alle diese, auch spätere',
    count: (n: number, all: number) => `${n} von ${all}`,
    somebody: 'Jemand',
    notifications: 'Benachrichtigungen',
    notificationsText: 'Jene, die Kontakte dieses Kontos über den Kanal Webhook wollen.',
    save: 'Speichern',
    cancel: 'Abbrechen',
    close: 'Schließen',
    conflict: 'Jemand hat diesen Webhook inzwischen geändert. Speichern Sie noch einmal, um Ihre Fassung an die Stelle zu setzen.',
  },
})

const toggled = (list: string[], item: string, on: boolean) => (on ? [...list, item] : list.filter((x) => x !== item))

// Events by what they are about: all, whole groups, or one by one.
function Events({ value, onChange }: { value: string[]; onChange: (value: string[]) => void }) {
  const p = useWords(t)
  const group = useGroupName()
  const tell = useTelling()
  const { error } = useField('events')
  const [some, setSome] = useState(value.length > 0 && !value.includes('*'))
  const how = value.includes('*') ? 'ALL' : some ? 'SOME' : 'NONE'
  return (
    <fieldset>
      <legend>{p.events}</legend>
      <p className="faint small">{p.eventsText}</p>
      <Radio.Group
        aria-label={p.events}
        value={how}
        error={error}
        onChange={(next) => {
          setSome(next === 'SOME')
          onChange(next === 'ALL' ? ['*'] : [])
        }}
      >
        <div className="stack tight">
          {(['ALL', 'SOME', 'NONE'] as const).map((x) => (
            <Radio key={x} value={x} label={p[x]} />
          ))}
        </div>
      </Radio.Group>
      {how === 'SOME' &&
        groups.map((g: Group) => {
          const names = actions[g].split(' ').map((name) => `${g}.${name}`)
          const whole = value.includes(`${g}.*`)
          const chosen = whole ? names.length : names.filter((name) => value.includes(name)).length
          return (
            <details key={g} className="module" open={chosen > 0 || undefined}>
              <summary>
                <Icon name="next" size={16} />
                <span className="grow">{group(g)}</span>
                <span className="faint small">{p.count(chosen, names.length)}</span>
              </summary>
              <ul>
                <li>
                  <Checkbox label={p.whole} checked={whole} onChange={(e) => onChange(toggled(value.filter((x) => !x.startsWith(`${g}.`)), `${g}.*`, e.currentTarget.checked))} />
                </li>
                {names.map((name) => (
                  <li key={name}>
                    <Checkbox
                      label={tell({ action: name, actor: { name: p.somebody }, targetName: null })}
                      description={<span className="mono">{name}</span>}
                      checked={whole || value.includes(name)}
                      disabled={whole}
                      onChange={(e) => onChange(toggled(value, name, e.currentTarget.checked))}
                    />
                  </li>
                ))}
              </ul>
            </details>
          )
        })}
    </fieldset>
  )
}

/** Makes a webhook, or changes one. */
export default function Editor({ webhook, again, close }: { webhook: Webhook | null; again: () => Promise<void>; close: (saved?: Webhook, secret?: string | null) => void }) {
  const p = useWords(t)
  const { account } = useAccount()
  const [create, creating] = useAct(CREATE)
  const [update, updating] = useAct(UPDATE)
  const key = useKey()
  const [events, setEvents] = useState<string[]>([...(webhook?.events ?? [])])
  const [notifications, setNotifications] = useState(webhook?.notifications ?? false)
  return (
    <Modal opened onClose={() => close()} size={640} closeOnClickOutside={false} title={webhook ? p.edit : p.create} closeButtonProps={{ 'aria-label': p.close }}>
      <Form
        send={async ({ url = '', description = '' }) => {
          const input = { url, description, events, notifications }
          if (webhook) {
            const { payload, refusals } = await update({ input: { webhookId: webhook.id, version: webhook.version, ...input } })
            if (refusals.some((r) => r.field === 'version')) {
              await again()
              return [{ code: 'CHANGED', field: null, message: p.conflict, retryAfter: null }]
            }
            if (refusals.length) return refusals
            return close(payload?.webhook ?? undefined)
          }
          const made = { accountId: account.id, ...input }
          const { payload, refusals } = await create({ input: { ...made, idempotencyKey: key(made) } })
          if (refusals.length) return refusals
          close(payload?.webhook ?? undefined, payload?.secret)
        }}
      >
        <Text name="url" type="url" label={p.url} description={p.urlText} placeholder="https://example.com/hooks" defaultValue={webhook?.url} required maxLength={2000} autoCapitalize="none" spellCheck={false} data-autofocus />
        <Text name="description" label={p.description} defaultValue={webhook?.description} maxLength={200} />
        <div className="grants">
          <Events value={events} onChange={setEvents} />
        </div>
        <Checkbox label={p.notifications} description={p.notificationsText} checked={notifications} onChange={(e) => setNotifications(e.currentTarget.checked)} />
        <div className="row right sticky">
          <Button variant="default" onClick={() => close()}>
            {p.cancel}
          </Button>
          <Button type="submit" loading={creating || updating}>
            {webhook ? p.save : p.create}
          </Button>
        </div>
      </Form>
    </Modal>
  )
}
