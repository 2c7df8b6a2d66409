import type { Fetcher } from '@graphiql/toolkit'
import { getOperationAST } from 'graphql'

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
  options?.documentAST && getOperationAST(options.documentAST, params.operationName)?.operation === 'subscription'
    ? watch(params, options.headers)
    : (ask(params.query, params.variables, options?.headers, params.operationName) as any)

/**
 * Listens over a WebSocket, until whoever asked has had enough or the server ends it. It
 * does not come back by itself: that a connection ended is something to see here.
 */
async function* watch(params: Parameters<Fetcher>[0], headers?: Record<string, unknown>): AsyncGenerator<any> {
  const { createClient } = await import('graphql-ws')
  const given = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization')
  const client = createClient({
    url: new URL('/graphql', location.href).href.replace(/^http/, 'ws'),
    connectionParams: given ? { authorization: given[1] } : {},
    retryAttempts: 0,
  })
  try {
    const { query, variables, operationName } = params
    yield* client.iterate({ query, variables, operationName: operationName ?? undefined })
  } catch (end) {
    if (end instanceof CloseEvent) throw new Error(`The server ended it with ${end.code}. ${end.reason}`.trim())
    throw end
  } finally {
    void client.dispose()
  }
}

/** Reads JSON beside the API; null where there is none. */
export async function read(path: string): Promise<any> {
  try {
    const response = await fetch(path, { credentials: 'same-origin' })
    return response.ok ? await response.json() : null
  } catch {
    return null
  }
}
