import { useLocation } from 'wouter'
import { useAct } from '../api/act'
import { graphql } from '../api/graphql'

const SWITCH = graphql(`
  mutation SwitchAccount($input: SwitchAccountInput!) {
    switchAccount(input: $input) {
      account {
        id
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

/** Goes to an account, in the section one is in; the address is what decides, the session only remembers. */
export function useSwitch() {
  const [act, busy] = useAct(SWITCH)
  const [location, go] = useLocation()
  return [
    async (accountId: string, remember: boolean) => {
      const { refusals } = await act({ input: { accountId, remember } })
      if (!refusals.length) go(`/accounts/${accountId}${/^\/accounts\/[^/]+(\/\w+)/.exec(location)?.[1] ?? ''}`)
      return refusals
    },
    busy,
  ] as const
}
