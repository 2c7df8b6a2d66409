import { Badge, Button, Modal, Select, Skeleton, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useAct, useKey } from '../api/act'
import { graphql, type ResultOf } from '../api/graphql'
import { useQuery } from '../api/query'
import { Confirm } from '../parts/confirm'
import { Form, useField } from '../parts/form'
import { GRANTS, PermissionPicker } from '../parts/grants'
import { Icon } from '../parts/icons'
import { Failed, Page } from '../parts/page'
import { Risks } from '../parts/risks'
import { useSay } from '../parts/said'
import { useAccount } from '../shell/account'
import { useFormat, useWords, words } from '../words'

const t = words({
  en: {
    title: 'Roles',
    lead: 'Sets of permissions with a name, to be given to people. The ready-made ones are the same in every account; add your own beside them.',
    create: 'New role',
    edit: (name: string) => `Change ${name}`,
    see: (name: string) => `Look at ${name}`,
    ready: 'ready-made',
    types: (type: string) => ({ ADMIN: 'Administration', BILLING: 'Billing', USER: 'User' })[type] ?? type,
    permissions: (n: number) => (n === 1 ? 'one permission' : `${n} permissions`),
    change: 'Change',
    look: 'Look',
    remove: 'Delete',
    name: 'Name',
    description: 'What it is for',
    type: 'Kind',
    typeText: 'The most it may ever hold. It never changes.',
    save: 'Save',
    cancel: 'Cancel',
    close: 'Close',
    created: (name: string) => `The role ${name} is there. Give it to people now.`,
    saved: (name: string) => `Whoever has ${name} may do the new things from the next request on.`,
    conflict: 'Somebody changed this role while you were at it. Save again to put yours in its place.',
    removeTitle: (name: string) => `Delete the role ${name}?`,
    removeText: 'Nobody can be given it any more. A role that somebody has, or is offered, cannot be deleted.',
    removed: (name: string) => `The role ${name} is deleted.`,
  },
  de: {
    title: 'Rollen',
    lead: 'Benannte Mengen von Rechten, die Sie Personen geben. Die vorgefertigten sind in jedem Konto gleich; legen Sie eigene daneben an.',
    create: 'Neue Rolle',
    edit: (name: string) => `${name} ändern`,
    see: (name: string) => `${name} ansehen`,
    ready: 'vorgefertigt',
    types: (type: string) => ({ ADMIN: 'Verwaltung', BILLING: 'Abrechnung', USER: 'Benutzer' })[type] ?? type,
    permissions: (n: number) => (n === 1 ? 'ein Recht' : `${n} Rechte`),
    change: 'Ändern',
    look: 'Ansehen',
    remove: 'Löschen',
    name: 'Name',
    description: 'Wofür sie da ist',
    type: 'Art',
    typeText: 'Das Höchste, was sie je enthalten kann. Es bleibt so.',
    save: 'Speichern',
    cancel: 'Abbrechen',
    close: 'Schließen',
    created: (name: string) => `Die Rolle ${name} ist da. Geben Sie sie jetzt Personen.`,
    saved: (name: string) => `Wer ${name} hat, darf das Neue ab der nächsten Anfrage.`,
    conflict: 'Jemand hat diese Rolle inzwischen geändert. Speichern Sie noch einmal, um Ihre Fassung an die Stelle zu setzen.',
    removeTitle: (name: string) => `Die Rolle ${name} löschen?`,
    removeText: 'Sie kann niemandem mehr gegeben werden. Eine Rolle, die jemand hat oder angeboten bekommt, lässt sich nicht löschen.',
    removed: (name: string) => `Die Rolle ${name} ist gelöscht.`,
  },
})

