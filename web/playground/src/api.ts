import type { Fetcher } from '@graphiql/toolkit'

export type Answer = {
  data?: Record<string, any> | null
  errors?: { message: string }[]
}

/** Fires `changed` after an answer that may have changed who is signed in. */
export const session = new EventTarget()

const sessionFields = ['signIn', 'signOut', 'completeSignUp', 'acceptInvitation', 'switchAccount']

/** Asks the API on our own origin, as whoever the cookie says. */
export async function ask(
  query: string,
  variables?: Record<string, unknown>,
  headers?: Record<string, unknown>,
  operationName?: string | null,
): Promise<Answer> {
  const response = await fetch('/graphql', {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      ...(headers as Record<string, string>),
      'Content-Type': 'application/json',
      Accept: 'application/graphql-response+json, application/json;q=0.9',
    },
    body: JSON.stringify({ query, variables, operationName: operationName ?? undefined }),
  })
  if (!response.headers.get('Content-Type')?.includes('json')) {
    throw new Error(`The server answered ${response.status} ${response.statusText}`.trim())
  }
  const answer: Answer = await response.json()
  if (sessionFields.some((field) => answer.data?.[field])) {
    session.dispatchEvent(new Event('changed'))
  }
  return answer
}

/** What GraphiQL calls to run an operation. */
export const fetcher: Fetcher = (params, options) =>
  ask(params.query, params.variables, options?.headers, params.operationName) as any

/** Reads JSON beside the API; null where there is none. */
export async function read(path: string): Promise<any> {
  try {
    const response = await fetch(path, { credentials: 'same-origin' })
    return response.ok ? await response.json() : null
  } catch {
    return null
  }
}
