import { Badge, Checkbox, Radio, Skeleton } from '@mantine/core'
import { useId } from 'react'
import { graphql, type ResultOf } from '../api/graphql'
import { useQuery } from '../api/query'
import { useWords, words } from '../words'
import { Icon } from './icons'

const t = words({
  en: {
    roles: 'Roles',
    rolesText: 'A role is a set of permissions with a name.',
    permissions: 'Permissions',
    more: 'Single permissions',
    moreText: 'What they may do beside their roles.',
    byRole: 'by role',
    held: 'You do not hold it, so you cannot give it.',
    ceiling: 'The type of the chosen roles does not admit it.',
    tokens: 'The owner and administrators give it.',
    risks: (risk: string) => ({ LOW: 'low risk', MEDIUM: 'medium risk', HIGH: 'high risk', CRITICAL: 'critical' })[risk] ?? risk,
    types: (type: string) => ({ ADMIN: 'Administration', BILLING: 'Billing', USER: 'User' })[type] ?? type,
    count: (n: number, all: number) => `${n} of ${all}`,
    scope: 'Sub-accounts',
    scopeText: 'What is given here holds in these as well.',
    NONE: 'None',
    SELECTED: 'Some',
    ALL: 'All, also those opened later',
  },
  de: {
    roles: 'Rollen',
    rolesText: 'Eine Rolle ist eine benannte Menge von Rechten.',
    permissions: 'Rechte',
    more: 'Einzelne Rechte',
    moreText: 'Was sie neben den Rollen dürfen.',
    byRole: 'durch Rolle',
    held: 'Sie haben es selbst nicht, also können Sie es nicht geben.',
    ceiling: 'Die Art der gewählten Rollen lässt es nicht zu.',
    tokens: 'Das geben der Inhaber und die Verwaltung.',
    risks: (risk: string) => ({ LOW: 'geringes Risiko', MEDIUM: 'mittleres Risiko', HIGH: 'hohes Risiko', CRITICAL: 'kritisch' })[risk] ?? risk,
    types: (type: string) => ({ ADMIN: 'Verwaltung', BILLING: 'Abrechnung', USER: 'Benutzer' })[type] ?? type,
    count: (n: number, all: number) => `${n} von ${all}`,
    scope: 'Unterkonten',
    scopeText: 'Was hier gegeben wird, gilt auch in diesen.',
    NONE: 'Keine',
    SELECTED: 'Einige',
    ALL: 'Alle, auch spätere',
  },
})

export const GRANTS = graphql(`
  query Grants($accountId: ID!, $locale: String) {
    permissionCatalog {
      permissions {
        key
        label(locale: $locale)
        description(locale: $locale)
        module(locale: $locale)
        risk
        warning(locale: $locale)
        subAccounts
        tokensOnly
        roleTypes
      }
    }
    account(id: $accountId) {
      id
      viewerPermissions
      roles {
        id
        name(locale: $locale)
        description(locale: $locale)
        type
        permissions
      }
      subAccounts(first: 100) {
        nodes {
          id
          name
        }
      }
    }
  }
`)
type Data = ResultOf<typeof GRANTS>
export type Permission = NonNullable<Data['permissionCatalog']>['permissions'][number]

/** What somebody is given: the part of many inputs that says so. */
export type Grant = { roleIds: string[]; permissions: string[]; subAccountAccess: 'NONE' | 'SELECTED' | 'ALL'; subAccountIds: string[] }
/** Where, beside the account itself. */
export type Where = Pick<Grant, 'subAccountAccess' | 'subAccountIds'>
export const nothing: Grant = { roleIds: [], permissions: [], subAccountAccess: 'NONE', subAccountIds: [] }

const toggled = (list: string[], item: string, on: boolean) => (on ? [...list, item] : list.filter((x) => x !== item))
const tones: Record<string, string> = { MEDIUM: 'gray', HIGH: 'yellow', CRITICAL: 'red' }

/** How dangerous a permission is, where it is at all. */
export function RiskBadge({ risk }: { risk: string }) {
  const p = useWords(t)
  return risk === 'LOW' ? null : (
    <Badge size="sm" variant="light" color={tones[risk]}>
      {p.risks(risk)}
    </Badge>
  )
}

/** Chooses roles, single permissions by module, and sub-accounts. */
export function Grants({ accountId, value, onChange }: { accountId: string; value: Grant; onChange: (value: Grant) => void }) {
  const p = useWords(t)
  const { data } = useQuery(GRANTS, { variables: { accountId } })
  const account = data?.account
  if (!data || !account) {
    return (
      <div className="stack" aria-busy="true">
        <Skeleton h={60} />
        <Skeleton h={60} />
        <Skeleton h={200} />
      </div>
    )
  }
  const roles = account.roles ?? []
  const chosen = roles.filter((r) => value.roleIds.includes(r.id))
  const ceilings = chosen.length ? chosen.map((r) => r.type) : ['USER']
  const byRole = new Set(chosen.flatMap((r) => r.permissions))

  return (
    <div className="stack grants">
      <fieldset>
        <legend>{p.roles}</legend>
        <p className="faint small">{p.rolesText}</p>
        <ul className="cards">
          {roles.map((r) => (
            <li key={r.id}>
              <Checkbox
                label={
                  <>
                    {r.name}{' '}
                    {r.type !== 'USER' && (
                      <Badge size="sm" variant="light" color="blue">
                        {p.types(r.type)}
                      </Badge>
                    )}
                  </>
                }
                description={r.description}
                checked={value.roleIds.includes(r.id)}
                onChange={(e) => onChange({ ...value, roleIds: toggled(value.roleIds, r.id, e.currentTarget.checked) })}
              />
            </li>
          ))}
        </ul>
      </fieldset>
      <fieldset>
        <legend>{p.more}</legend>
        <p className="faint small">{p.moreText}</p>
        <Modules data={data} ceilings={ceilings} byRole={byRole} value={value.permissions} onChange={(permissions) => onChange({ ...value, permissions })} />
      </fieldset>
      <Scope accountId={accountId} value={value} onChange={(scope) => onChange({ ...value, ...scope })} />
    </div>
  )
}

