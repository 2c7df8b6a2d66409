import type { TypedDocumentNode } from '@apollo/client'
import { useApolloClient } from '@apollo/client/react'
import { createContext, useContext, useRef, useState } from 'react'
import { useLanguage, useWords } from '../words'
import { codeOf, type Refusal, refusals as phrases } from './failure'
import { spoken } from './query'

/** Asks the person to prove again who they are; resolves to whether they did. */
export const Proof = createContext<() => Promise<boolean>>(async () => false)

type UserError = { code: string; field?: readonly string[] | null; message: string; retryAfter?: number | null }
type Payload<Data> = NonNullable<Data[keyof Data]>

/** What came of an act: its payload, or why it was refused. */
export type Done<Data> = { payload: Payload<Data> | null; refusals: Refusal[] }

/**
 * Runs a mutation of one field. Where it wants a fresh proof, the person is asked for one
 * and it is tried again: no screen knows of that. Whatever stands in the way is a refusal.
 */
export function useAct<Data, Variables extends Record<string, any>>(document: TypedDocumentNode<Data, Variables>) {
  const client = useApolloClient()
  const prove = useContext(Proof)
  const t = useWords(phrases)
  const { language } = useLanguage()
  const [busy, setBusy] = useState(false)

  async function once(variables: Variables): Promise<Done<Data>> {
    const refuse = (code: string, message: string): Done<Data> => ({ payload: null, refusals: [{ code, field: null, message, retryAfter: null }] })
    try {
      const { data, error } = await client.mutate({ mutation: document, variables: spoken(document, variables, language) } as never)
      const payload = data ? (Object.values(data as object)[0] as (Payload<Data> & { errors?: UserError[] }) | null) : null
      if (!payload) return error ? refuse(codeOf(error) ?? 'UNANSWERED', codeOf(error) ? error.message : t.UNANSWERED) : refuse('INTERNAL', '')
      const refusals = (payload.errors ?? []).map((e) => ({ code: e.code, field: e.field?.at(-1) ?? null, message: e.message, retryAfter: e.retryAfter ?? null }))
      return { payload, refusals }
    } catch {
      return refuse('UNANSWERED', t.UNANSWERED)
    }
  }

  async function act(variables: Variables): Promise<Done<Data>> {
    setBusy(true)
    try {
      const done = await once(variables)
      if (!done.refusals.some((r) => r.code === 'REAUTH_REQUIRED')) return done
      return (await prove()) ? await once(variables) : done
    } finally {
      setBusy(false)
    }
  }
  return [act, busy] as const
}

/**
 * Gives an idempotency key for an input: the same for the same, so that asking again after a lost
 * answer does nothing twice, and another for another.
 */
export function useKey() {
  const last = useRef({ input: '', key: '' })
  return (input: unknown): string => {
    const text = JSON.stringify(input)
    if (last.current.input !== text) last.current = { input: text, key: crypto.randomUUID() }
    return last.current.key
  }
}
