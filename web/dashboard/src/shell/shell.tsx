import { ActionIcon } from '@mantine/core'
import { type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { Link, Redirect, Route, Switch, useLocation } from 'wouter'
import { Proof } from '../api/act'
import { useQuery } from '../api/query'
import { Icon, type IconName, Logo } from '../parts/icons'
import { late } from '../parts/late'
import { Face, Failed } from '../parts/page'
import { useWords, words } from '../words'
import { ACCOUNT, Here, useAccount } from './account'

const Choose = late(() => import('../screens/choose'))
const Overview = late(() => import('../screens/overview'))
const People = late(() => import('../screens/people'))
const Review = late(() => import('../screens/review'))
const Member = late(() => import('../screens/member'))
const History = late(() => import('../screens/history'))
const Roles = late(() => import('../screens/roles'))
const Contacts = late(() => import('../screens/contacts'))
const Contact = late(() => import('../screens/contact'))
const Notifications = late(() => import('../screens/notifications'))
const Programs = late(() => import('../screens/programs'))
const Webhooks = late(() => import('../screens/webhooks'))
const Webhook = late(() => import('../screens/webhook'))
const Settings = late(() => import('../screens/settings'))
const Profile = late(() => import('../screens/profile'))
const Nowhere = late(() => import('../screens/nowhere'))
const loadSwitcher = () => import('./switcher')
const Switcher = late(loadSwitcher, 'corner')
const loadMenu = () => import('./menu')
const Menu = late(loadMenu, 'corner')
const Drawer = late(() => import('./drawer'), 'corner')
const Prove = late(() => import('./prove'), 'corner')

const t = words({
  en: {
    skip: 'Skip to the content',
    switch: 'Switch account',
    choose: 'Choose an account',
    menu: 'Menu',
    you: (name: string) => `You: ${name}`,
    sections: 'Sections',
    overview: 'Overview',
    people: 'People',
    review: 'Access review',
    roles: 'Roles',
    contacts: 'Contacts',
    notifications: 'Notifications',
    history: 'History',
    programs: 'Programs',
    webhooks: 'Webhooks',
    settings: 'Settings',
    closed: 'This account is closed: only you can look into it.',
    suspended: (why: string) => `This account is suspended: it can be read, nothing else.${why && ` ${why}`}`,
    offline: 'You are offline. What you see may be out of date.',
  },
  de: {
    skip: 'Zum Inhalt springen',
    switch: 'Konto wechseln',
    choose: 'Konto wählen',
    menu: 'Menü',
    you: (name: string) => `Sie: ${name}`,
    sections: 'Bereiche',
    overview: 'Übersicht',
    people: 'Personen',
    review: 'Zugänge prüfen',
    roles: 'Rollen',
    contacts: 'Kontakte',
    notifications: 'Benachrichtigungen',
    history: 'Verlauf',
    programs: 'Programme',
    webhooks: 'Webhooks',
    settings: 'Einstellungen',
    closed: 'Dieses Konto ist geschlossen: Nur Sie können hineinsehen.',
    suspended: (why: string) => `Dieses Konto ist gesperrt: Es kann nur gelesen werden.${why && ` ${why}`}`,
    offline: 'Sie sind offline. Was Sie sehen, kann veraltet sein.',
  },
})

export type Viewer = { id: string; name: string; email: string; locale: string; activeAccount: { id: string } | null; defaultAccount: { id: string } | null }

// Listens once there is something to see and nothing else to do: to what concerns the
// person, or to an account as long as it is theirs to see.
function useLive(accountId?: string | null) {
  useEffect(() => {
    if (accountId === null) return
    let end: (() => void) | undefined
    let gone = false
    const later = setTimeout(async () => {
      const { listen } = await import('../api/live')
      if (!gone) end = listen(accountId)
    }, 400)
    return () => {
      gone = true
      clearTimeout(later)
      end?.()
    }
  }, [accountId])
}

/** The house of the signed-in: header, sections, and the screen of the address. */
export default function Shell({ viewer }: { viewer: Viewer }) {
  const p = useWords(t)
  const [location] = useLocation()
  const accountId = /^\/accounts\/([^/]+)/.exec(location)?.[1]
  const [switching, setSwitching] = useState(false)
  const [proving, setProving] = useState<((proved: boolean) => void) | null>(null)
  const prove = useCallback(() => new Promise<boolean>((resolve) => setProving(() => resolve)), [])
  const main = useRef<HTMLElement>(null)
  const first = useRef(true)
  // That of another account comes when the account is known.
  const arrive = useCallback((element: HTMLElement | null) => {
    main.current = element
    if (element && !first.current && document.activeElement === document.body) element.focus({ preventScroll: true })
  }, [])

  useLive()

  // After a step to another screen, reading goes on at its beginning.
  useEffect(() => {
    if (first.current) {
      first.current = false
      return
    }
    window.scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [location])

  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.shiftKey || event.altKey) return
      event.preventDefault()
      setSwitching(true)
    }
    window.addEventListener('keydown', open)
    return () => window.removeEventListener('keydown', open)
  }, [])

  const room = (
    <Switch>
      <Route path="/">{viewer.activeAccount ? <Redirect to={`/accounts/${viewer.activeAccount.id}`} replace /> : <Choose viewer={viewer} />}</Route>
      <Route path="/accounts">
        <Choose viewer={viewer} />
      </Route>
      <Route path="/profile/:part?">
        <Profile />
      </Route>
      <Route path="/accounts/:accountId">
        <Overview />
      </Route>
      <Route path="/accounts/:accountId/people">
        <People viewerId={viewer.id} />
      </Route>
      <Route path="/accounts/:accountId/people/:membershipId">{({ membershipId }) => <Member membershipId={membershipId} viewerId={viewer.id} />}</Route>
      <Route path="/accounts/:accountId/review">
        <Review viewerId={viewer.id} />
      </Route>
      <Route path="/accounts/:accountId/roles">
        <Roles />
      </Route>
      <Route path="/accounts/:accountId/contacts">
        <Contacts />
      </Route>
      <Route path="/accounts/:accountId/contacts/:contactId">{({ contactId }) => <Contact key={contactId} contactId={contactId} />}</Route>
      <Route path="/accounts/:accountId/notifications">
        <Notifications />
      </Route>
      <Route path="/accounts/:accountId/history">
        <History />
      </Route>
      <Route path="/accounts/:accountId/programs">
        <Programs />
      </Route>
      <Route path="/accounts/:accountId/webhooks">
        <Webhooks />
      </Route>
      <Route path="/accounts/:accountId/webhooks/:webhookId">{({ webhookId }) => <Webhook key={webhookId} webhookId={webhookId} />}</Route>
      <Route path="/accounts/:accountId/settings">
        <Settings />
      </Route>
      <Route>
        <Nowhere />
      </Route>
    </Switch>
  )
  const screen = (
    <main ref={arrive} tabIndex={-1} id="content">
      <Suspense fallback={<div className="page" aria-busy="true" />}>{room}</Suspense>
    </main>
  )
  const open = () => setSwitching(true)
  return (
    <Proof value={prove}>
      <a className="skip" href="#content" onClick={(e) => (e.preventDefault(), main.current?.focus())}>
        {p.skip}
      </a>
      {accountId ? (
        <Room key={accountId} accountId={accountId} viewer={viewer} open={open}>
          {screen}
        </Room>
      ) : (
        <>
          <Head viewer={viewer} name={p.choose} open={open} />
          <Offline />
          {screen}
        </>
      )}
      <Suspense>
        {switching && <Switcher current={accountId} viewer={viewer} close={() => setSwitching(false)} />}
        {proving && (
          <Prove
            done={(proved) => {
              proving(proved)
              setProving(null)
            }}
          />
        )}
      </Suspense>
    </Proof>
  )
}

