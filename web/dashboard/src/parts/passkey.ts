/** Whether this browser can speak of passkeys in JSON, as the API does. */
export const passkeys = typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential

/** Has the browser answer a ceremony. Null: the person turned away, or the device has none. */
export async function signWith(options: unknown): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON)
  const credential = await navigator.credentials.get({ publicKey }).catch(() => null)
  return (credential as PublicKeyCredential | null)?.toJSON() ?? null
}

/** Has the browser make a passkey. Null: the person turned away, or the device has it already. */
export async function makePasskey(options: unknown): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON)
  const credential = await navigator.credentials.create({ publicKey }).catch(() => null)
  return (credential as PublicKeyCredential | null)?.toJSON() ?? null
}
