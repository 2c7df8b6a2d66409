import { Button, Modal, Select } from '@mantine/core'
import { useState } from 'react'
import { useAct } from '../../api/act'
import { Form, useField } from '../../parts/form'
import { Icon } from '../../parts/icons'
import { Panel } from '../../parts/page'
import { useSay } from '../../parts/said'
import Answer from '../../parts/transfer'
import { useAccount } from '../../shell/account'
import { useFormat, useWords, words } from '../../words'
import { TRANSFER } from '../people/operations'
import type { Part } from '../settings'

const t = words({
  en: {
    title: 'Ownership',
    owner: (name: string) => `${name} owns this account: holds every permission, answers for what it owes, and alone can close it.`,
    you: 'You own this account: you hold every permission, answer for what it owes, and alone can close it.',
    sub: 'A sub-account goes with the account above it.',
    hand: 'Hand it over',
    handTitle: (account: string) => `Hand ${account} over`,
    text: (account: string) => `Offer ${account} with its sub-accounts to somebody who belongs to it. They have seven days to accept, and then own it: every permission, its debts, and whether it closes. You become an administrator in the same moment. Until then you can take the offer back.`,
    whom: 'To whom',
    nobody: 'Nobody else belongs to this account yet. Invite them first.',
    offer: 'Offer it',
    offered: (who: string) => `The account is offered to ${who}. They are told by mail.`,
    offering: (to: string, until: string) => `You offered this account to ${to}. It is yours until they accept; the offer stands until ${until}.`,
    toYou: (from: string, until: string) => `${from} offers you this account. If you accept, it is yours at once, with everything it owes and owns. The offer stands until ${until}.`,
    toOther: (from: string, to: string, until: string) => `${from} offered this account to ${to}. The offer stands until ${until}.`,
    assigned: (to: string, when: string) => `This account goes to ${to} on ${when}, unless owner or nominee say no: the company started it since the owner is gone.`,
    cancel: 'Cancel',
    close: 'Close',
  },
  de: {
    title: 'Besitz',
    owner: (name: string) => `Das Konto gehört ${name}: mit jedem Recht, mit den Schulden, und nur so lässt es sich schließen.`,
    you: 'Das Konto gehört Ihnen: Sie haben jedes Recht, stehen für seine Schulden ein, und nur Sie können es schließen.',
    sub: 'Ein Unterkonto gehört, wem das Hauptkonto gehört.',
    hand: 'Übergeben',
    handTitle: (account: string) => `${account} übergeben`,
    text: (account: string) => `Bieten Sie ${account} mit seinen Unterkonten jemandem an, der dazugehört. Sieben Tage kann die Person annehmen und besitzt es dann: jedes Recht, die Schulden, und ob es geschlossen wird. Sie werden im selben Augenblick Administrator. Bis dahin können Sie das Angebot zurückziehen.`,
    whom: 'Wem',
    nobody: 'Noch gehört sonst niemand zu diesem Konto. Laden Sie zuerst jemanden ein.',
    offer: 'Anbieten',
    offered: (who: string) => `Das Konto ist ${who} angeboten. Es geht eine Mail hinaus.`,
    offering: (to: string, until: string) => `Sie haben dieses Konto ${to} angeboten. Bis zur Annahme gehört es Ihnen; das Angebot gilt bis ${until}.`,
    toYou: (from: string, until: string) => `${from} bietet Ihnen dieses Konto an. Wenn Sie annehmen, gehört es sofort Ihnen, mit allem, was es hat und schuldet. Das Angebot gilt bis ${until}.`,
    toOther: (from: string, to: string, until: string) => `${from} hat dieses Konto ${to} angeboten. Das Angebot gilt bis ${until}.`,
    assigned: (to: string, when: string) => `Dieses Konto geht am ${when} an ${to}, außer jemand von beiden sagt Nein: Das Unternehmen hat es begonnen, weil der Inhaber nicht mehr da ist.`,
    cancel: 'Abbrechen',
    close: 'Schließen',
  },
})

function Whom({ people }: { people: { value: string; label: string }[] }) {
  const p = useWords(t)
  return <Select {...useField('membershipId')} label={p.whom} data={people} searchable required withAsterisk={false} data-autofocus />
}

/** Who owns the account, and how it changes hands. */
export function Ownership({ found, viewer, again }: Part) {
  const p = useWords(t)
  const done = useSay()
  const format = useFormat()
  const { account, open } = useAccount()
  const [request, asking] = useAct(TRANSFER)
  const [asked, ask] = useState(false)
  const transfer = found.pendingOwnershipTransfer
  const owns = account.owner?.id === viewer?.id
  const mine = transfer?.to.id === viewer?.id
  const until = transfer ? format.moment(transfer.takesEffectAt ?? transfer.expiresAt ?? '') : ''
  const people = (found.members?.nodes ?? []).filter((m) => !m.isOwner).map((m) => ({ value: m.id, label: `${m.user?.name} (${m.email})` }))
  return (
    <Panel
      title={p.title}
      actions={
        owns &&
        open &&
        !account.parent &&
        !transfer && (
          <Button size="sm" variant="default" onClick={() => ask(true)}>
            {p.hand}
          </Button>
        )
      }
    >
      <div className="stack">
        <p>
          {owns ? p.you : p.owner(account.owner?.name ?? '')} {account.parent && p.sub}
        </p>
        {transfer && (
          <div className="row offer">
            <span className="sign new">
              <Icon name="hand" />
            </span>
            <p className="grow">
              {transfer.takesEffectAt ? p.assigned(transfer.to.name, until) : owns ? p.offering(transfer.to.name, until) : mine ? p.toYou(transfer.from.name, until) : p.toOther(transfer.from.name, transfer.to.name, until)}
            </p>
            {(mine || owns) && <Answer transfer={transfer} mine={mine} changed={() => void again()} />}
          </div>
        )}
      </div>
      {asked && (
        <Modal opened onClose={() => ask(false)} title={p.handTitle(account.name)} closeButtonProps={{ 'aria-label': p.close }}>
          <Form
            send={async ({ membershipId = '' }) => {
              const { refusals } = await request({ input: { accountId: account.id, membershipId } })
              if (refusals.length) return refusals
              ask(false)
              done({ text: p.offered(found.members?.nodes.find((m) => m.id === membershipId)?.user?.name ?? '') })
              await again()
            }}
          >
            <p>{p.text(account.name)}</p>
            {people.length ? <Whom people={people} /> : <p className="faint">{p.nobody}</p>}
            <div className="row right">
              <Button variant="default" onClick={() => ask(false)}>
                {p.cancel}
              </Button>
              {people.length > 0 && (
                <Button type="submit" loading={asking}>
                  {p.offer}
                </Button>
              )}
            </div>
          </Form>
        </Modal>
      )}
    </Panel>
  )
}