// What is within one account. Without it there is no screen to show.
function Room({ accountId, viewer, open, children }: { accountId: string; viewer: Viewer; open: () => void; children: ReactNode }) {
  const p = useWords(t)
  const { data, error, loading, refetch } = useQuery(ACCOUNT, { variables: { accountId }, fetchPolicy: 'cache-and-network' })
  const account = data?.account
  const [was, had] = useState<string>()
  if (account && account.name !== was) had(account.name)
  useLive(account?.id ?? null)
  return (
    <Here value={account ?? null}>
      <Head viewer={viewer} name={account?.name ?? (loading ? '' : p.choose)} open={open} drawer={account ? <Sections /> : undefined} />
      <Offline />
      {account?.state === 'SUSPENDED' && (
        <p className="notice" role="status">
          <Icon name="warning" />
          {p.suspended(account.suspendedReason ?? '')}
        </p>
      )}
      {account?.state === 'CLOSED' && (
        <p className="notice" role="status">
          <Icon name="warning" />
          {p.closed}
        </p>
      )}
      <div className="under">
        <nav className="side" aria-label={p.sections}>
          {account && <Sections />}
        </nav>
        {account ? (
          children
        ) : (
          <main id="content" tabIndex={-1}>
            <div className="page">{!loading && <Failed error={error} again={() => void refetch()} lost={was} alone />}</div>
          </main>
        )}
      </div>
    </Here>
  )
}

