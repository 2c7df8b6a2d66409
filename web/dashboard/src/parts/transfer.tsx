import { useApolloClient } from '@apollo/client/react'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useAct } from '../api/act'
import { useSaying } from '../api/failure'
import { graphql } from '../api/graphql'
import { ACCOUNT, useAccount } from '../shell/account'
import { useWords, words } from '../words'
import { Confirm } from './confirm'
import { useSay } from './said'

const t = words({
  en: {
    accept: 'Accept',
    decline: 'Decline',
    takeBack: 'Take it back',
    acceptTitle: (account: string) => `Take over ${account}?`,
    acceptText: (account: string) => `${account} and its sub-accounts are yours at once, with everything they owe and own, and you decide about every permission in them. There is no undo: afterwards you offer it to somebody yourself, or close it.`,
    declineTitle: 'Decline the account?',
    declineText: 'It stays with whoever owns it. They would have to offer it to you again.',
    accepted: 'The account is yours.',
    declined: 'You declined the account.',
    takenBack: 'The offer is taken back.',
  },
  de: {
    accept: 'Annehmen',
    decline: 'Ablehnen',
    takeBack: 'Zurückziehen',
    acceptTitle: (account: string) => `${account} übernehmen?`,
    acceptText: (account: string) => `${account} mit seinen Unterkonten gehört sofort Ihnen, mit allem, was es hat und schuldet, und Sie entscheiden über jedes Recht darin. Rückgängig geht das nicht: Danach bieten Sie es selbst jemandem an oder schließen es.`,
    declineTitle: 'Das Konto ablehnen?',
    declineText: 'Es bleibt, wem es gehört. Man müsste es Ihnen noch einmal anbieten.',
    accepted: 'Das Konto gehört jetzt Ihnen.',
    declined: 'Sie haben das Konto abgelehnt.',
    takenBack: 'Das Angebot ist zurückgezogen.',
  },
})

const ACCEPT = graphql(`
  mutation AcceptOwnershipTransfer($input: AcceptOwnershipTransferInput!) {
    acceptOwnershipTransfer(input: $input) {
      transfer {
        id
        state
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
const DECLINE = graphql(`
  mutation DeclineOwnershipTransfer($input: DeclineOwnershipTransferInput!) {
    declineOwnershipTransfer(input: $input) {
      transfer {
        id
        state
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
const CANCEL = graphql(`
  mutation CancelOwnershipTransfer($input: CancelOwnershipTransferInput!) {
    cancelOwnershipTransfer(input: $input) {
      transfer {
        id
        state
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

/** Answers an offer of the account: whether it is one's own to accept, otherwise whether to take it back. */
export default function Answer({ transfer, mine, changed }: { transfer: { id: string; takesEffectAt: string | null }; mine: boolean; changed: () => void }) {
  const p = useWords(t)
  const done = useSay()
  const say = useSaying()
  const client = useApolloClient()
  const { account } = useAccount()
  const [accept] = useAct(ACCEPT)
  const [decline] = useAct(DECLINE)
  const [cancel, canceling] = useAct(CANCEL)
  const [asked, ask] = useState<'accept' | 'decline' | null>(null)
  const input = { transferId: transfer.id }
  const finished = (text: string) => {
    // What one may do here may be another thing now.
    void client.refetchQueries({ include: [ACCOUNT] })
    done({ text })
    changed()
  }
  const takeBack = async () => {
    const { refusals } = await cancel({ input })
    finished(refusals.length ? refusals.map(say).join(' ') : p.takenBack)
  }
  return (
    <div className="row">
      {mine ? (
        <>
          {!transfer.takesEffectAt && (
            <Button size="sm" onClick={() => ask('accept')}>
              {p.accept}
            </Button>
          )}
          <Button size="sm" variant="default" onClick={() => ask('decline')}>
            {p.decline}
          </Button>
        </>
      ) : (
        <Button size="sm" variant="default" loading={canceling} onClick={() => void takeBack()}>
          {p.takeBack}
        </Button>
      )}
      {asked && (
        <Confirm
          title={asked === 'accept' ? p.acceptTitle(account.name) : p.declineTitle}
          label={p[asked]}
          danger={asked === 'decline'}
          close={() => ask(null)}
          act={async () => {
            const { refusals } = await (asked === 'accept' ? accept({ input }) : decline({ input }))
            if (!refusals.length) finished(asked === 'accept' ? p.accepted : p.declined)
            return refusals
          }}
        >
          {asked === 'accept' ? p.acceptText(account.name) : p.declineText}
        </Confirm>
      )}
    </div>
  )
}
