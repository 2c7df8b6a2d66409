import { Button, Skeleton } from '@mantine/core'
import { Suspense, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useQuery } from '../api/query'
import { Icon } from '../parts/icons'
import { late } from '../parts/late'
import { Empty, Failed, Page } from '../parts/page'
import { Secret } from '../parts/secret'
import { useAccount } from '../shell/account'
import { Ago, useWords, words } from '../words'
import { useFailure } from './webhooks/failure'
import { WEBHOOKS } from './webhooks/operations'
import { State, useWants } from './webhooks/state'

const Editor = late(() => import('./webhooks/editor'), 'corner')

const t = words({
  en: {
    title: 'Webhooks',
    lead: 'Programs of yours that are called when something happens in this account, and with notifications.',
    create: 'New webhook',
    empty: 'Nobody is called',
    emptyText: 'Give the address of a program of yours, and it hears of what happens in the moment it does. Calls are signed, and tried again for two days.',
    accepted: 'last accepted',
    never: 'no call accepted yet',
    made: 'The webhook is made',
    secret: 'Secret that calls are signed with',
    next: 'Your program checks each call with it, as Standard Webhooks has it. Then test the webhook.',
  },
  de: {
    title: 'Webhooks',
    lead: 'Eigene Programme, die aufgerufen werden, wenn in diesem Konto etwas geschieht, und mit Benachrichtigungen.',
    create: 'Neuer Webhook',
    empty: 'Niemand wird aufgerufen',
    emptyText: 'Nennen Sie die Adresse eines eigenen Programms, und es erfährt im selben Augenblick, was geschieht. Aufrufe sind signiert und werden zwei Tage lang wiederholt.',
    accepted: 'zuletzt angenommen',
    never: 'noch kein Aufruf angenommen',
    made: 'Der Webhook ist angelegt',
    secret: 'Geheimnis, mit dem Aufrufe signiert sind',
    next: 'Ihr Programm prüft damit jeden Aufruf, wie es Standard Webhooks vorsieht. Probieren Sie den Webhook dann aus.',
  },
})

/** The receivers of an account that are called with what happens. */
export default function Webhooks() {
  const p = useWords(t)
  const { account, base, open } = useAccount()
  const [, go] = useLocation()
  const variables = { accountId: account.id }
  const { data, error, loading, refetch } = useQuery(WEBHOOKS, { variables, fetchPolicy: 'cache-and-network' })
  const wants = useWants()
  const failure = useFailure()
  const [creating, create] = useState(false)
  const [made, setMade] = useState<{ id: string; secret: string } | null>(null)
  const webhooks = data?.account?.webhooks?.nodes
  const button = (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={() => create(true)} disabled={!open}>
      {p.create}
    </Button>
  )
  return (
    <Page title={p.title} lead={p.lead} shown={{ document: WEBHOOKS, variables }} actions={!!webhooks?.length && button}>
      {!webhooks && !loading ? (
        <Failed error={error} again={() => void refetch()} />
      ) : (
        <section className="panel" aria-busy={loading}>
          {!webhooks ? (
            <div className="body stack">
              <Skeleton h={64} />
              <Skeleton h={64} />
            </div>
          ) : webhooks.length ? (
            <ul className="list">
              {webhooks.map((w) => (
                <li key={w.id} className="todo">
                  <span className={`sign ${w.state === 'FAILING' ? 'wrong' : w.firstFailureAt ? 'care' : w.state === 'ACTIVE' ? 'new' : ''}`}>
                    <Icon name="link" />
                  </span>
                  <div className="grow stack tight">
                    <span className="row tight">
                      <strong className="wrap">
                        <Link href={`${base}/webhooks/${w.id}`}>{w.description || w.url}</Link>
                      </strong>
                      <State webhook={w} size="sm" />
                    </span>
                    {w.description && <p className="mono small wrap">{w.url}</p>}
                    <p className="small wrap">{wants(w)}</p>
                    <p className="faint small wrap">
                      {w.lastSuccessAt ? (
                        <>
                          {p.accepted} <Ago at={w.lastSuccessAt} />
                        </>
                      ) : (
                        p.never
                      )}
                      {w.lastError && ` · ${failure(w.lastError)}`}
                    </p>
                  </div>
                </li>
              ))}
            </ul>
          ) : (
            <Empty icon="link" title={p.empty} text={p.emptyText}>
              {button}
            </Empty>
          )}
        </section>
      )}
      <Suspense>
        {creating && (
          <Editor
            webhook={null}
            again={() => refetch().then(() => {})}
            close={(saved, secret) => {
              create(false)
              if (saved && secret) setMade({ id: saved.id, secret })
              else if (saved) void refetch()
            }}
          />
        )}
      </Suspense>
      {made && (
        <Secret title={p.made} label={p.secret} secret={made.secret} close={() => go(`${base}/webhooks/${made.id}`)}>
          <p className="faint">{p.next}</p>
        </Secret>
      )}
    </Page>
  )
}