// The sections of an account that the viewer may see: a screen that is added gets its line here.
function Sections() {
  const p = useWords(t)
  const { base, can } = useAccount()
  const [location] = useLocation()
  const all: [string, IconName, string, boolean][] = [
    [base, 'home', p.overview, true],
    [`${base}/people`, 'people', p.people, can('users')],
    [`${base}/review`, 'shield', p.review, can('users')],
    [`${base}/roles`, 'key', p.roles, can('users')],
    [`${base}/contacts`, 'mail', p.contacts, can('contacts')],
    [`${base}/notifications`, 'bell', p.notifications, can('emails')],
    [`${base}/history`, 'clock', p.history, can('audit')],
    [`${base}/programs`, 'code', p.programs, can('developer')],
    [`${base}/webhooks`, 'link', p.webhooks, can('developer')],
    [`${base}/settings`, 'settings', p.settings, true],
  ]
  return all
    .filter(([, , , seen]) => seen)
    .map(([href, icon, label]) => (
      <Link key={href} href={href} aria-current={location === href || (href !== base && location.startsWith(`${href}/`)) ? 'page' : undefined}>
        <Icon name={icon} />
        {label}
      </Link>
    ))
}

function Head({ viewer, name, open, drawer }: { viewer: Viewer; name: string; open: () => void; drawer?: ReactNode }) {
  const p = useWords(t)
  const [menu, setMenu] = useState(false)
  const face = useRef<HTMLButtonElement>(null)
  const closeMenu = () => {
    setMenu(false)
    setTimeout(() => document.activeElement === document.body && face.current?.focus())
  }
  const [drawn, setDrawn] = useState(false)
  const [location] = useLocation()
  useEffect(() => setDrawn(false), [location])
  return (
    <header className="head">
      {drawer && (
        <ActionIcon className="phone" variant="subtle" color="gray" size="lg" aria-label={p.menu} onClick={() => setDrawn(true)}>
          <Icon name="menu" size={22} />
        </ActionIcon>
      )}
      <Link href="/" className="brand" aria-label="Tenantry">
        <Logo />
        <span className="desk">Tenantry</span>
      </Link>
      <span className="slash desk" aria-hidden="true" />
      <button type="button" className="plain current" onClick={open} onPointerEnter={loadSwitcher} aria-haspopup="dialog" aria-keyshortcuts="Control+K Meta+K">
        <span className="hidden">{p.switch}: </span>
        <span className="cut">{name}</span>
        <Icon name="down" size={16} />
        <kbd className="desk" aria-hidden="true">{navigator.platform.startsWith('Mac') ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <span className="grow" />
      {menu ? (
        <Suspense fallback={<Face name={viewer.name} />}>
          <Menu viewer={viewer} close={closeMenu} />
        </Suspense>
      ) : (
        <button ref={face} type="button" className="plain round" onClick={() => setMenu(true)} onPointerEnter={loadMenu} aria-haspopup="dialog" aria-expanded={false}>
          <Face name={viewer.name} />
          <span className="hidden">{p.you(viewer.name)}</span>
        </button>
      )}
      {drawn && (
        <Suspense>
          <Drawer close={() => setDrawn(false)}>{drawer}</Drawer>
        </Suspense>
      )}
    </header>
  )
}

function Offline() {
  const p = useWords(t)
  const [online, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const look = () => setOnline(navigator.onLine)
    window.addEventListener('online', look)
    window.addEventListener('offline', look)
    return () => {
      window.removeEventListener('online', look)
      window.removeEventListener('offline', look)
    }
  }, [])
  return (
    <div role="status">
      {!online && (
        <p className="notice off">
          <Icon name="warning" />
          {p.offline}
        </p>
      )}
    </div>
  )
}
