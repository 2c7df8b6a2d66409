/**
 * The events that a webhook can be called with, by what they are about. A test of
 * internal/webhook holds this list against the one of the API.
 */
export const actions = {
  access: 'refused reviewed',
  account: 'closed created number_set owner_changed owner_fallback_set policies_changed policies_reminded reinstated reopened sub_account_created suspended updated',
  api_token: 'created revoked',
  contact: 'complained created deleted disowned linked login_revoked resubscribed suppressed suppression_cleared unlinked unsubscribed updated verification_requested verified',
  delivery: 'retried',
  invitation: 'accepted canceled confirmation_requested declined reminded reported resent sent',
  member: 'access_end_set access_ended access_ending deactivated joined left permissions_changed reactivated removed',
  notification: 'sent tested',
  ownership_transfer: 'accepted canceled declined noticed requested',
  role: 'created deleted updated',
  webhook: 'created deleted delivery_replayed paused resumed secret_rotated stopped tested updated',
} as const
export type Group = keyof typeof actions
