import { ask, read } from './api'
import type { Values } from './story'
import where from './where.graphql?raw'
import who from './who.graphql?raw'

// The permission that step 15 gives.
const GIFT = 'invoices'

export type Viewer = { name: string; account: string | null }

// The viewer with what who.graphql asks for; null for nobody, and when the
// server does not answer: the panel can wait, and the operations will say why.
const viewerNow = () => ask(who).then((answer) => answer.data?.viewer ?? null, () => null)

/** Who is signed in; null for nobody. */
export async function whoami(): Promise<Viewer | null> {
  const viewer = await viewerNow()
  return viewer ? { name: viewer.name, account: viewer.activeAccount?.name ?? null } : null
}

/**
 * Finds out, from the API itself, the ids that the variables of the example
 * operations need. To the demo person what `/playground/demo.json` says goes
 * before what was found. A value that nobody knows is undefined; `signedIn` is
 * always there.
 */
export async function lookup(): Promise<Values> {
  const [demo, mail, viewer] = await Promise.all([read('/playground/demo.json'), read('/dev/mail/messages'), viewerNow()])
  const found = viewer ? await around(viewer) : {}
  const shown = viewer?.email === demo?.email ? demo : { email: demo?.email, password: demo?.password }
  return { signedIn: !!viewer, invitationToken: newestToken(mail), ...found, ...shown }
}

async function around(viewer: any): Promise<Values> {
  const open = (viewer.memberships?.nodes ?? []).filter((m: any) => m.account?.state === 'ACTIVE')
  const active = viewer.activeAccount?.id
  const accountId = (open.find((m: any) => m.isOwner) ?? open.find((m: any) => m.account.id === active) ?? open[0])?.account.id
  const values: Values = {
    accountId,
    otherAccountId: (open.find((m: any) => m.account.id !== active) ?? open[0])?.account.id,
    waitingInvitationId: viewer.invitations?.[0]?.id,
  }
  if (!accountId) return values

  // A viewer without `users` gets nulls here, and what needs them stays open.
  const account = (await ask(where, { accountId })).data?.account
  values.contactId = account?.contacts?.nodes?.[0]?.id
  values.roleId = account?.roles?.find((r: any) => r.type === 'USER' && r.permissions.length)?.id
  const others = (account?.memberships?.nodes ?? []).filter((m: any) => !m.isOwner && m.user.id !== viewer.id)
  const member = others.find((m: any) => !m.effectivePermissions?.includes(GIFT)) ?? others[0]
  if (!member) return values
  return {
    ...values,
    membershipId: member.id,
    memberVersion: member.version,
    memberRoleIds: member.roles.map((r: any) => r.id),
    memberPermissions: [...new Set([...member.extraPermissions, GIFT])],
    memberSubAccountAccess: member.subAccountAccess,
    memberSubAccountIds: (member.selectedSubAccounts ?? []).map((a: any) => a.id),
  }
}

// The mailbox of a laptop lists its messages newest first; elsewhere there is
// none, and the token has to be pasted.
function newestToken(messages: any): string | undefined {
  for (const m of Array.isArray(messages) ? messages : []) {
    const found = /\/invitation#token=([\w.~-]+)/.exec(m.text ?? '')
    if (found) return found[1]
  }
  return undefined
}
