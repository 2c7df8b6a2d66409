import { Badge, Button } from '@mantine/core'
import { useState } from 'react'
import { useAct } from '../../api/act'
import { useSaying } from '../../api/failure'
import { graphql } from '../../api/graphql'
import { Confirm } from '../../parts/confirm'
import { Icon } from '../../parts/icons'
import { Panel } from '../../parts/page'
import { useSay } from '../../parts/said'
import { Ago, useFormat, useWords, words } from '../../words'
import type { Part } from '../profile'

const t = words({
  en: {
    title: 'Where you are signed in',
    here: 'this one',
    seen: 'last seen',
    since: (date: string) => `signed in ${date}`,
    end: 'Sign out',
    ended: (device: string) => `${device} is signed out.`,
    others: 'Sign out everywhere else',
    othersText: 'Every other browser and app of yours is signed out at once, and has to sign in again.',
    othersEnded: (n: number) => (n === 1 ? 'One other session has ended.' : `${n} other sessions have ended.`),
  },
  de: {
    title: 'Wo Sie angemeldet sind',
    here: 'diese hier',
    seen: 'zuletzt gesehen',
    since: (date: string) => `angemeldet am ${date}`,
    end: 'Abmelden',
    ended: (device: string) => `${device} ist abgemeldet.`,
    others: 'Überall sonst abmelden',
    othersText: 'Jeder andere Browser und jede andere App von Ihnen wird sofort abgemeldet und muss sich neu anmelden.',
    othersEnded: (n: number) => (n === 1 ? 'Eine andere Sitzung wurde beendet.' : `${n} andere Sitzungen wurden beendet.`),
  },
})

const REVOKE = graphql(`
  mutation RevokeSession($input: RevokeSessionInput!) {
    revokeSession(input: $input) {
      revokedSessionId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
const OTHERS = graphql(`
  mutation RevokeOtherSessions {
    revokeOtherSessions {
      endedSessions
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)

/** Every client that is signed in, and how to end it. */
export function Sessions({ person, changed }: Part) {
  const p = useWords(t)
  const done = useSay()
  const say = useSaying()
  const format = useFormat()
  const [revoke] = useAct(REVOKE)
  const [others] = useAct(OTHERS)
  const [asked, ask] = useState(false)
  return (
    <Panel
      title={p.title}
      body={false}
      actions={
        person.sessions.length > 1 && (
          <Button size="sm" variant="default" onClick={() => ask(true)}>
            {p.others}
          </Button>
        )
      }
    >
      <ul className="list">
        {person.sessions.map((s) => (
          <li key={s.id}>
            <span className={`sign ${s.current ? 'good' : ''}`}>
              <Icon name="device" />
            </span>
            <div className="grow">
              <span className="row tight">
                <strong className="wrap">{s.device}</strong>
                {s.current && (
                  <Badge size="sm" variant="light" color="green">
                    {p.here}
                  </Badge>
                )}
              </span>
              <p className="faint small wrap">
                {p.seen} <Ago at={s.lastSeenAt} /> · {p.since(format.date(s.createdAt))}
                {s.address && ` · ${s.address}`}
              </p>
            </div>
            {!s.current && (
              <Button
                size="sm"
                variant="default"
                aria-label={`${p.end}: ${s.device}`}
                onClick={async () => {
                  const { refusals } = await revoke({ input: { sessionId: s.id } })
                  done({ text: refusals.length ? refusals.map(say).join(' ') : p.ended(s.device) })
                  changed()
                }}
              >
                {p.end}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {asked && (
        <Confirm
          title={p.others}
          label={p.others}
          close={() => ask(false)}
          act={async () => {
            const { payload, refusals } = await others({})
            if (!refusals.length) {
              done({ text: p.othersEnded(payload?.endedSessions ?? 0) })
              changed()
            }
            return refusals
          }}
        >
          {p.othersText}
        </Confirm>
      )}
    </Panel>
  )
}
