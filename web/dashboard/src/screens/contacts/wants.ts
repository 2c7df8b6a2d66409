import type { ResultOf } from '../../api/graphql'
import type { CONTACTS } from './operations'

export type Listed = NonNullable<NonNullable<ResultOf<typeof CONTACTS>['account']>['contacts']>['nodes'][number]
export type Category = NonNullable<ResultOf<typeof CONTACTS>['permissionCatalog']>['categories'][number]

export const channels = ['EMAIL', 'WEBHOOK', 'PHONE'] as const
export type Channel = (typeof channels)[number]

/** What a contact chose on a channel. Without one, the defaults of the categories hold. */
export type Preference = { channel: Channel; all: boolean; categories: string[]; except: string[] }

/** What is stored, as something that can be changed. */
export const copied = (preferences: readonly { channel: string; all: boolean; categories: readonly string[]; except: readonly string[] }[]): Preference[] =>
  preferences.map((p) => ({ channel: p.channel as Channel, all: p.all, categories: [...p.categories], except: [...p.except] }))

/** Whether a category is wanted, whatever its reader says and whether mail arrives. */
export function wants(preferences: readonly Preference[], category: Category, channel: Channel): boolean {
  const chosen = preferences.find((p) => p.channel === channel)
  if (!chosen) return channel === 'EMAIL' && category.default
  return chosen.all ? !chosen.except.includes(category.key) : chosen.categories.includes(category.key)
}

/** The preferences with one category wanted or not; a channel that followed the defaults begins with them. */
export function wanting(preferences: readonly Preference[], categories: readonly Category[], category: Category, channel: Channel, on: boolean): Preference[] {
  const others = preferences.filter((p) => p.channel !== channel)
  const chosen = preferences.find((p) => p.channel === channel)
  const set = (keys: string[], has: boolean) => categories.map((c) => c.key).filter((k) => (k === category.key ? has : keys.includes(k)))
  if (chosen?.all) return [...others, { ...chosen, except: set(chosen.except, !on) }]
  const now = categories.filter((c) => wants(preferences, c, channel)).map((c) => c.key)
  return [...others, { channel, all: false, categories: set(now, on), except: [] }]
}

/** What the API takes: with everything only what is left out, otherwise only what is wanted. */
export const input = (preferences: readonly Preference[]) => preferences.map((p) => (p.all ? { channel: p.channel, all: true, except: p.except } : { channel: p.channel, all: false, categories: p.categories }))

/** Whether the reader of the mail unsubscribed from a category; only they take it back. */
export const left = (contact: { unsubscribedFrom: readonly string[] }, category: Category) => contact.unsubscribedFrom.includes(category.key) && !category.mandatory && !category.transactional

/** What a contact is called. */
export const nameOf = (c: { firstName: string; lastName: string; company: string; email: string }) => [c.firstName, c.lastName].filter(Boolean).join(' ') || c.company || c.email
