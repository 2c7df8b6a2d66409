import { Alert, Button, Checkbox, Modal, Skeleton, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { useAct, useKey } from '../api/act'
import { type Refusal, useSaying } from '../api/failure'
import { graphql } from '../api/graphql'
import { useQuery } from '../api/query'
import { Confirm } from '../parts/confirm'
import { Form, useField } from '../parts/form'
import { Icon } from '../parts/icons'
import { Empty, Face, Failed, Page, Panel } from '../parts/page'
import { useSay } from '../parts/said'
import { ACCOUNTS, useChoices } from '../shell/accounts'
import type { Viewer } from '../shell/shell'
import { useSwitch } from '../shell/switch'
import { useFormat, useWords, words } from '../words'

const t = words({
  en: {
    title: 'Where do you want to work?',
    lead: 'The accounts you belong to.',
    accounts: 'Your accounts',
    remember: 'Start here next time without asking',
    more: 'Show more',
    none: 'You belong to no account yet',
    noneText: 'Accept an invitation, or open an account of your own.',
    create: 'New account',
    createTitle: 'Open an account',
    createText: 'You will own it: you hold every permission, and can hand it over later.',
    name: 'What is it called?',
    company: 'Legal name',
    optional: 'If it differs from the name.',
    cancel: 'Cancel',
    close: 'Close',
    waiting: 'Invitations waiting for you',
    by: (name: string) => `invited by ${name}`,
    until: (date: string) => `valid until ${date}`,
    accept: 'Accept',
    decline: 'Decline',
    accepted: (account: string) => `You belong to ${account} now.`,
    declineTitle: (account: string) => `Decline the invitation to ${account}?`,
    declineText: 'The link in the mail stops working as well. They would have to invite you again.',
    declined: (account: string) => `You declined the invitation to ${account}.`,
    member: 'Member, without permissions yet',
    news: (n: number) => `${n} new`,
    owner: 'you own it',
    home: 'where you start',
  },
  de: {
    title: 'Wo möchten Sie arbeiten?',
    lead: 'Die Konten, zu denen Sie gehören.',
    accounts: 'Ihre Konten',
    remember: 'Beim nächsten Mal ohne Frage hier beginnen',
    more: 'Mehr anzeigen',
    none: 'Sie gehören noch zu keinem Konto',
    noneText: 'Nehmen Sie eine Einladung an, oder eröffnen Sie ein eigenes Konto.',
    create: 'Neues Konto',
    createTitle: 'Ein Konto eröffnen',
    createText: 'Es gehört dann Ihnen: Sie haben jedes Recht und können es später übergeben.',
    name: 'Wie soll es heißen?',
    company: 'Firmenname',
    optional: 'Falls er anders lautet.',
    cancel: 'Abbrechen',
    close: 'Schließen',
    waiting: 'Einladungen, die auf Sie warten',
    by: (name: string) => `eingeladen von ${name}`,
    until: (date: string) => `gültig bis ${date}`,
    accept: 'Annehmen',
    decline: 'Ablehnen',
    accepted: (account: string) => `Sie gehören jetzt zu ${account}.`,
    declineTitle: (account: string) => `Die Einladung zu ${account} ablehnen?`,
    declineText: 'Auch der Link in der Mail gilt dann nicht mehr. Man müsste Sie noch einmal einladen.',
    declined: (account: string) => `Sie haben die Einladung zu ${account} abgelehnt.`,
    member: 'Mitglied, noch ohne Rechte',
    news: (n: number) => `${n} neu`,
    owner: 'gehört Ihnen',
    home: 'hier beginnen Sie',
  },
})

const WAITING = graphql(`
  query WaitingInvitations($locale: String) {
    viewer {
      id
      invitations {
        id
        account {
          id
          name
        }
        invitedBy {
          id
          name
        }
        roles {
          id
          name(locale: $locale)
        }
        message
        expiresAt
      }
    }
  }
`)
const ACCEPT = graphql(`
  mutation AcceptInvitation($input: AcceptInvitationInput!) {
    acceptInvitation(input: $input) {
      membership {
        id
        account {
          id
          name
        }
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
const DECLINE = graphql(`
  mutation DeclineInvitation($input: DeclineInvitationInput!) {
    declineInvitation(input: $input) {
      declinedInvitationId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
const CREATE = graphql(`
  mutation CreateAccount($input: CreateAccountInput!) {
    createAccount(input: $input) {
      account {
        id
        name
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

/** Every account and every invitation that waits: where one starts without a default, and on purpose. */
export default function Choose({ viewer }: { viewer: Viewer }) {
  const p = useWords(t)
  const say = useSaying()
  const { choices, first, error, refetch, more } = useChoices()
  const [change, busy] = useSwitch()
  const [remember, setRemember] = useState(false)
  const [refusals, setRefusals] = useState<Refusal[]>([])
  const [, go] = useLocation()
  const creating = useSearch() === 'new'

  return (
    <Page
      title={p.title}
      lead={p.lead}
      shown={{ document: ACCOUNTS, variables: {} }}
      actions={
        <Button leftSection={<Icon name="plus" size={16} />} variant={choices.length ? 'default' : 'filled'} onClick={() => go('/accounts?new')}>
          {p.create}
        </Button>
      }
    >
      <Waiting />
      {error ? (
        <Failed error={error} again={() => void refetch()} />
      ) : (
        <Panel
          title={p.accounts}
          body={false}
          actions={choices.some((c) => !c.why) && <Checkbox size="sm" label={p.remember} checked={remember} onChange={(e) => setRemember(e.currentTarget.checked)} />}
        >
          {first ? (
            <div className="body stack" aria-busy="true">
              <Skeleton h={44} />
              <Skeleton h={44} />
              <Skeleton h={44} />
            </div>
          ) : !choices.length ? (
            <Empty icon="building" title={p.none} text={p.noneText} />
          ) : (
            <ul className="accounts">
              {choices.map((c) => (
                <li key={c.id}>
                  <button type="button" className={`plain pick${c.beneath ? ' beneath' : ''}`} disabled={(!!c.why && !c.reopens) || busy} onClick={() => (c.reopens ? go(`/accounts/${c.id}/settings`) : void change(c.id, remember).then(setRefusals))}>
                    <Face name={c.name} square off={!!c.why} />
                    <span className="grow">
                      <strong className="cut">{c.name}</strong>
                      <span className="faint small">{c.why ?? [c.owner && p.owner, c.id === viewer.defaultAccount?.id && p.home, c.note].filter(Boolean).join(' · ')}</span>
                    </span>
                    {c.unread > 0 && <span className="count">{p.news(c.unread)}</span>}
                    {(!c.why || c.reopens) && <Icon name="next" />}
                  </button>
                </li>
              ))}
            </ul>
          )}
          {more && (
            <div className="body">
              <Button variant="subtle" onClick={more}>
                {p.more}
              </Button>
            </div>
          )}
          {refusals.length > 0 && (
            <div className="body">
              <Alert color="red" role="alert">
                {refusals.map(say).join(' ')}
              </Alert>
            </div>
          )}
        </Panel>
      )}
      {creating && <Create close={() => go('/accounts', { replace: true })} />}
    </Page>
  )
}

function Waiting() {
  const p = useWords(t)
  const format = useFormat()
  const done = useSay()
  const say = useSaying()
  const { data, refetch } = useQuery(WAITING, { fetchPolicy: 'cache-and-network' })
  const [accept, accepting] = useAct(ACCEPT)
  const [decline] = useAct(DECLINE)
  const [declining, setDeclining] = useState<{ id: string; account: { name: string } | null } | null>(null)
  const [refused, setRefused] = useState('')
  const [, go] = useLocation()
  const waiting = data?.viewer?.invitations ?? []
  if (!waiting.length) return null
  return (
    <Panel title={p.waiting} body={false}>
      <ul className="list">
        {waiting.map((i) => (
          <li key={i.id} className="todo split">
            <Face name={i.account?.name ?? ''} square />
            <div className="grow">
              <strong>{i.account?.name}</strong>
              <p className="faint small">
                {[i.roles?.map((r) => r.name).join(', ') || p.member, i.invitedBy && p.by(i.invitedBy.name), p.until(format.date(i.expiresAt))].filter(Boolean).join(' · ')}
              </p>
              {i.message && <q className="quote">{i.message}</q>}
            </div>
            <div className="row">
              <Button
                size="sm"
                loading={accepting}
                onClick={async () => {
                  const { payload, refusals } = await accept({ input: { invitationId: i.id } })
                  if (refusals.length || !payload?.membership?.account) return setRefused(refusals.map(say).join(' '))
                  done({ text: p.accepted(payload.membership.account.name) })
                  go(`/accounts/${payload.membership.account.id}`)
                }}
              >
                {p.accept}
              </Button>
              <Button
                size="sm"
                variant="default"
                onClick={() => setDeclining(i)}
              >
                {p.decline}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {refused && (
        <div className="body">
          <Alert color="red" role="alert">
            {refused}
          </Alert>
        </div>
      )}
      {declining && (
        <Confirm
          title={p.declineTitle(declining.account?.name ?? '')}
          label={p.decline}
          danger
          close={() => setDeclining(null)}
          act={async () => {
            const { refusals } = await decline({ input: { invitationId: declining.id } })
            if (refusals.length) return refusals
            done({ text: p.declined(declining.account?.name ?? '') })
            await refetch()
            return []
          }}
        >
          {p.declineText}
        </Confirm>
      )}
    </Panel>
  )
}

function Name() {
  const p = useWords(t)
  return <TextInput {...useField('name')} label={p.name} required withAsterisk={false} maxLength={100} autoComplete="organization" data-autofocus />
}
function Company() {
  const p = useWords(t)
  return <TextInput {...useField('company')} label={p.company} description={p.optional} maxLength={200} autoComplete="organization" />
}

function Create({ close }: { close: () => void }) {
  const p = useWords(t)
  const [create, creating] = useAct(CREATE)
  const key = useKey()
  const [, go] = useLocation()
  return (
    <Modal opened onClose={close} title={p.createTitle} closeButtonProps={{ 'aria-label': p.close }}>
      <Form
        send={async ({ name = '', company }) => {
          const { payload, refusals } = await create({ input: { name, company, idempotencyKey: key([name, company]) } })
          if (refusals.length || !payload?.account) return refusals
          go(`/accounts/${payload.account.id}`, { replace: true })
        }}
      >
        <p className="faint">{p.createText}</p>
        <Name />
        <Company />
        <div className="row right">
          <Button variant="default" onClick={close}>
            {p.cancel}
          </Button>
          <Button type="submit" loading={creating}>
            {p.create}
          </Button>
        </div>
      </Form>
    </Modal>
  )
}
