import { Alert, Badge, Button, Skeleton } from '@mantine/core'
import { Suspense, useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useAct } from '../api/act'
import { type Refusal, useSaying } from '../api/failure'
import type { ResultOf } from '../api/graphql'
import { useQuery } from '../api/query'
import { Confirm } from '../parts/confirm'
import { Icon } from '../parts/icons'
import { late } from '../parts/late'
import { Empty, Failed, Page, Panel } from '../parts/page'
import { useSay } from '../parts/said'
import { Secret } from '../parts/secret'
import { useAccount } from '../shell/account'
import { Ago, useFormat, useWords, words } from '../words'
import { CALLS, DELETE, PAUSE, REPLAY, RESUME, ROTATE, TEST } from './webhooks/operations'
import { State, useWants } from './webhooks/state'
import { useFailure } from './webhooks/failure'

const Editor = late(() => import('./webhooks/editor'), 'corner')

const t = words({
  en: {
    webhooks: 'Webhooks',
    title: 'Webhook',
    about: 'This webhook',
    wants: 'Called with',
    accepted: 'Last accepted',
    never: 'no call yet',
    since: 'Made',
    test: 'Test it',
    testing: 'Calls it now and shows what it answers.',
    good: (status: number, ms: number) => `It accepted the call: ${status} after ${ms} ms.`,
    bad: (status: number | null, ms: number) => (status ? `It did not accept the call: ${status} after ${ms} ms.` : `No answer came within ${ms} ms.`),
    answer: 'What it answered',
    change: 'Change',
    changed: 'The webhook is changed. Calls that wait go where it leads now.',
    pause: 'Pause',
    paused: 'It is not called any more. Of what happens meanwhile nothing is kept for it.',
    resume: 'Resume',
    resumed: 'It is called again from now on.',
    rotate: 'New secret',
    rotateTitle: 'Make another secret?',
    rotateText: 'For 24 hours calls are signed with the one before as well, so that nothing is refused while you give your program the new one. Made anew twice in a day, the first one is good no longer.',
    rotated: 'There is a new secret',
    secret: 'Secret that calls are signed with',
    former: (when: string) => `Until ${when} calls are signed with the secret before as well.`,
    remove: 'Delete',
    removeTitle: 'Delete this webhook?',
    removeText: 'It is not called any more, what waits is not sent, and the list of its calls goes with it.',
    removed: 'The webhook is deleted.',
    off: 'It was switched off, since no call was accepted for five days. Mend your program, test it, and resume it.',
    waits: 'It is paused: somebody did it, or your program answered 410. What is due meanwhile is given up and can be replayed.',
    fails: (when: string) => `Calls have not been accepted since ${when}. They are tried again for two days; after five days without one accepted call the webhook is switched off.`,
    calls: 'Calls of the last 30 days',
    none: 'There were no calls yet',
    noneText: 'With the next thing that happens it is called. Test it to see at once whether your program answers.',
    more: 'Show more',
    look: 'Look again',
    replay: 'Call again',
    replayed: 'The call is made again, with the same id.',
    QUEUED: 'waits',
    SENT: 'accepted',
    FAILED: 'given up',
    BOUNCED: 'bounced',
    SUPPRESSED: 'not sent',
    after: (ms: number) => `after ${ms} ms`,
    tries: (n: number) => (n === 1 ? 'one attempt' : `${n} attempts`),
    next: (when: string) => `next ${when}`,
  },
  de: {
    webhooks: 'Webhooks',
    title: 'Webhook',
    about: 'Dieser Webhook',
    wants: 'Wird aufgerufen mit',
    accepted: 'Zuletzt angenommen',
    never: 'noch kein Aufruf',
    since: 'Angelegt',
    test: 'Ausprobieren',
    testing: 'Ruft ihn jetzt auf und zeigt, was er antwortet.',
    good: (status: number, ms: number) => `Er hat den Aufruf angenommen: ${status} nach ${ms} ms.`,
    bad: (status: number | null, ms: number) => (status ? `Er hat den Aufruf nicht angenommen: ${status} nach ${ms} ms.` : `Binnen ${ms} ms kam keine Antwort.`),
    answer: 'Was er geantwortet hat',
    change: 'Ändern',
    changed: 'Der Webhook ist geändert. Wartende Aufrufe gehen dorthin, wohin er jetzt führt.',
    pause: 'Anhalten',
    paused: 'Er wird nicht mehr aufgerufen. Von dem, was inzwischen geschieht, wird für ihn nichts aufgehoben.',
    resume: 'Fortsetzen',
    resumed: 'Er wird ab jetzt wieder aufgerufen.',
    rotate: 'Neues Geheimnis',
    rotateTitle: 'Ein anderes Geheimnis machen?',
    rotateText: 'Noch 24 Stunden sind Aufrufe auch mit dem bisherigen signiert, damit nichts abgewiesen wird, während Sie Ihrem Programm das neue geben. Zweimal am Tag erneuert, gilt das erste nicht mehr.',
    rotated: 'Es gibt ein neues Geheimnis',
    secret: 'Geheimnis, mit dem Aufrufe signiert sind',
    former: (when: string) => `Bis ${when} sind Aufrufe auch mit dem bisherigen Geheimnis signiert.`,
    remove: 'Löschen',
    removeTitle: 'Diesen Webhook löschen?',
    removeText: 'Er wird nicht mehr aufgerufen, was wartet, wird nicht geschickt, und die Liste seiner Aufrufe geht mit.',
    removed: 'Der Webhook ist gelöscht.',
    off: 'Er wurde abgeschaltet, weil fünf Tage lang kein Aufruf angenommen wurde. Bringen Sie Ihr Programm in Ordnung, probieren Sie ihn aus, und setzen Sie ihn fort.',
    waits: 'Er ist angehalten: Jemand hat es getan, oder Ihr Programm hat mit 410 geantwortet. Was inzwischen fällig ist, wird aufgegeben und lässt sich wiederholen.',
    fails: (when: string) => `Seit ${when} wird kein Aufruf angenommen. Zwei Tage lang wird jeder wiederholt; nach fünf Tagen ohne einen angenommenen Aufruf wird der Webhook abgeschaltet.`,
    calls: 'Aufrufe der letzten 30 Tage',
    none: 'Es gab noch keine Aufrufe',
    noneText: 'Mit dem Nächsten, was geschieht, wird er aufgerufen. Probieren Sie ihn aus, um gleich zu sehen, ob Ihr Programm antwortet.',
    more: 'Mehr anzeigen',
    look: 'Noch einmal ansehen',
    replay: 'Noch einmal aufrufen',
    replayed: 'Der Aufruf wird wiederholt, mit derselben Nummer.',
    QUEUED: 'wartet',
    SENT: 'angenommen',
    FAILED: 'aufgegeben',
    BOUNCED: 'unzustellbar',
    SUPPRESSED: 'nicht geschickt',
    after: (ms: number) => `nach ${ms} ms`,
    tries: (n: number) => (n === 1 ? 'ein Versuch' : `${n} Versuche`),
    next: (when: string) => `wieder ${when}`,
  },
})

