import { Badge, Button, Skeleton } from '@mantine/core'
import { Suspense, useState } from 'react'
import { useAct } from '../api/act'
import { graphql, type ResultOf } from '../api/graphql'
import { useQuery } from '../api/query'
import { Confirm } from '../parts/confirm'
import { GRANTS } from '../parts/grants'
import { Icon } from '../parts/icons'
import { late } from '../parts/late'
import { Empty, Failed, Page } from '../parts/page'
import { useSay } from '../parts/said'
import { Copied, Secret } from '../parts/secret'
import { useAccount } from '../shell/account'
import { Ago, useFormat, useWords, words } from '../words'

const Create = late(() => import('./programs/create'), 'corner')

const t = words({
  en: {
    title: 'Programs',
    lead: 'What acts for this account without a person: each program presents an API token of its own, and can never do more than whoever made it.',
    create: 'New token',
    empty: 'No program acts for this account',
    emptyText: 'Make a token for each program that is to, with just what it needs. If one gets out, you revoke that one and nothing else stops.',
    ACTIVE: 'Works',
    EXPIRED: 'Expired',
    ACCOUNT_CLOSED: 'Account closed',
    CREATOR_LOST_ACCESS: 'Does nothing now',
    lost: (who: string) => `${who}, who made it, has lost what it was made for. It works again if that changes.`,
    less: (n: number, all: number) => `Can do ${n} of these ${all} now: whoever made it has lost the rest.`,
    ends: (hint: string) => `ends in ${hint}`,
    made: (who: string, date: string) => `made by ${who} on ${date}`,
    until: (date: string) => `good until ${date}`,
    was: (date: string) => `expired on ${date}`,
    endless: 'never expires',
    soon: 'expires soon',
    used: 'last used',
    from: (address: string) => `from ${address}`,
    unused: 'never used yet',
    here: 'in this account only',
    ALL: 'in all sub-accounts as well',
    in: (names: string) => `in ${names} as well`,
    revoke: 'Revoke',
    revokeTitle: (name: string) => `Revoke ${name}?`,
    revokeText: 'Whatever uses it is refused from the next request on. That cannot be taken back: it would need a new token.',
    revoked: (name: string) => `${name} no longer works.`,
    made2: (name: string) => `${name} is made`,
    token: 'Token',
    try: 'Try it',
    tryText: 'Programs send it as a bearer token with each request. This asks what it may do:',
  },
  de: {
    title: 'Programme',
    lead: 'Was ohne eine Person für dieses Konto handelt: Jedes Programm zeigt ein eigenes API-Token vor und kann nie mehr, als wer es gemacht hat.',
    create: 'Neues Token',
    empty: 'Kein Programm handelt für dieses Konto',
    emptyText: 'Machen Sie für jedes Programm ein eigenes Token, mit genau dem, was es braucht. Gerät eines in falsche Hände, widerrufen Sie dieses, und sonst hört nichts auf.',
    ACTIVE: 'Gilt',
    EXPIRED: 'Abgelaufen',
    ACCOUNT_CLOSED: 'Konto geschlossen',
    CREATOR_LOST_ACCESS: 'Kann gerade nichts',
    lost: (who: string) => `${who} hat es gemacht und das verloren, wofür es da ist. Ändert sich das, gilt es wieder.`,
    less: (n: number, all: number) => `Kann jetzt ${n} von diesen ${all}: Den Rest hat verloren, wer es gemacht hat.`,
    ends: (hint: string) => `endet auf ${hint}`,
    made: (who: string, date: string) => `gemacht von ${who} am ${date}`,
    until: (date: string) => `gilt bis ${date}`,
    was: (date: string) => `abgelaufen am ${date}`,
    endless: 'läuft nie ab',
    soon: 'läuft bald ab',
    used: 'zuletzt benutzt',
    from: (address: string) => `von ${address}`,
    unused: 'noch nie benutzt',
    here: 'nur in diesem Konto',
    ALL: 'auch in allen Unterkonten',
    in: (names: string) => `auch in ${names}`,
    revoke: 'Widerrufen',
    revokeTitle: (name: string) => `${name} widerrufen?`,
    revokeText: 'Was es benutzt, wird ab der nächsten Anfrage abgewiesen. Das lässt sich nicht zurücknehmen: Es bräuchte ein neues Token.',
    revoked: (name: string) => `${name} gilt nicht mehr.`,
    made2: (name: string) => `${name} ist gemacht`,
    token: 'Token',
    try: 'Ausprobieren',
    tryText: 'Programme schicken es mit jeder Anfrage als Bearer-Token. Dies fragt, was es darf:',
  },
})

