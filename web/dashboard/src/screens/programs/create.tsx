import { Button, Modal, Select } from '@mantine/core'
import { useState } from 'react'
import { useAct, useKey } from '../../api/act'
import { graphql } from '../../api/graphql'
import { endOf, inDays, Text } from '../../parts/field'
import { Form } from '../../parts/form'
import { PermissionPicker, Scope, type Where } from '../../parts/grants'
import { Risks } from '../../parts/risks'
import { useAccount } from '../../shell/account'
import { useFormat, useWords, words } from '../../words'

const t = words({
  en: {
    title: 'New token',
    name: 'Name of the program',
    nameText: 'Histories call it by this name.',
    permissions: 'Choose at least one permission.',
    expires: 'How long it is good',
    expiresText: 'A token that ends by itself is one less to be forgotten.',
    days: (n: number, date: string) => `${n} days, until ${date}`,
    year: (date: string) => `A year, until ${date}`,
    day: 'Until a day',
    never: 'For ever, which has to be acknowledged',
    until: 'Last day',
    make: 'Make the token',
    cancel: 'Cancel',
    close: 'Close',
  },
  de: {
    title: 'Neues Token',
    name: 'Name des Programms',
    nameText: 'So heißt es im Verlauf.',
    permissions: 'Wählen Sie mindestens ein Recht.',
    expires: 'Wie lange es gilt',
    expiresText: 'Ein Token, das von selbst endet, kann niemand vergessen.',
    days: (n: number, date: string) => `${n} Tage, bis ${date}`,
    year: (date: string) => `Ein Jahr, bis ${date}`,
    day: 'Bis zu einem Tag',
    never: 'Für immer, was zu bestätigen ist',
    until: 'Letzter Tag',
    make: 'Token machen',
    cancel: 'Abbrechen',
    close: 'Schließen',
  },
})

const CREATE = graphql(`
  mutation CreateApiToken($input: CreateApiTokenInput!, $locale: String) {
    createApiToken(input: $input) {
      apiToken {
        id
        name
      }
      secret
      warnings {
        permission
        message(locale: $locale)
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

/** Makes a token: a name, what it may do and where, how long it is good. */
export default function Create({ special, close }: { special: boolean; close: (name?: string, secret?: string | null) => void }) {
  const p = useWords(t)
  const format = useFormat()
  const { account } = useAccount()
  const [create, creating] = useAct(CREATE)
  const key = useKey()
  const [permissions, setPermissions] = useState<string[]>([])
  const [scope, setScope] = useState<Where>({ subAccountAccess: 'NONE', subAccountIds: [] })
  const [span, setSpan] = useState('90')
  const [day, setDay] = useState(inDays(30))
  const [warnings, setWarnings] = useState<readonly { permission: string | null; message: string }[]>([])
  const [read, setRead] = useState(false)
  // What was read was about what was chosen then.
  const anew = () => {
    setWarnings([])
    setRead(false)
  }
  const when = (days: string) => format.date(endOf(inDays(Number(days))))
  return (
    <Modal opened onClose={() => close()} size={640} closeOnClickOutside={!permissions.length} title={p.title} closeButtonProps={{ 'aria-label': p.close }}>
      <Form
        send={async ({ name = '' }) => {
          if (!permissions.length) return [{ code: 'CHOOSE', field: null, message: p.permissions, retryAfter: null }]
          const input = {
            accountId: account.id,
            name,
            permissions,
            subAccountAccess: scope.subAccountAccess,
            subAccountIds: scope.subAccountAccess === 'SELECTED' ? scope.subAccountIds : undefined,
            expiresAt: span === 'never' ? null : endOf(span === 'day' ? day : inDays(Number(span))),
            acknowledgeRisks: read,
          }
          const { payload, refusals } = await create({ input: { ...input, idempotencyKey: key(input) } })
          if (refusals.some((r) => r.code === 'RISK_NOT_ACKNOWLEDGED')) {
            setWarnings(payload?.warnings ?? [])
            setRead(false)
            return
          }
          if (refusals.length) return refusals
          close(name, payload?.secret)
        }}
      >
        <Text name="name" label={p.name} description={p.nameText} required maxLength={60} data-autofocus />
        <PermissionPicker
          accountId={account.id}
          special={special}
          value={permissions}
          onChange={(chosen) => {
            setPermissions(chosen)
            anew()
          }}
        />
        <div className="grants">
          <Scope
            accountId={account.id}
            value={scope}
            onChange={(chosen) => {
              setScope(chosen)
              anew()
            }}
          />
        </div>
        <div className="pair">
          <Select
            label={p.expires}
            description={p.expiresText}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={span}
            onChange={(next) => {
              setSpan(next ?? '90')
              anew()
            }}
            data={[
              { value: '30', label: p.days(30, when('30')) },
              { value: '90', label: p.days(90, when('90')) },
              { value: '365', label: p.year(when('365')) },
              { value: 'day', label: p.day },
              { value: 'never', label: p.never },
            ]}
          />
          {span === 'day' && <Text name="expiresAt" type="date" label={p.until} value={day} min={inDays(0)} max={inDays(365)} required onChange={(e) => setDay(e.currentTarget.value)} />}
        </div>
        <Risks warnings={warnings} read={read} onRead={setRead} reveal />
        <div className="row right sticky">
          <Button variant="default" onClick={() => close()}>
            {p.cancel}
          </Button>
          <Button type="submit" loading={creating} disabled={(warnings.length > 0 && !read) || (scope.subAccountAccess === 'SELECTED' && !scope.subAccountIds.length)}>
            {p.make}
          </Button>
        </div>
      </Form>
    </Modal>
  )
}
