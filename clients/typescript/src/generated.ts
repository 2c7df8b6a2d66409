// Written by scripts/generate.mjs.

/** The types behind each interface, for a normalised cache. */
export const possibleTypes: Record<string, string[]> = {
  Node: ['Account', 'ApiToken', 'Contact', 'Device', 'Event', 'Invitation', 'Membership', 'Notification', 'NotificationDelivery', 'OwnershipTransfer', 'Passkey', 'Role', 'Session', 'User', 'Viewer', 'Webhook', 'WebhookDelivery'],
}

/** Every reason for a refusal that this release knows. A later one may know more: have an answer for those as well. */
export const errorCodes = {
  /** Nobody is signed in, or the credential is dead. Always top-level. */
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  /** The viewer may see the object and may not do this. Always top-level. */
  FORBIDDEN: 'FORBIDDEN',
  /** There is no such object, or none that the viewer may know of: the two are never told apart. */
  NOT_FOUND: 'NOT_FOUND',
  /** A value is not acceptable; `field` names it. */
  BAD_INPUT: 'BAD_INPUT',
  /** Somebody changed the object since it was read, or the idempotency key belongs to another request. */
  CONFLICT: 'CONFLICT',
  /** Too many attempts; `retryAfter` says when to try again. */
  RATE_LIMITED: 'RATE_LIMITED',
  /** A limit of the account is reached. */
  QUOTA_EXCEEDED: 'QUOTA_EXCEEDED',
  /** Prove again who you are with `reauthenticate`, then repeat. */
  REAUTH_REQUIRED: 'REAUTH_REQUIRED',
  /** A second factor is wanted: to finish signing in, or by the account. */
  TWO_FACTOR_REQUIRED: 'TWO_FACTOR_REQUIRED',
  /** The account is closed. */
  ACCOUNT_CLOSED: 'ACCOUNT_CLOSED',
  /** The account is suspended: it can be read and its invoices paid. */
  ACCOUNT_SUSPENDED: 'ACCOUNT_SUSPENDED',
  /** The membership is deactivated. */
  MEMBERSHIP_DEACTIVATED: 'MEMBERSHIP_DEACTIVATED',
  /** The owner of an account cannot be edited, deactivated or removed. */
  OWNER_PROTECTED: 'OWNER_PROTECTED',
  /** Nobody edits what they may do themselves. */
  CANNOT_EDIT_SELF: 'CANNOT_EDIT_SELF',
  /** Nobody gives what they do not hold. */
  PERMISSION_OUT_OF_REACH: 'PERMISSION_OUT_OF_REACH',
  /** The type of the role does not admit the permission. */
  ROLE_TYPE_CEILING: 'ROLE_TYPE_CEILING',
  /** A member or a pending invitation has the role. */
  ROLE_IN_USE: 'ROLE_IN_USE',
  /** Ready-made roles cannot be changed. */
  ROLE_PREDEFINED: 'ROLE_PREDEFINED',
  /** Read the warnings and repeat with `acknowledgeRisks: true`. */
  RISK_NOT_ACKNOWLEDGED: 'RISK_NOT_ACKNOWLEDGED',
  /** The invitation lapsed. Ask for a new one. */
  INVITATION_EXPIRED: 'INVITATION_EXPIRED',
  /** The invitation was withdrawn. */
  INVITATION_CANCELED: 'INVITATION_CANCELED',
  /** The invitation was declined. */
  INVITATION_DECLINED: 'INVITATION_DECLINED',
  /** The invitation was accepted already. */
  INVITATION_USED: 'INVITATION_USED',
  /** The invitation is for another address than the one signed in. */
  INVITATION_EMAIL_MISMATCH: 'INVITATION_EMAIL_MISMATCH',
  /** The invitation was sent less than 60 seconds ago. */
  INVITATION_COOLDOWN: 'INVITATION_COOLDOWN',
  /** The invitation was sent five times, which is all. */
  INVITATION_MAX_SENDS: 'INVITATION_MAX_SENDS',
  /** Who invited may no longer give what was offered, so the invitation is void. */
  INVITER_LOST_RIGHTS: 'INVITER_LOST_RIGHTS',
  /** Nobody would be left to receive a mandatory category. */
  LAST_RECIPIENT: 'LAST_RECIPIENT',
  /** A transfer of ownership is waiting for an answer. */
  TRANSFER_PENDING: 'TRANSFER_PENDING',
  /** Another contact of the account has the address. Sign-up never tells. */
  DUPLICATE_EMAIL: 'DUPLICATE_EMAIL',
  /** Address and password do not fit. */
  INVALID_CREDENTIALS: 'INVALID_CREDENTIALS',
  /** The link is not, or no longer, valid. */
  INVALID_TOKEN: 'INVALID_TOKEN',
  /** The password is too easy to guess. */
  WEAK_PASSWORD: 'WEAK_PASSWORD',
  /** Something went wrong on our side. Always top-level, with an id to quote and nothing else. */
  INTERNAL: 'INTERNAL',
} as const

/** The permissions of the catalogue that is compiled in. A company may have its own: see `permissionCatalog`. */
export const permissionKeys = [
  'profile',
  'users',
  'contacts',
  'products.view',
  'products.manage',
  'products.sso',
  'domains.view',
  'domains.manage',
  'invoices',
  'quotes',
  'payments',
  'pricing',
  'tickets',
  'affiliates',
  'emails',
  'orders',
  'audit',
  'developer',
  'notify',
] as const

/** The notification categories of the catalogue that is compiled in. A company may have its own: see `permissionCatalog`. */
export const categoryKeys = [
  'general',
  'product',
  'domain',
  'invoice',
  'support',
  'affiliate',
  'security',
  'maintenance',
  'legal',
] as const