type Found = Extract<NonNullable<ResultOf<typeof CALLS>['node']>, { url: string }>
type Call = NonNullable<Found['deliveries']>['nodes'][number]
const tones = { QUEUED: 'blue', SENT: 'green', FAILED: 'red', BOUNCED: 'red', SUPPRESSED: 'gray' }

/** One receiver: whether it is called, what it answers, and every call of late. */
export default function Webhook({ webhookId }: { webhookId: string }) {
  const p = useWords(t)
  const { base } = useAccount()
  const variables = { webhookId, after: undefined }
  const { data, error, loading, refetch, fetchMore, startPolling, stopPolling } = useQuery(CALLS, { variables, fetchPolicy: 'cache-and-network' })
  const found = data?.node && 'url' in data.node ? data.node : null
  const calls = found?.deliveries?.nodes ?? []
  // What waits is looked at again, as long as that takes away nothing that was opened.
  const waiting = calls.length <= 25 && calls.some((c) => c.state === 'QUEUED')
  useEffect(() => {
    if (!waiting) return
    startPolling(2_000)
    return stopPolling
  }, [waiting, startPolling, stopPolling])
  return (
    <Page
      title={found?.description || p.title}
      lead={
        <span className="row tight">
          <Link href={`${base}/webhooks`}>{p.webhooks}</Link> <Icon name="next" size={14} /> <span className="mono small wrap">{found?.url}</span>
        </span>
      }
      shown={{ document: CALLS, variables }}
      actions={found && <State webhook={found} size="lg" />}
    >
      {found ? (
        <>
          <About found={found} again={() => refetch().then(() => {})} />
          <Panel
            title={p.calls}
            body={false}
            actions={
              <Button size="sm" variant="default" loading={loading} onClick={() => void refetch()}>
                {p.look}
              </Button>
            }
          >
            {calls.length ? (
              <ul className="list">
                {calls.map((c) => (
                  <Row key={c.id} call={c} callable={found.state === 'ACTIVE'} again={() => void refetch()} />
                ))}
              </ul>
            ) : (
              <Empty icon="link" title={p.none} text={p.noneText} />
            )}
            {found.deliveries?.pageInfo.hasNextPage && (
              <div className="bar">
                <Button variant="subtle" fullWidth loading={loading} onClick={() => void fetchMore({ variables: { after: found.deliveries?.pageInfo.endCursor } })}>
                  {p.more}
                </Button>
              </div>
            )}
          </Panel>
        </>
      ) : loading ? (
        <>
          <Skeleton h={260} radius="lg" />
          <Skeleton h={320} radius="lg" />
        </>
      ) : (
        <Failed error={error} again={() => void refetch()} />
      )}
    </Page>
  )
}

