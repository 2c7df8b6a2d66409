import { useApolloClient } from '@apollo/client/react'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useAct } from '../../api/act'
import { who } from '../../api/client'
import { useSaying } from '../../api/failure'
import { graphql } from '../../api/graphql'
import { Confirm } from '../../parts/confirm'
import { Panel } from '../../parts/page'
import { useSay } from '../../parts/said'
import { ACCOUNT, useAccount } from '../../shell/account'
import { useFormat, useWords, words } from '../../words'
import type { Part } from '../settings'

const t = words({
  en: {
    title: 'Leaving and closing',
    leave: 'Leave this account',
    leaveText: 'You lose access at once, and what you were given here is forgotten. What you did stays in the history. To come back you need a new invitation.',
    leaveTitle: (account: string) => `Leave ${account}?`,
    left: (account: string) => `You left ${account}.`,
    tokens: 'Programs that use API tokens of yours stop working as well.',
    close: 'Close this account',
    closeText: 'Nobody but you can look into it any more. Members keep what they have for the day that you open it again.',
    closeTitle: (account: string) => `Close ${account}?`,
    closeLong: (account: string, subs: number) => `${account}${subs ? ` and its ${subs === 1 ? 'sub-account' : `${subs} sub-accounts`}` : ''} can be used by nobody from the next request on, and only you can look into it. Invitations and offers that wait are withdrawn. API tokens stop working, and nobody is notified of anything. Nothing is deleted: you can open it again.`,
    closed: (account: string) => `${account} is closed.`,
    reopen: 'Open it again',
    reopenText: (when: string) => `It was closed on ${when}. Members and contacts are as they were; invitations stay withdrawn, and sub-accounts are opened one by one.`,
    reopened: (account: string) => `${account} is open again.`,
    owner: 'Whoever owns it cannot leave it: hand it over first, or close it.',
    through: 'You reach this account through the one above. Whether you do is decided there.',
  },
  de: {
    title: 'Verlassen und schließen',
    leave: 'Dieses Konto verlassen',
    leaveText: 'Sie verlieren sofort den Zugang, und was Sie hier bekommen haben, wird vergessen. Was Sie getan haben, bleibt im Verlauf. Zurück geht es nur mit einer neuen Einladung.',
    leaveTitle: (account: string) => `${account} verlassen?`,
    left: (account: string) => `Sie haben ${account} verlassen.`,
    tokens: 'Auch Programme mit API-Tokens von Ihnen hören dann auf.',
    close: 'Dieses Konto schließen',
    closeText: 'Niemand außer Ihnen kann dann hineinsehen. Mitglieder behalten, was sie haben, bis Sie es wieder öffnen.',
    closeTitle: (account: string) => `${account} schließen?`,
    closeLong: (account: string, subs: number) => `${account}${subs ? ` und ${subs === 1 ? 'sein Unterkonto' : `seine ${subs} Unterkonten`}` : ''} kann ab der nächsten Anfrage niemand mehr benutzen, und nur Sie können hineinsehen. Wartende Einladungen und Angebote werden zurückgezogen. API-Tokens gelten nicht mehr, und niemand bekommt Benachrichtigungen. Gelöscht wird nichts: Sie können es wieder öffnen.`,
    closed: (account: string) => `${account} ist geschlossen.`,
    reopen: 'Wieder öffnen',
    reopenText: (when: string) => `Es wurde am ${when} geschlossen. Mitglieder und Kontakte sind, wie sie waren; Einladungen bleiben zurückgezogen, und Unterkonten werden einzeln geöffnet.`,
    reopened: (account: string) => `${account} ist wieder offen.`,
    owner: 'Wem es gehört, der kann es nicht verlassen: Übergeben Sie es zuerst, oder schließen Sie es.',
    through: 'Sie erreichen dieses Konto über das Hauptkonto. Dort wird entschieden, ob.',
  },
})

const LEAVE = graphql(`
  mutation LeaveAccount($input: LeaveAccountInput!) {
    leaveAccount(input: $input) {
      leftAccountId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
const CLOSE = graphql(`
  mutation CloseAccount($input: CloseAccountInput!) {
    closeAccount(input: $input) {
      account {
        id
        state
        closedAt
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
const REOPEN = graphql(`
  mutation ReopenAccount($input: ReopenAccountInput!) {
    reopenAccount(input: $input) {
      account {
        id
        state
        closedAt
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

/** How to leave the account, to close it, and to open it again. */
export function Ending({ found, viewer, again }: Part) {
  const p = useWords(t)
  const client = useApolloClient()
  const done = useSay()
  const say = useSaying()
  const format = useFormat()
  const { account } = useAccount()
  const [, go] = useLocation()
  const [leave] = useAct(LEAVE)
  const [close] = useAct(CLOSE)
  const [reopen, reopening] = useAct(REOPEN)
  const [asked, ask] = useState<'leave' | 'close' | null>(null)
  const owns = account.owner?.id === viewer?.id
  const input = { accountId: account.id }
  const subs = (found.subAccounts?.nodes ?? []).filter((s) => s.state !== 'CLOSED').length
  // What one may do in it is another thing from now on.
  const changed = () => Promise.all([client.refetchQueries({ include: [ACCOUNT] }), again()])

  return (
    <Panel title={p.title}>
      <ul className="settings">
        {found.state === 'CLOSED' ? (
          <li>
            <p className="grow">{p.reopenText(format.date(found.closedAt ?? ''))}</p>
            <Button
              loading={reopening}
              onClick={async () => {
                const { refusals } = await reopen({ input })
                done({ text: refusals.length ? refusals.map(say).join(' ') : p.reopened(account.name) })
                await changed()
              }}
            >
              {p.reopen}
            </Button>
          </li>
        ) : owns ? (
          <li>
            <p className="grow">
              {p.closeText} {account.state === 'ACTIVE' && !account.parent && p.owner}
            </p>
            <Button variant="outline" color="red" onClick={() => ask('close')} disabled={account.state !== 'ACTIVE'}>
              {p.close}
            </Button>
          </li>
        ) : account.viewerMembership ? (
          <li>
            <p className="grow">{p.leaveText}</p>
            <Button variant="outline" color="red" onClick={() => ask('leave')}>
              {p.leave}
            </Button>
          </li>
        ) : (
          <li>
            <p>{p.through}</p>
          </li>
        )}
      </ul>
      {asked === 'leave' && (
        <Confirm
          title={p.leaveTitle(account.name)}
          label={p.leave}
          danger
          close={() => ask(null)}
          act={async () => {
            const { refusals } = await leave({ input })
            if (refusals.length) return refusals
            done({ text: p.left(account.name) })
            go('/accounts')
            client.cache.evict({ id: client.cache.identify({ __typename: 'Account', id: account.id }) })
            await who()
            return []
          }}
        >
          {p.leaveText} {account.viewerPermissions.includes('developer') && p.tokens}
        </Confirm>
      )}
      {asked === 'close' && (
        <Confirm
          title={p.closeTitle(account.name)}
          label={p.close}
          danger
          close={() => ask(null)}
          act={async () => {
            const { refusals } = await close({ input })
            if (refusals.length) return refusals
            done({ text: p.closed(account.name) })
            await changed()
            return []
          }}
        >
          {p.closeLong(account.name, subs)}
        </Confirm>
      )}
    </Panel>
  )
}
