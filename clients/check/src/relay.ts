import { Environment, type FetchFunction, Network, Observable, RecordSource, Store, type SubscribeFunction } from 'relay-runtime'
import type { SubscribePayload } from 'graphql-ws'
import { type TokenSession } from 'tenantry-client'
import { subscriptions } from 'tenantry-client/subscriptions'

export function createRelay(url: string, session: TokenSession) {
  const ask: FetchFunction = async ({ id, text }, variables) => {
    const response = await session.fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json, application/json;q=0.9' },
      body: JSON.stringify(id ? { documentId: id, variables } : { query: text, variables }),
    })
    return response.json()
  }
  const live = subscriptions({ url, token: session.token })
  const listen: SubscribeFunction = ({ id, text }, variables) =>
    Observable.create((sink) =>
      live.subscribe({ query: text ?? '', ...(id && { documentId: id }), variables } as SubscribePayload, {
        next: (answer) => sink.next(answer as never),
        error: (error) => sink.error(error instanceof Error ? error : new Error(JSON.stringify(error))),
        complete: () => sink.complete(),
      }),
    )
  return new Environment({ network: Network.create(ask, listen), store: new Store(new RecordSource()) })
}