function About({ found, again }: { found: Found; again: () => Promise<void> }) {
  const p = useWords(t)
  const failure = useFailure()
  const done = useSay()
  const say = useSaying()
  const format = useFormat()
  const wants = useWants()
  const { base, open } = useAccount()
  const [, go] = useLocation()
  const [test, testing] = useAct(TEST)
  const [pause, pausing] = useAct(PAUSE)
  const [resume, resuming] = useAct(RESUME)
  const [rotate] = useAct(ROTATE)
  const [remove] = useAct(DELETE)
  const [asked, ask] = useState<'edit' | 'rotate' | 'remove' | null>(null)
  const [secret, setSecret] = useState('')
  const [tested, setTested] = useState<NonNullable<ResultOf<typeof TEST>['testWebhook']>['result']>(null)
  const input = { webhookId: found.id }
  const finish = (refusals: Refusal[], text: string) => done({ text: refusals.length ? refusals.map(say).join(' ') : text })
  return (
    <Panel
      title={p.about}
      actions={
        <Button size="sm" variant="default" disabled={!open} onClick={() => ask('edit')}>
          {p.change}
        </Button>
      }
    >
      <div className="stack">
        {found.state === 'FAILING' && <Alert color="red">{p.off}</Alert>}
        {found.state === 'PAUSED' && <Alert color="gray">{p.waits}</Alert>}
        {found.state === 'ACTIVE' && found.firstFailureAt && (
          <Alert color="yellow">
            {p.fails(format.moment(found.firstFailureAt))}
            {found.lastError && ` ${failure(found.lastError)}`}
          </Alert>
        )}
        {found.formerSecretExpiresAt && <Alert color="blue">{p.former(format.moment(found.formerSecretExpiresAt))}</Alert>}
        <dl className="facts">
          <dt>{p.wants}</dt>
          <dd>{wants(found)}</dd>
          <dt>{p.accepted}</dt>
          <dd>{found.lastSuccessAt ? <Ago at={found.lastSuccessAt} /> : p.never}</dd>
          <dt>{p.since}</dt>
          <dd>{format.date(found.createdAt)}</dd>
        </dl>
        <div className="row">
          <Button
            loading={testing}
            disabled={!open}
            title={p.testing}
            onClick={async () => {
              setTested(null)
              const { payload, refusals } = await test({ input })
              if (refusals.length) return finish(refusals, '')
              setTested(payload?.result ?? null)
            }}
          >
            {p.test}
          </Button>
          {found.state === 'ACTIVE' ? (
            <Button variant="default" loading={pausing} onClick={async () => finish((await pause({ input })).refusals, p.paused)}>
              {p.pause}
            </Button>
          ) : (
            <Button variant="default" loading={resuming} disabled={!open} onClick={async () => finish((await resume({ input })).refusals, p.resumed)}>
              {p.resume}
            </Button>
          )}
          <Button variant="default" disabled={!open} onClick={() => ask('rotate')}>
            {p.rotate}
          </Button>
          <Button variant="outline" color="red" onClick={() => ask('remove')}>
            {p.remove}
          </Button>
        </div>
        <div role="status">
          {tested && (
            <div className="because">
              <span className={`sign ${tested.accepted ? 'good' : 'wrong'}`}>
                <Icon name={tested.accepted ? 'check' : 'close'} />
              </span>
              <div className="grow">
                <strong>{tested.accepted ? p.good(tested.status ?? 0, tested.duration) : p.bad(tested.status, tested.duration)}</strong>
                {tested.error && <p className="small wrap">{failure(tested.error)}</p>}
                {tested.answer && (
                  <div className="copied">
                    <pre className="mono" tabIndex={0} aria-label={p.answer}>
                      {tested.answer}
                    </pre>
                  </div>
                )}
              </div>
            </div>
          )}
        </div>
      </div>
      <Suspense>
        {asked === 'edit' && (
          <Editor
            webhook={found}
            again={again}
            close={(saved) => {
              ask(null)
              if (saved) done({ text: p.changed })
            }}
          />
        )}
      </Suspense>
      {asked === 'rotate' && (
        <Confirm
          title={p.rotateTitle}
          label={p.rotate}
          close={() => ask(null)}
          act={async () => {
            const { payload, refusals } = await rotate({ input })
            if (payload?.secret) setSecret(payload.secret)
            return refusals
          }}
        >
          {p.rotateText}
        </Confirm>
      )}
      {secret && <Secret title={p.rotated} label={p.secret} secret={secret} close={() => setSecret('')} />}
      {asked === 'remove' && (
        <Confirm
          title={p.removeTitle}
          label={p.remove}
          danger
          close={() => ask(null)}
          act={async () => {
            const { refusals } = await remove({ input })
            if (refusals.length) return refusals
            done({ text: p.removed })
            go(`${base}/webhooks`)
            return []
          }}
        >
          {p.removeText}
        </Confirm>
      )}
    </Panel>
  )
}

