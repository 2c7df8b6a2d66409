import { useApolloClient } from '@apollo/client/react'
import { Button } from '@mantine/core'
import { useAct } from '../api/act'
import { useSaying } from '../api/failure'
import { graphql } from '../api/graphql'
import { ACCOUNT } from '../shell/account'
import { useWords, words } from '../words'
import { useSay } from './said'

const t = words({
  en: {
    accept: 'Accept',
    decline: 'Decline',
    takeBack: 'Take it back',
    accepted: 'The account is yours.',
    declined: 'You declined the account.',
    takenBack: 'The offer is taken back.',
  },
  de: {
    accept: 'Annehmen',
    decline: 'Ablehnen',
    takeBack: 'Zurückziehen',
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
  const [accept, accepting] = useAct(ACCEPT)
  const [decline, declining] = useAct(DECLINE)
  const [cancel, canceling] = useAct(CANCEL)
  const input = { transferId: transfer.id }
  const finished = (refusals: Parameters<typeof say>[0][], text: string) => {
    // What one may do here may be another thing now.
    void client.refetchQueries({ include: [ACCOUNT] })
    done({ text: refusals.length ? refusals.map(say).join(' ') : text })
    changed()
  }
  return (
    <div className="row">
      {mine ? (
        <>
          {!transfer.takesEffectAt && (
            <Button size="sm" loading={accepting} onClick={async () => finished((await accept({ input })).refusals, p.accepted)}>
              {p.accept}
            </Button>
          )}
          <Button size="sm" variant="default" loading={declining} onClick={async () => finished((await decline({ input })).refusals, p.declined)}>
            {p.decline}
          </Button>
        </>
      ) : (
        <Button size="sm" variant="default" loading={canceling} onClick={async () => finished((await cancel({ input })).refusals, p.takenBack)}>
          {p.takeBack}
        </Button>
      )}
    </div>
  )
}
