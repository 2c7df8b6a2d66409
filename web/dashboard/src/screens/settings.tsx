import { Skeleton } from '@mantine/core'
import { graphql, type ResultOf } from '../api/graphql'
import { useQuery } from '../api/query'
import { Failed, Page } from '../parts/page'
import { useAccount } from '../shell/account'
import { useWords, words } from '../words'
import { Details } from './settings/details'
import { Ending } from './settings/ending'
import { Ownership } from './settings/ownership'
import { Policies } from './settings/policies'
import { Subs } from './settings/subs'

const t = words({
  en: { title: 'Settings', lead: 'Whose account this is, what it asks of those who come, and what is beneath it.' },
  de: { title: 'Einstellungen', lead: 'Wessen Konto das ist, was es von allen verlangt, die kommen, und was darunter liegt.' },
})

const SETTINGS = graphql(`
  query Settings($accountId: ID!, $profile: Boolean!, $users: Boolean!) {
    account(id: $accountId) {
      id
      name
      state
      closedAt
      profile @include(if: $profile) {
        company
        billingEmail
        phone
        taxId
        address {
          line1
          line2
          city
          region
          postalCode
          country
        }
        externalId
        version
      }
      policies {
        requireTwoFactor
        twoFactorFrom
        parentTwoFactorFrom
        allowedDomains
        parentAllowedDomains
        membersWithoutTwoFactor
        version
      }
      unshielded: memberships(state: ACTIVE, twoFactorEnabled: false, first: 10) @include(if: $users) {
        nodes {
          id
          email
          user {
            id
            name
          }
        }
        totalCount
      }
      members: memberships(state: ACTIVE, first: 100) @include(if: $users) {
        nodes {
          id
          email
          isOwner
          user {
            id
            name
          }
        }
        totalCount
      }
      invited: invitations(state: PENDING, first: 100) @include(if: $users) {
        nodes {
          id
          email
        }
      }
      subAccounts(first: 100) {
        nodes {
          id
          name
          state
        }
      }
      pendingOwnershipTransfer {
        id
        from {
          id
          name
        }
        to {
          id
          name
        }
        expiresAt
        takesEffectAt
      }
    }
    viewer {
      id
      twoFactor {
        enabledAt
      }
    }
  }
`)
export type Settings = NonNullable<ResultOf<typeof SETTINGS>['account']>

/** What a panel of this screen is given: the account as it was read, who reads it, and how to read it again. */
export type Part = { found: Settings; viewer: ResultOf<typeof SETTINGS>['viewer']; again: () => Promise<Settings | null | undefined> }

/** The account itself: details, policies, sub-accounts, ownership, and its end. */
export default function Settings() {
  const p = useWords(t)
  const { account, can } = useAccount()
  const variables = { accountId: account.id, profile: can('profile'), users: can('users') }
  const { data, error, loading, refetch } = useQuery(SETTINGS, { variables, fetchPolicy: 'cache-and-network' })
  const found = data?.account
  const part = found && { found, viewer: data.viewer, again: () => refetch().then((r) => r.data?.account) }
  return (
    <Page title={p.title} lead={p.lead} shown={{ document: SETTINGS, variables }}>
      {part ? (
        <>
          <Details {...part} />
          <Policies {...part} />
          <Subs {...part} />
          <Ownership {...part} />
          <Ending {...part} />
        </>
      ) : loading ? (
        <>
          <Skeleton h={420} radius="lg" />
          <Skeleton h={320} radius="lg" />
          <Skeleton h={160} radius="lg" />
        </>
      ) : (
        <Failed error={error} again={() => void refetch()} />
      )}
    </Page>
  )
}
