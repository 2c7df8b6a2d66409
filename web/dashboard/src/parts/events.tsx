import { useEffect, useState } from 'react'
import { useLanguage } from '../words'
import type { IconName } from './icons'

export type Said = (who: string, what: string) => string

// What happened, in words: `who` did it to `what`, which may be empty.
const english: Record<string, Said> = {
  'access.refused': (w, t) => `${w} was refused${t && `: ${t}`}`,
  'access.reviewed': (w) => `${w} looked through who has access`,
  'account.number_set': (w) => `${w} set the customer number`,
  'account.owner_fallback_set': (w) => `${w} changed what the owner hears in place of contacts`,
  'invitation.confirmation_requested': (_, t) => `${t || 'Somebody invited'} was asked to prove the address`,
  'account.created': (w) => `${w} opened the account`,
  'account.updated': (w) => `${w} changed the details of the account`,
  'account.closed': (w) => `${w} closed the account`,
  'account.reopened': (w) => `${w} opened the account again`,
  'account.suspended': (w) => `${w} suspended the account`,
  'account.reinstated': (w) => `${w} reinstated the account`,
  'account.sub_account_created': (w, t) => `${w} opened the sub-account ${t}`,
  'account.policies_changed': (w) => `${w} changed the policies`,
  'account.policies_reminded': (w, t) => `${w} reminded ${t || 'members'} of the second factor`,
  'account.owner_changed': (_, t) => `${t || 'Somebody else'} owns the account now`,
  'ownership_transfer.requested': (w, t) => `${w} offered the account to ${t || 'somebody'}`,
  'ownership_transfer.accepted': (w) => `${w} took the account over`,
  'ownership_transfer.declined': (w) => `${w} declined the account`,
  'ownership_transfer.canceled': (w) => `${w} took the offer of the account back`,
  'ownership_transfer.noticed': (w, t) => `${w} told ${t || 'people'} of the transfer`,
  'invitation.sent': (w, t) => `${w} invited ${t || 'somebody'}`,
  'invitation.resent': (w, t) => `${w} invited ${t || 'somebody'} again`,
  'invitation.canceled': (w, t) => `${w} withdrew the invitation of ${t || 'somebody'}`,
  'invitation.accepted': (w) => `${w} accepted the invitation`,
  'invitation.declined': (w) => `${w} declined the invitation`,
  'invitation.reminded': (w, t) => `${w} reminded ${t || 'somebody'} of the invitation`,
  'invitation.reported': (w) => `${w} does not know who invited them`,
  'member.joined': (w, t) => `${t || w} joined`,
  'member.permissions_changed': (w, t) => `${w} changed what ${t || 'somebody'} may do`,
  'member.deactivated': (w, t) => `${w} deactivated ${t || 'somebody'}`,
  'member.reactivated': (w, t) => `${w} reactivated ${t || 'somebody'}`,
  'member.removed': (w, t) => `${w} removed ${t || 'somebody'}`,
  'member.left': (w) => `${w} left`,
  'member.access_end_set': (w, t) => `${w} changed when the access of ${t || 'somebody'} ends`,
  'member.access_ending': (_, t) => `The access of ${t || 'somebody'} ends soon`,
  'member.access_ended': (_, t) => `The access of ${t || 'somebody'} ended`,
  'role.created': (w, t) => `${w} made the role ${t}`,
  'role.updated': (w, t) => `${w} changed the role ${t}`,
  'role.deleted': (w, t) => `${w} deleted the role ${t}`,
  'contact.created': (w, t) => `${w} added the contact ${t}`,
  'contact.updated': (w, t) => `${w} changed the contact ${t}`,
  'contact.deleted': (w, t) => `${w} deleted the contact ${t}`,
  'contact.linked': (w, t) => `${t || w} signs in as a contact`,
  'contact.unlinked': (_, t) => `${t || 'A contact'} no longer signs in`,
  'contact.login_revoked': (w, t) => `${w} took the login of ${t || 'a contact'} away`,
  'contact.suppressed': (_, t) => `Mail to ${t || 'a contact'} came back`,
  'contact.suppression_cleared': (w, t) => `${w} lets mail go to ${t || 'a contact'} again`,
  'contact.unsubscribed': (w, t) => `${t || w} unsubscribed`,
  'contact.resubscribed': (w, t) => `${t || w} subscribed again`,
  'contact.complained': (w, t) => `${t || w} called a mail spam`,
  'contact.verification_requested': (w, t) => `${w} asked ${t || 'a contact'} whether the address is right`,
  'contact.verified': (w, t) => `${t || w} said that the address is right`,
  'contact.disowned': (w, t) => `${t || w} said that the address is not theirs`,
  'notification.sent': (w, t) => `${w} sent ${t ? `“${t}”` : 'a notification'}`,
  'notification.tested': (w, t) => `${w} sent ${t || 'a contact'} a test`,
  'delivery.retried': (w) => `${w} sent a mail again`,
  'api_token.created': (w, t) => `${w} made the API token ${t}`,
  'api_token.revoked': (w, t) => `${w} revoked the API token ${t}`,
  'webhook.created': (w, t) => `${w} made the webhook ${t}`,
  'webhook.updated': (w, t) => `${w} changed the webhook ${t}`,
  'webhook.deleted': (w, t) => `${w} deleted the webhook ${t}`,
  'webhook.paused': (w, t) => `${w} paused the webhook ${t}`,
  'webhook.resumed': (w, t) => `${w} resumed the webhook ${t}`,
  'webhook.stopped': (_, t) => `The webhook ${t} was switched off: it no longer answers`,
  'webhook.secret_rotated': (w, t) => `${w} gave the webhook ${t} a new secret`,
  'webhook.tested': (w, t) => `${w} tested the webhook ${t}`,
  'webhook.delivery_replayed': (w, t) => `${w} repeated a call of the webhook ${t}`,
}
let german: Record<string, Said> | null = null

/** Says an event in a sentence; one of a later release by its name. */
export function useTelling() {
  const spoken = useLanguage().language
  const [, loaded] = useState(false)
  useEffect(() => {
    if (spoken !== 'de' || german) return
    // What cannot be loaded is said in English rather than not at all.
    const tell = (words: Record<string, Said>) => {
      german = words
      loaded(true)
    }
    import('./events-german').then(
      (m) => tell(m.german),
      () => tell(english),
    )
  }, [spoken])
  const said = spoken === 'de' ? german : english
  return (e: { action: string; actor: { name: string }; targetName: string | null }) =>
    said && (said[e.action]?.(e.actor.name, e.targetName ?? '') ?? `${e.actor.name}: ${e.action.replaceAll(/[._]/g, ' ')}${e.targetName ? ` (${e.targetName})` : ''}`)
}

const icons: Record<string, IconName> = { invitation: 'mail', member: 'people', role: 'key', contact: 'person', account: 'building', ownership_transfer: 'hand', notification: 'bell', delivery: 'bell', api_token: 'code', webhook: 'link' }
export const iconOf = (action: string): IconName => icons[action.split('.')[0] ?? ''] ?? 'clock'
