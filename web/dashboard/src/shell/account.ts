import { createContext, useContext } from 'react'
import { graphql, type ResultOf } from '../api/graphql'

/** The account of the address, and what the viewer may do there: what every screen beneath it rests on. */
export const ACCOUNT = graphql(`
  query Account($accountId: ID!, $locale: String) {
    account(id: $accountId) {
      id
      name
      state
      suspendedReason
      viewerPermissions
      viewerBlockedByPolicy
      viewerMembership {
        id
        isOwner
        roles {
          id
          name(locale: $locale)
          type
        }
      }
      owner {
        id
        name
      }
      parent {
        id
        name
      }
    }
  }
`)
export type Account = NonNullable<ResultOf<typeof ACCOUNT>['account']>

export const Here = createContext<Account | null>(null)

/** The account one is in. */
export function useAccount() {
  const account = useContext(Here)
  if (!account) throw new Error('outside an account')
  const base = `/accounts/${account.id}`
  return {
    account,
    base,
    can: (permission: string) => account.viewerPermissions.includes(permission),
    /** Whether anything but access may be changed: not in a suspended account. */
    open: account.state === 'ACTIVE',
  }
}
