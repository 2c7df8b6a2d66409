import { Badge } from '@mantine/core'
import { useWords, words } from '../../words'
import { type Group, actions } from './actions'
import type { Webhook } from './operations'

const t = words({
  en: {
    ACTIVE: 'Called',
    failing: 'Calls fail',
    PAUSED: 'Paused',
    FAILING: 'Switched off',
    all: 'Everything that happens',
    notifications: 'notifications',
    nothing: 'nothing',
    groups: (g: string) =>
      ({ access: 'Refusals', account: 'The account', api_token: 'API tokens', contact: 'Contacts', delivery: 'Deliveries', invitation: 'Invitations', member: 'Members', notification: 'Notifications', ownership_transfer: 'Ownership', role: 'Roles', webhook: 'Webhooks' })[g] ?? g,
  },
  de: {
    ACTIVE: 'Wird aufgerufen',
    failing: 'Aufrufe schlagen fehl',
    PAUSED: 'Angehalten',
    FAILING: 'Abgeschaltet',
    all: 'Alles, was geschieht',
    notifications: 'Benachrichtigungen',
    nothing: 'nichts',
    groups: (g: string) =>
      ({ access: 'Abgewiesenes', account: 'Das Konto', api_token: 'API-Tokens', contact: 'Kontakte', delivery: 'Zustellungen', invitation: 'Einladungen', member: 'Mitglieder', notification: 'Benachrichtigungen', ownership_transfer: 'Besitz', role: 'Rollen', webhook: 'Webhooks' })[g] ?? g,
  },
})

export const groups = Object.keys(actions) as Group[]

/** What people call a group of events. */
export const useGroupName = () => useWords(t).groups

/** Whether a webhook is called, in a word. */
export function State({ webhook, size }: { webhook: Webhook; size?: 'sm' | 'lg' }) {
  const p = useWords(t)
  const failing = webhook.state === 'ACTIVE' && webhook.firstFailureAt
  const color = webhook.state === 'FAILING' ? 'red' : failing ? 'yellow' : webhook.state === 'ACTIVE' ? 'green' : 'gray'
  return (
    <Badge size={size} variant="light" color={color}>
      {failing ? p.failing : p[webhook.state]}
    </Badge>
  )
}

/** What a webhook is called with, in a line. */
export function useWants() {
  const p = useWords(t)
  return (webhook: Webhook): string =>
    [...webhook.events.map((e) => (e === '*' ? p.all : e.endsWith('.*') ? p.groups(e.slice(0, -2)) : e)), ...(webhook.notifications ? [p.notifications] : [])].join(' · ') || p.nothing
}