const ROLES = graphql(`
  query Roles($accountId: ID!, $locale: String) {
    account(id: $accountId) {
      id
      roles {
        id
        name(locale: $locale)
        description(locale: $locale)
        type
        permissions
        predefined
        version
      }
    }
  }
`)
const CREATE = graphql(`
  mutation CreateRole($input: CreateRoleInput!, $locale: String) {
    createRole(input: $input) {
      role {
        id
        name(locale: $locale)
      }
      warnings {
        permission
        message(locale: $locale)
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
const UPDATE = graphql(`
  mutation UpdateRole($input: UpdateRoleInput!, $locale: String) {
    updateRole(input: $input) {
      role {
        id
        name(locale: $locale)
        description(locale: $locale)
        permissions
        version
      }
      warnings {
        permission
        message(locale: $locale)
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
const DELETE = graphql(`
  mutation DeleteRole($input: DeleteRoleInput!) {
    deleteRole(input: $input) {
      deletedRoleId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
type Role = NonNullable<NonNullable<ResultOf<typeof ROLES>['account']>['roles']>[number]
type Warnings = readonly { permission: string | null; message: string }[]

/** The roles of an account. */
export default function Roles() {
  const p = useWords(t)
  const format = useFormat()
  const done = useSay()
  const { account, can, open } = useAccount()
  const variables = { accountId: account.id }
  const { data, error, loading, refetch } = useQuery(ROLES, { variables, fetchPolicy: 'cache-and-network' })
  const { data: known } = useQuery(GRANTS, { variables })
  const [remove] = useAct(DELETE)
  const [editing, edit] = useState<Role | 'new' | null>(null)
  const [removing, ask] = useState<Role | null>(null)
  const roles = data?.account?.roles
  const label = (key: string) => known?.permissionCatalog?.permissions.find((x) => x.key === key)?.label ?? key
  return (
    <Page
      title={p.title}
      lead={p.lead}
      shown={{ document: ROLES, variables }}
      actions={can('users') && (
        <Button leftSection={<Icon name="plus" size={16} />} onClick={() => edit('new')} disabled={!open}>
          {p.create}
        </Button>
      )}
    >
      {!roles && !loading ? (
        <Failed error={error} again={() => void refetch()} />
      ) : (
        <section className="panel" aria-busy={loading}>
          {!roles ? (
            <div className="body stack">
              {Array.from({ length: 5 }, (_, i) => (
                <Skeleton key={i} h={56} />
              ))}
            </div>
          ) : (
            <ul className="list">
              {roles.map((r) => (
                <li key={r.id} className="todo split">
                  <span className={`sign ${r.predefined ? '' : 'new'}`}>
                    <Icon name="key" />
                  </span>
                  <div className="grow">
                    <span className="row tight">
                      <strong className="wrap">{r.name}</strong>
                      <Badge size="sm" variant="light" color={r.type === 'USER' ? 'gray' : 'blue'}>
                        {p.types(r.type)}
                      </Badge>
                      {r.predefined && <span className="faint small">{p.ready}</span>}
                    </span>
                    {r.description && <p className="wrap">{r.description}</p>}
                    <p className="faint small wrap" title={r.permissions.map(label).join(', ')}>
                      {p.permissions(r.permissions.length)}
                      {r.permissions.length > 0 && r.permissions.length <= 6 && `: ${format.list(r.permissions.map(label))}`}
                    </p>
                  </div>
                  <div className="row">
                    <Button size="sm" variant="default" onClick={() => edit(r)} aria-label={r.predefined ? p.see(r.name) : p.edit(r.name)}>
                      {r.predefined ? p.look : p.change}
                    </Button>
                    {!r.predefined && (
                      <Button size="sm" variant="outline" color="red" onClick={() => ask(r)} aria-label={`${p.remove}: ${r.name}`}>
                        {p.remove}
                      </Button>
                    )}
                  </div>
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
      {editing && (
        <Editor
          role={editing === 'new' ? null : (roles?.find((r) => r.id === editing.id) ?? editing)}
          refetch={() => refetch().then(({ data }) => data?.account?.roles?.find((r) => editing !== 'new' && r.id === editing.id)?.version ?? 0)}
          close={(text) => {
            edit(null)
            if (text) {
              done({ text })
              void refetch()
            }
          }}
        />
      )}
      {removing && (
        <Confirm
          title={p.removeTitle(removing.name)}
          label={p.remove}
          danger
          close={() => ask(null)}
          act={async () => {
            const { refusals } = await remove({ input: { roleId: removing.id } })
            if (!refusals.length) {
              done({ text: p.removed(removing.name) })
              await refetch()
            }
            return refusals
          }}
        >
          {p.removeText}
        </Confirm>
      )}
    </Page>
  )
}

function Text({ name, label, value, max, focus, fixed, optional }: { name: string; label: string; value?: string; max: number; focus?: boolean; fixed: boolean; optional?: boolean }) {
  return <TextInput {...useField(name)} label={label} defaultValue={value} required={!optional} withAsterisk={false} maxLength={max} readOnly={fixed} data-autofocus={focus} autoComplete="off" />
}

function Editor({ role, refetch, close }: { role: Role | null; refetch: () => Promise<number>; close: (said?: string) => void }) {
  const p = useWords(t)
  const { account, open } = useAccount()
  const [create, creating] = useAct(CREATE)
  const [update, updating] = useAct(UPDATE)
  const [type, setType] = useState<'ADMIN' | 'BILLING' | 'USER'>((role?.type as 'USER') ?? 'USER')
  const [permissions, setPermissions] = useState<string[]>([...(role?.permissions ?? [])])
  const [warnings, setWarnings] = useState<Warnings>([])
  const [read, setRead] = useState(false)
  const key = useKey()
  // What was read when this was opened, whatever the list learns meanwhile.
  const [version, setVersion] = useState(role?.version ?? 0)
  const fixed = !!role?.predefined || !open
  // What was read was about what was chosen then.
  const anew = () => {
    setWarnings([])
    setRead(false)
  }
  return (
    <Modal opened onClose={() => close()} size={640} title={role ? (fixed ? p.see(role.name) : p.edit(role.name)) : p.create} closeButtonProps={{ 'aria-label': p.close }}>
      <Form
        send={async ({ name = '', description }) => {
          const done = role
            ? await update({ input: { roleId: role.id, version, name, description: description ?? '', permissions, acknowledgeRisks: read } })
            : await create({ input: { accountId: account.id, name, description, type, permissions, acknowledgeRisks: read, idempotencyKey: key([name, description, type, permissions, read]) } })
          if (done.refusals.some((r) => r.code === 'CONFLICT') && role) {
            setVersion(await refetch())
            return [{ code: 'CONFLICT', field: null, message: p.conflict, retryAfter: null }]
          }
          if (done.refusals.some((r) => r.code === 'RISK_NOT_ACKNOWLEDGED')) {
            setWarnings(done.payload?.warnings ?? [])
            setRead(false)
            return
          }
          if (done.refusals.length) return done.refusals
          close(role ? p.saved(name) : p.created(name))
        }}
      >
        <Text name="name" label={p.name} value={role?.name} max={80} focus={!fixed} fixed={fixed} />
        <Text name="description" label={p.description} value={role?.description} max={300} fixed={fixed} optional />
        {!role && (
          <Select
            label={p.type}
            description={p.typeText}
            value={type}
            onChange={(v) => setType((v as 'USER') ?? 'USER')}
            data={(['USER', 'BILLING', 'ADMIN'] as const).map((value) => ({ value, label: p.types(value) }))}
          />
        )}
        <PermissionPicker
          accountId={account.id}
          ceilings={[type]}
          value={permissions}
          onChange={(chosen) => {
            setPermissions(chosen)
            anew()
          }}
          fixed={fixed}
        />
        <Risks warnings={warnings} read={read} onRead={setRead} reveal />
        <div className="row right sticky">
          <Button variant="default" onClick={() => close()}>
            {fixed ? p.close : p.cancel}
          </Button>
          {!fixed && (
            <Button type="submit" loading={creating || updating} disabled={warnings.length > 0 && !read}>
              {role ? p.save : p.create}
            </Button>
          )}
        </div>
      </Form>
    </Modal>
  )
}
