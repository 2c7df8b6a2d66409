import { request, tokens, type Tokens, type TokenStore } from 'tenantry-client'

const SIGN_IN = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    token tokenExpiresAt refreshToken deviceToken secondFactors
    errors { code message }
  }
}`

type SignedIn = {
  token: string | null
  tokenExpiresAt: string | null
  refreshToken: string | null
  deviceToken: string | null
  secondFactors: string[]
  errors: { code: string; message: string }[]
}

/** Signs an app in and returns its session. The store is the keychain in an app. */
export async function signIn(url: string, store: TokenStore, email: string, password: string, signedOut: () => void) {
  const { signIn } = await request<{ signIn: SignedIn }>(url, SIGN_IN, { input: { email, password, delivery: 'TOKEN' } })
  if (signIn.errors.length) throw new Error(signIn.errors[0]!.message)
  await store.write({ token: signIn.token!, refreshToken: signIn.refreshToken!, expiresAt: signIn.tokenExpiresAt! })
  return tokens({ url, store, signedOut })
}

/** A store for tests. */
export function memory(): TokenStore & { now: Tokens | null } {
  return {
    now: null,
    read() {
      return this.now
    },
    write(tokens) {
      this.now = tokens
    },
  }
}
