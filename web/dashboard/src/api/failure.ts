import { CombinedGraphQLErrors } from '@apollo/client/errors'
import { useEffect } from 'react'
import { useWords, words } from '../words'

/** Why something was not done, as a form shows it: beside a field of its own, or beneath the form. */
export type Refusal = { code: string; field: string | null; message: string; retryAfter: number | null }

/** What became of a question that was not answered. */
export type Failure = 'offline' | 'forbidden' | 'missing' | 'closed' | 'second' | 'other'

const kinds: Record<string, Failure> = {
  FORBIDDEN: 'forbidden',
  NOT_FOUND: 'missing',
  ACCOUNT_CLOSED: 'closed',
  MEMBERSHIP_DEACTIVATED: 'closed',
  TWO_FACTOR_REQUIRED: 'second',
}

export const codeOf = (error: unknown): string | undefined =>
  CombinedGraphQLErrors.is(error) ? String(error.errors[0]?.extensions?.code ?? 'INTERNAL') : undefined

export function failureOf(error: unknown): Failure {
  const code = codeOf(error)
  return code ? (kinds[code] ?? 'other') : 'offline'
}

export const refusals = words({
  en: {
    UNANSWERED: 'The server does not answer. Try again in a moment.',
    seconds: (n: number) => `Try again in ${n === 1 ? 'one second' : `${n} seconds`}.`,
    minutes: (n: number) => `Try again in ${n === 1 ? 'a minute' : `${n} minutes`}.`,
    hours: (n: number) => `Try again in ${n === 1 ? 'an hour' : `${n} hours`}.`,
  },
  de: {
    UNANSWERED: 'Der Server antwortet nicht. Versuchen Sie es gleich noch einmal.',
    seconds: (n: number) => `Versuchen Sie es in ${n === 1 ? 'einer Sekunde' : `${n} Sekunden`} wieder.`,
    minutes: (n: number) => `Versuchen Sie es in ${n === 1 ? 'einer Minute' : `${n} Minuten`} wieder.`,
    hours: (n: number) => `Versuchen Sie es in ${n === 1 ? 'einer Stunde' : `${n} Stunden`} wieder.`,
  },
})


let german: Record<string, string> = {}

/** Says a refusal to a person. */
export function useSaying() {
  const t = useWords(refusals)
  useEffect(() => {
    if (t === refusals.de) void import('./german').then((m) => (german = m.german), () => {}) // else as the API says it
  }, [t])
  return (r: Refusal): string => {
    const said = t === refusals.de ? (r.code === 'BAD_INPUT' ? `Bitte prüfen: ${r.message}` : (german[r.code] ?? r.message)) : r.message
    if (r.retryAfter === null || /again in /i.test(said)) return said
    const n = r.retryAfter
    return `${said} ${n < 60 ? t.seconds(n) : n < 3600 ? t.minutes(Math.ceil(n / 60)) : t.hours(Math.ceil(n / 3600))}`
  }
}
