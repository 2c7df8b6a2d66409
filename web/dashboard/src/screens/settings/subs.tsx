import { Badge, Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { useAct, useKey } from '../../api/act'
import { graphql } from '../../api/graphql'
import { Text } from '../../parts/field'
import { Form } from '../../parts/form'
import { Icon } from '../../parts/icons'
import { Empty, Face, Panel } from '../../parts/page'
import { useSay } from '../../parts/said'
import { useAccount } from '../../shell/account'
import { useWords, words } from '../../words'
import type { Part } from '../settings'

const t = words({
  en: {
    title: 'Sub-accounts',
    create: 'New sub-account',
    none: 'There are no sub-accounts',
    noneText: 'A sub-account keeps a shop, a brand or a customer apart: its own people, contacts and history, beneath the same owner.',
    text: 'It has people, contacts and a history of its own, and the owner of this account. Members of this account reach it if their access to sub-accounts says so.',
    name: 'What is it called?',
    cancel: 'Cancel',
    close: 'Close',
    created: (name: string) => `The sub-account ${name} is there.`,
    states: (s: string) => ({ SUSPENDED: 'suspended', CLOSED: 'closed' })[s] ?? '',
    parent: 'It is a sub-account',
    beneath: 'It lies beneath',
    beneathText: 'It has the owner of that account, and follows its policies besides its own.',
  },
  de: {
    title: 'Unterkonten',
    create: 'Neues Unterkonto',
    none: 'Es gibt keine Unterkonten',
    noneText: 'Ein Unterkonto hält einen Shop, eine Marke oder einen Kunden getrennt: mit eigenen Personen, Kontakten und eigenem Verlauf, unter demselben Inhaber.',
    text: 'Es hat eigene Personen, Kontakte und einen eigenen Verlauf und gehört, wem dieses Konto gehört. Mitglieder dieses Kontos erreichen es, wenn ihr Zugang zu Unterkonten das sagt.',
    name: 'Wie soll es heißen?',
    cancel: 'Abbrechen',
    close: 'Schließen',
    created: (name: string) => `Das Unterkonto ${name} ist da.`,
    states: (s: string) => ({ SUSPENDED: 'gesperrt', CLOSED: 'geschlossen' })[s] ?? '',
    parent: 'Es ist ein Unterkonto',
    beneath: 'Es liegt unter',
    beneathText: 'Es gehört, wem jenes Konto gehört, und folgt dessen Richtlinien neben den eigenen.',
  },
})

const CREATE = graphql(`
  mutation CreateSubAccount($input: CreateSubAccountInput!) {
    createSubAccount(input: $input) {
      account {
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

/** What is beneath the account, or above it: the two never come together. */
export function Subs({ found, again }: Part) {
  const p = useWords(t)
  const done = useSay()
  const { account, open } = useAccount()
  const [create, creating] = useAct(CREATE)
  const [asked, ask] = useState(false)
  const key = useKey()
  const subs = found.subAccounts?.nodes ?? []
  // As with policies: owner and administrators are told this, and they open sub-accounts.
  const may = open && typeof found.policies?.membersWithoutTwoFactor === 'number'
  if (account.parent) {
    return (
      <Panel title={p.parent}>
        <p>
          {p.beneath} <Link href={`/accounts/${account.parent.id}`}>{account.parent.name}</Link>. {p.beneathText}
        </p>
      </Panel>
    )
  }
  if (!may && !subs.length) return null
  return (
    <Panel
      title={p.title}
      body={false}
      actions={
        may && (
          <Button size="sm" variant="default" leftSection={<Icon name="plus" size={16} />} onClick={() => ask(true)}>
            {p.create}
          </Button>
        )
      }
    >
      {subs.length ? (
        <ul className="list">
          {subs.map((s) => (
            <li key={s.id}>
              <Face name={s.name} square off={s.state === 'CLOSED'} />
              <strong className="grow wrap">
                <Link href={`/accounts/${s.id}`}>{s.name}</Link>
              </strong>
              {s.state !== 'ACTIVE' && (
                <Badge variant="light" color="gray">
                  {p.states(s.state)}
                </Badge>
              )}
            </li>
          ))}
        </ul>
      ) : (
        <Empty icon="building" title={p.none} text={p.noneText} />
      )}
      {asked && (
        <Modal opened onClose={() => ask(false)} title={p.create} closeButtonProps={{ 'aria-label': p.close }}>
          <Form
            send={async ({ name = '' }) => {
              const { refusals } = await create({ input: { parentId: found.id, name, idempotencyKey: key(name) } })
              if (refusals.length) return refusals
              ask(false)
              done({ text: p.created(name) })
              await again()
            }}
          >
            <p className="faint">{p.text}</p>
            <Text name="name" label={p.name} required maxLength={100} data-autofocus />
            <div className="row right">
              <Button variant="default" onClick={() => ask(false)}>
                {p.cancel}
              </Button>
              <Button type="submit" loading={creating}>
                {p.create}
              </Button>
            </div>
          </Form>
        </Modal>
      )}
    </Panel>
  )
}
