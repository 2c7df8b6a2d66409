export { categoryKeys, errorCodes, permissionKeys, possibleTypes } from './generated.js'
export { type Answer, cookieFetch, type GraphQLFailure, Refused, request, type Tokens, tokenFetch, tokens, type TokenSession, type TokenStore, Unanswered } from './fetch.js'
export type { introspection } from './graphql-env.js'

import type { categoryKeys, errorCodes, permissionKeys } from './generated.js'

/** A reason for a refusal: one that is known, or one of a later release. */
export type ErrorCode = keyof typeof errorCodes | (string & {})
/** What somebody may do: a key of the default catalogue, or of the company's own. */
export type PermissionKey = (typeof permissionKeys)[number] | (string & {})
/** What a notification is about: a key of the default catalogue, or of the company's own. */
export type CategoryKey = (typeof categoryKeys)[number] | (string & {})

/** The scalars of the schema as they are in JSON, for `initGraphQLTada<{ introspection, scalars }>()`. */
export type Scalars = {
  Time: string
  PermissionKey: string
  CategoryKey: string
  WebAuthnJSON: unknown
  JSON: unknown
}
