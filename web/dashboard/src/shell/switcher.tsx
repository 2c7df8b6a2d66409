import { Button, Checkbox, Modal, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useId, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { type Refusal, useSaying } from '../api/failure'
import { Icon } from '../parts/icons'
import { Face } from '../parts/page'
import { useWords, words } from '../words'
import { type Choice, useChoices } from './accounts'
import type { Viewer } from './shell'
import { useSwitch } from './switch'

const t = words({
  en: {
    title: 'Switch account',
    search: 'Search your accounts',
    none: 'No account of yours has this name.',
    remember: 'Start with the one I choose next time',
    create: 'New account',
    more: 'Show more',
    here: 'you are here',
    home: 'where you start',
    owner: 'you own it',
    news: (n: number) => (n === 100 ? '100 or more new' : `${n} new`),
    found: (n: number) => (n === 1 ? 'one account' : `${n} accounts`),
    close: 'Close',
    keys: '↑ ↓ to move, Enter to switch',
  },
  de: {
    title: 'Konto wechseln',
    search: 'Ihre Konten durchsuchen',
    none: 'Keines Ihrer Konten heißt so.',
    remember: 'Beim nächsten Mal mit der Auswahl beginnen',
    create: 'Neues Konto',
    more: 'Mehr anzeigen',
    here: 'hier sind Sie',
    home: 'hier beginnen Sie',
    owner: 'gehört Ihnen',
    news: (n: number) => (n === 100 ? '100 oder mehr neu' : `${n} neu`),
    found: (n: number) => (n === 1 ? 'ein Konto' : `${n} Konten`),
    close: 'Schließen',
    keys: '↑ ↓ zum Bewegen, Enter zum Wechseln',
  },
})

/** All accounts in one list that is searched and walked with the keyboard. */
export default function Switcher({ current, viewer, close }: { current?: string; viewer: Viewer; close: () => void }) {
  const p = useWords(t)
  const say = useSaying()
  const id = useId()
  const [, go] = useLocation()
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text.trim(), 150)
  const { choices, first, more } = useChoices(search)
  const [change, busy] = useSwitch()
  const [remember, setRemember] = useState(false)
  const [at, setAt] = useState(0)
  const [refusals, setRefusals] = useState<Refusal[]>([])
  const list = useRef<HTMLUListElement>(null)
  const open = choices.filter((c) => !c.why)
  const marked = open[Math.min(at, open.length - 1)]

  useEffect(() => setAt(0), [search])
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [marked?.id])

  async function pick(choice: Choice | undefined) {
    if (!choice || choice.why || busy) return
    const refused = await change(choice.id, remember)
    setRefusals(refused)
    if (!refused.length) close()
  }

  function key(event: React.KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && open.length) setAt((was) => (Math.min(was, open.length - 1) + step + open.length) % open.length)
    else if (event.key === 'Home' && event.ctrlKey) setAt(0)
    else if (event.key === 'End' && event.ctrlKey) setAt(open.length - 1)
    else if (event.key === 'Enter') void pick(marked)
    else return
    event.preventDefault()
  }

  return (
    <Modal opened onClose={close} title={p.title} size={520} yOffset="9vh" centered={false} padding={0} classNames={{ header: 'switcher-head' }} closeButtonProps={{ 'aria-label': p.close }}>
      <div className="switcher">
        <TextInput
          data-autofocus
          aria-label={p.search}
          placeholder={p.search}
          leftSection={<Icon name="search" />}
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
          onKeyDown={key}
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={marked ? `${id}-${marked.id}` : undefined}
          autoComplete="off"
        />
        <p className="hidden" role="status">
          {first ? '' : p.found(choices.length)}
        </p>
        <ul ref={list} className="choices" role="listbox" id={`${id}-list`} aria-label={p.title} aria-busy={first}>
          {choices.map((c) => (
            <li
              key={c.id}
              id={`${id}-${c.id}`}
              role="option"
              aria-selected={c.id === marked?.id}
              aria-disabled={!!c.why}
              className={c.beneath ? 'beneath' : undefined}
              onClick={() => void pick(c)}
              onPointerMove={() => !c.why && setAt(open.indexOf(c))}
            >
              <Face name={c.name} square off={!!c.why} />
              <span className="grow">
                <span className="cut">{c.name}</span>
                <span className="faint small">{c.why ?? [c.id === current && p.here, c.id === viewer.defaultAccount?.id && p.home, c.owner && p.owner, c.note].filter(Boolean).join(' · ')}</span>
              </span>
              {c.unread > 0 && c.id !== current && <span className="count">{p.news(c.unread)}</span>}
            </li>
          ))}
          {!first && !choices.length && (
            <li role="option" aria-disabled aria-selected={false} className="faint">
              {p.none}
            </li>
          )}
        </ul>
        {more && (
          <Button variant="subtle" size="sm" onClick={more}>
            {p.more}
          </Button>
        )}
        {refusals.length > 0 && (
          <p className="refused" role="alert">
            {refusals.map(say).join(' ')}
          </p>
        )}
        <div className="row foot">
          <Checkbox className="grow" size="sm" label={p.remember} checked={remember} onChange={(e) => setRemember(e.currentTarget.checked)} />
          <Button
            variant="default"
            size="sm"
            leftSection={<Icon name="plus" size={16} />}
            onClick={() => {
              close()
              go('/accounts?new')
            }}
          >
            {p.create}
          </Button>
          <span className="faint small desk">{p.keys}</span>
        </div>
      </div>
    </Modal>
  )
}
