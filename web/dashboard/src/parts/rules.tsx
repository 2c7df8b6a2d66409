import { useWords, words } from '../words'

const t = words({
  en: {
    ALL: 'wants everything',
    EXCEPTED: 'wants everything but this',
    SELECTED: 'chose this',
    NOT_SELECTED: 'chose other things',
    DEFAULT_ON: 'chose nothing, and this is on by default',
    DEFAULT_OFF: 'chose nothing, and this is off by default',
    SUPPRESSED: 'mail to the address comes back',
    UNSUBSCRIBED: 'whoever reads the mail unsubscribed from this',
    OWNER_FALLBACK: 'owns the account, and no contact gets this',
  },
  de: {
    ALL: 'will alles',
    EXCEPTED: 'will alles außer diesem',
    SELECTED: 'hat dies gewählt',
    NOT_SELECTED: 'hat anderes gewählt',
    DEFAULT_ON: 'hat nichts gewählt, und dies ist von selbst an',
    DEFAULT_OFF: 'hat nichts gewählt, und dies ist von selbst aus',
    SUPPRESSED: 'Post an die Adresse kommt zurück',
    UNSUBSCRIBED: 'wer die Post liest, hat sich davon abgemeldet',
    OWNER_FALLBACK: 'besitzt das Konto, und kein Kontakt bekommt dies',
  },
})

/** Says the rule by which somebody gets a notification or not; one of a later release by its name. */
export function useRule() {
  const p = useWords(t)
  return (rule: string): string => (p as Record<string, string>)[rule] ?? rule.toLowerCase().replaceAll('_', ' ')
}

const channels = words({ en: { EMAIL: 'Mail', WEBHOOK: 'Webhook', PHONE: 'Phone' }, de: { EMAIL: 'Mail', WEBHOOK: 'Webhook', PHONE: 'Telefon' } })

/** What a channel is called. */
export function useChannel() {
  const p = useWords(channels)
  return (channel: string): string => (p as Record<string, string>)[channel] ?? channel.toLowerCase()
}