function Row({ call, callable, again }: { call: Call; callable: boolean; again: () => void }) {
  const p = useWords(t)
  const failure = useFailure()
  const done = useSay()
  const say = useSaying()
  const format = useFormat()
  const { open } = useAccount()
  const [replay, replaying] = useAct(REPLAY)
  return (
    <li className="todo split">
      <span className={`sign ${call.state === 'SENT' ? 'good' : call.state === 'QUEUED' ? 'new' : call.state === 'FAILED' ? 'wrong' : ''}`}>
        <Icon name={call.state === 'SENT' ? 'check' : call.state === 'QUEUED' ? 'clock' : 'close'} />
      </span>
      <div className="grow">
        <span className="row tight">
          <span className="mono wrap">{call.type}</span>
          <Badge size="sm" variant="light" color={tones[call.state]}>
            {p[call.state]}
          </Badge>
        </span>
        <p className="faint small wrap">
          <time dateTime={call.createdAt}>{format.moment(call.createdAt)}</time>
          {call.status !== null && ` · ${call.status}`}
          {call.duration !== null && ` ${p.after(call.duration)}`}
          {call.attempts > 0 && ` · ${p.tries(call.attempts)}`}
          {call.nextAttemptAt && call.attempts > 0 && ` · ${p.next(format.ago(call.nextAttemptAt))}`}
        </p>
        {call.lastError && <p className="small wrap">{failure(call.lastError)}</p>}
      </div>
      {call.state !== 'QUEUED' && (
        <div className="row">
          <Button
            size="sm"
            variant="default"
            loading={replaying}
            disabled={!open || !callable}
            aria-label={`${p.replay}: ${call.type}`}
            onClick={async () => {
              const { refusals } = await replay({ input: { deliveryId: call.id } })
              done({ text: refusals.length ? refusals.map(say).join(' ') : p.replayed })
              again()
            }}
          >
            {p.replay}
          </Button>
        </div>
      )}
    </li>
  )
}