const PROGRAMS = graphql(`
  query Programs($accountId: ID!) {
    account(id: $accountId) {
      id
      policies {
        membersWithoutTwoFactor
      }
      apiTokens(first: 50) {
        nodes {
          id
          name
          hint
          permissions
          effectivePermissions
          state
          subAccountAccess
          selectedSubAccounts {
            id
            name
          }
          createdBy {
            id
            name
          }
          createdAt
          expiresAt
          lastUsedAt
          lastUsedAddress
        }
      }
    }
  }
`)
const REVOKE = graphql(`
  mutation RevokeApiToken($input: RevokeApiTokenInput!) {
    revokeApiToken(input: $input) {
      revokedTokenId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
type Token = NonNullable<NonNullable<ResultOf<typeof PROGRAMS>['account']>['apiTokens']>['nodes'][number]

const soon = 14 * 86_400_000
const question = JSON.stringify({ query: '{ apiToken { name effectivePermissions account { id name } } }' })

/** The API tokens of an account: what each may do, who answers for it, and how to end it. */
export default function Programs() {
  const p = useWords(t)
  const done = useSay()
  const { account, open } = useAccount()
  const variables = { accountId: account.id }
  const { data, error, loading, refetch } = useQuery(PROGRAMS, { variables, fetchPolicy: 'cache-and-network' })
  const [revoke] = useAct(REVOKE)
  const [creating, create] = useState(false)
  const [made, setMade] = useState<{ name: string; secret: string } | null>(null)
  const [revoking, ask] = useState<Token | null>(null)
  const tokens = data?.account?.apiTokens?.nodes
  const button = (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={() => create(true)} disabled={!open}>
      {p.create}
    </Button>
  )
  return (
    <Page title={p.title} lead={p.lead} shown={{ document: PROGRAMS, variables }} actions={!!tokens?.length && button}>
      {!tokens && !loading ? (
        <Failed error={error} again={() => void refetch()} />
      ) : (
        <section className="panel" aria-busy={loading}>
          {!tokens ? (
            <div className="body stack">
              <Skeleton h={64} />
              <Skeleton h={64} />
            </div>
          ) : tokens.length ? (
            <ul className="list">
              {tokens.map((token) => (
                <Row key={token.id} token={token} revoke={() => ask(token)} />
              ))}
            </ul>
          ) : (
            <Empty icon="code" title={p.empty} text={p.emptyText}>
              {button}
            </Empty>
          )}
        </section>
      )}
      <Suspense>
        {creating && (
          <Create
            special={typeof data?.account?.policies?.membersWithoutTwoFactor === 'number'}
            close={(name, secret) => {
              create(false)
              if (!name) return
              if (secret) setMade({ name, secret })
              void refetch()
            }}
          />
        )}
      </Suspense>
      {made && (
        <Secret title={p.made2(made.name)} label={p.token} secret={made.secret} close={() => setMade(null)}>
          <p className="faint">{p.tryText}</p>
          <Copied label={p.try} text={`curl ${location.origin}/graphql \\\n  -H 'Authorization: Bearer ${made.secret}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${question}'`} />
        </Secret>
      )}
      {revoking && (
        <Confirm
          title={p.revokeTitle(revoking.name)}
          label={p.revoke}
          danger
          close={() => ask(null)}
          act={async () => {
            const { refusals } = await revoke({ input: { tokenId: revoking.id } })
            if (refusals.length) return refusals
            done({ text: p.revoked(revoking.name) })
            await refetch()
            return []
          }}
        >
          {p.revokeText}
        </Confirm>
      )}
    </Page>
  )
}

function Row({ token, revoke }: { token: Token; revoke: () => void }) {
  const p = useWords(t)
  const format = useFormat()
  const { account } = useAccount()
  const { data: known } = useQuery(GRANTS, { variables: { accountId: account.id } })
  const label = (key: string) => known?.permissionCatalog?.permissions.find((x) => x.key === key)?.label ?? key
  const works = token.state === 'ACTIVE'
  const ending = works && !!token.expiresAt && new Date(token.expiresAt).getTime() - Date.now() < soon
  const subs = token.selectedSubAccounts ?? []
  return (
    <li className="todo split">
      <span className={`sign ${works ? (ending ? 'care' : 'new') : 'wrong'}`}>
        <Icon name="code" />
      </span>
      <div className="grow stack tight">
        <span className="row tight">
          <strong className="wrap">{token.name}</strong>
          <Badge size="sm" variant="light" color={works ? (ending ? 'yellow' : 'green') : 'red'}>
            {ending ? p.soon : p[token.state]}
          </Badge>
          <span className="faint small">{p.ends(token.hint)}</span>
        </span>
        <p className="wrap">
          {token.permissions.map(label).join(' · ')} <span className="faint">{token.subAccountAccess === 'ALL' ? p.ALL : subs.length ? p.in(format.list(subs.map((s) => s.name))) : p.here}</span>
        </p>
        {token.state === 'CREATOR_LOST_ACCESS' && <p className="small">{p.lost(token.createdBy.name)}</p>}
        {works && token.effectivePermissions.length < token.permissions.length && <p className="small">{p.less(token.effectivePermissions.length, token.permissions.length)}</p>}
        <p className="faint small wrap">
          {p.made(token.createdBy.name, format.date(token.createdAt))} · {token.expiresAt ? (token.state === 'EXPIRED' ? p.was : p.until)(format.date(token.expiresAt)) : p.endless} ·{' '}
          {token.lastUsedAt ? (
            <>
              {p.used} <Ago at={token.lastUsedAt} /> {token.lastUsedAddress && p.from(token.lastUsedAddress)}
            </>
          ) : (
            p.unused
          )}
        </p>
      </div>
      <div className="row">
        <Button size="sm" variant="outline" color="red" onClick={revoke} aria-label={`${p.revoke}: ${token.name}`}>
          {p.revoke}
        </Button>
      </div>
    </li>
  )
}