/** Chooses the sub-accounts in which something holds as well; nothing where there are none. */
export function Scope({ accountId, value, onChange }: { accountId: string; value: Where; onChange: (value: Where) => void }) {
  const p = useWords(t)
  const { data } = useQuery(GRANTS, { variables: { accountId } })
  const subs = data?.account?.subAccounts?.nodes ?? []
  if (!subs.length) return null
  return (
    <fieldset>
      <legend>{p.scope}</legend>
      <p className="faint small">{p.scopeText}</p>
      <Radio.Group value={value.subAccountAccess} onChange={(access) => onChange({ subAccountAccess: access as Grant['subAccountAccess'], subAccountIds: [] })} aria-label={p.scope}>
        <div className="stack tight">
          {(['NONE', 'SELECTED', 'ALL'] as const).map((access) => (
            <div key={access} className="stack tight">
              <Radio value={access} label={p[access]} />
              {access === 'SELECTED' && value.subAccountAccess === access && (
                <ul className="subs">
                  {subs.map((s) => (
                    <li key={s.id}>
                      <Checkbox label={s.name} checked={value.subAccountIds.includes(s.id)} onChange={(e) => onChange({ ...value, subAccountIds: toggled(value.subAccountIds, s.id, e.currentTarget.checked) })} />
                    </li>
                  ))}
                </ul>
              )}
            </div>
          ))}
        </div>
      </Radio.Group>
    </fieldset>
  )
}

const none = new Set<string>()

// The permissions by module, as far as the ceilings admit them and the viewer holds them. Without ceilings
// they are for a token: there are more, and whether the viewer may give those is special.
function Modules({ data, ceilings, special, byRole = none, value, onChange, fixed }: { data: Data; ceilings?: readonly string[]; special?: boolean; byRole?: Set<string>; value: string[]; onChange: (value: string[]) => void; fixed?: boolean }) {
  const p = useWords(t)
  const id = useId()
  const holds = new Set(data.account?.viewerPermissions)
  const permissions = (data.permissionCatalog?.permissions ?? []).filter((x) => !x.tokensOnly || !ceilings)
  const modules = [...new Set(permissions.map((x) => x.module))]
  return (
    <>
      {modules.map((module) => {
        const all = permissions.filter((x) => x.module === module)
        const given = all.filter((x) => byRole.has(x.key) || value.includes(x.key))
        return (
          <details key={module} className="module" open={all.some((x) => value.includes(x.key)) || undefined}>
            <summary>
              <Icon name="next" size={16} />
              <span className="grow">{module}</span>
              <span className="faint small">{p.count(given.length, all.length)}</span>
            </summary>
            <ul>
              {all.map((x) => {
                const on = value.includes(x.key)
                const admitted = !ceilings || x.roleTypes.some((type) => ceilings.includes(type))
                const why = byRole.has(x.key) ? null : !admitted ? p.ceiling : x.tokensOnly ? (special ? null : p.tokens) : !holds.has(x.key) && !on ? p.held : null
                return (
                  <li key={x.key}>
                    <Checkbox
                      label={
                        <>
                          {x.label} <RiskBadge risk={x.risk} />{' '}
                          {byRole.has(x.key) && (
                            <Badge size="sm" variant="light" color="gray">
                              {p.byRole}
                            </Badge>
                          )}
                        </>
                      }
                      description={on || !why ? x.description : why}
                      checked={byRole.has(x.key) || on}
                      disabled={fixed || (!on && (byRole.has(x.key) || !!why))}
                      error={on && why ? why : undefined}
                      onChange={(e) => onChange(toggled(value, x.key, e.currentTarget.checked))}
                    />
                    {on && x.warning && (
                      <p className="warned" id={`${id}-${x.key}`}>
                        <Icon name="warning" size={16} />
                        {x.warning}
                      </p>
                    )}
                  </li>
                )
              })}
            </ul>
          </details>
        )
      })}
    </>
  )
}

/** Chooses the permissions of a role within its ceilings, or of a token, by module. */
export function PermissionPicker({ accountId, ceilings, special, value, onChange, fixed }: { accountId: string; ceilings?: readonly string[]; special?: boolean; value: string[]; onChange: (value: string[]) => void; fixed?: boolean }) {
  const p = useWords(t)
  const { data } = useQuery(GRANTS, { variables: { accountId } })
  return (
    <div className="grants" aria-busy={!data}>
      <fieldset>
        <legend>{p.permissions}</legend>
        {data ? <Modules data={data} ceilings={ceilings} special={special} value={value} onChange={onChange} fixed={fixed} /> : <Skeleton h={260} />}
      </fieldset>
    </div>
  )
}
