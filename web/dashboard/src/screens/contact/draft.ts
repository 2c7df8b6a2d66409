import { copied, input, type Preference } from '../contacts/wants'
import type { Contact } from './operations'

export type Type = 'BILLING' | 'TECHNICAL' | 'ADMINISTRATIVE' | 'CONTRACTUAL' | 'OTHER'
export const types: Type[] = ['BILLING', 'TECHNICAL', 'ADMINISTRATIVE', 'CONTRACTUAL', 'OTHER']

const texts = ['email', 'firstName', 'lastName', 'company', 'phone', 'locale', 'notes', 'externalId'] as const
const places = ['line1', 'line2', 'city', 'region', 'postalCode', 'country'] as const
export type Text = (typeof texts)[number] | (typeof places)[number]

/** A contact as it is typed: every text, and what is chosen beside. */
export type Draft = Record<Text, string> & { type: Type; preferences: Preference[]; subAccountAccess: 'NONE' | 'SELECTED' | 'ALL'; subAccountIds: string[] }

export const blank = (locale: string): Draft => ({
  ...(Object.fromEntries([...texts, ...places].map((k) => [k, ''])) as Record<Text, string>),
  locale,
  type: 'OTHER',
  preferences: [],
  subAccountAccess: 'NONE',
  subAccountIds: [],
})

export const draftOf = (c: Contact): Draft => ({
  ...(Object.fromEntries([...texts.map((k) => [k, c[k] ?? '']), ...places.map((k) => [k, c.address[k]])]) as Record<Text, string>),
  type: c.type as Type,
  preferences: copied(c.preferences),
  subAccountAccess: c.subAccountAccess,
  subAccountIds: (c.selectedSubAccounts ?? []).map((a) => a.id),
})

const by = (p: Preference) => p.channel
const plain = (draft: Draft, key: keyof Draft) =>
  JSON.stringify(key === 'preferences' ? input([...draft.preferences].sort((a, b) => by(a).localeCompare(by(b)))) : key === 'subAccountIds' ? [...draft.subAccountIds].sort() : draft[key].toString().trim())

/** The fields in which two differ. */
export const different = (a: Draft, b: Draft) => (Object.keys(a) as (keyof Draft)[]).filter((key) => plain(a, key) !== plain(b, key))

/** What is typed on top of what is stored by now: what one did not touch follows. */
export function rebased(typed: Draft, before: Draft, now: Draft): Draft {
  const touched = new Set(different(typed, before))
  return Object.fromEntries(Object.entries(now).map(([key, value]) => [key, touched.has(key as keyof Draft) ? typed[key as keyof Draft] : value])) as Draft
}

/** What is sent of a draft: only the fields that differ from before, or all that say something. */
export function sent(draft: Draft, before?: Draft) {
  const changed = new Set<string>(before ? different(draft, before) : Object.keys(draft).filter((k) => draft[k as keyof Draft].length))
  const out: Record<string, unknown> = {}
  for (const key of texts) if (changed.has(key)) out[key] = draft[key].trim() || (key === 'externalId' || key === 'locale' ? null : '')
  if (places.some((key) => changed.has(key))) out.address = Object.fromEntries(places.map((key) => [key, draft[key].trim()]))
  if (changed.has('type')) out.type = draft.type
  if (changed.has('preferences')) out.preferences = draft.preferences.length ? input(draft.preferences) : null
  if (changed.has('subAccountAccess') || changed.has('subAccountIds')) {
    out.subAccountAccess = draft.subAccountAccess
    if (draft.subAccountAccess === 'SELECTED') out.subAccountIds = draft.subAccountIds
  }
  return out
}
