import { Button, Popover, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { Link, useLocation } from 'wouter'
import { useAct } from '../api/act'
import { forget } from '../api/client'
import { useSaying } from '../api/failure'
import { graphql } from '../api/graphql'
import { leaving } from '../api/me'
import { Icon } from '../parts/icons'
import { Face } from '../parts/page'
import { useSay } from '../parts/said'
import { type Language, languages, useLanguage, useWords, words } from '../words'
import type { Viewer } from './shell'

const t = words({
  en: { profile: 'Your profile', accounts: 'Your accounts', playground: 'Playground', signOut: 'Sign out', look: 'Colours', light: 'Light', dark: 'Dark', auto: 'System', language: 'Language', you: (name: string) => `You: ${name}` },
  de: { profile: 'Ihr Profil', accounts: 'Ihre Konten', playground: 'Playground', signOut: 'Abmelden', look: 'Farben', light: 'Hell', dark: 'Dunkel', auto: 'System', language: 'Sprache', you: (name: string) => `Sie: ${name}` },
})

const SIGN_OUT = graphql(`
  mutation SignOutHere {
    signOut {
      signedOut
      errors {
        code
        message
      }
    }
  }
`)

/** Who one is, how the page looks and speaks, and the way out. */
export default function Menu({ viewer, close }: { viewer: Viewer; close: () => void }) {
  const p = useWords(t)
  const done = useSay()
  const say = useSaying()
  const [signOut, busy] = useAct(SIGN_OUT)
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { language, choose } = useLanguage()
  const [, go] = useLocation()
  return (
    <Popover opened onChange={(opened) => !opened && close()} width={280} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className="plain round" onClick={close}>
          <Face name={viewer.name} />
          <span className="hidden">{p.you(viewer.name)}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={p.you(viewer.name)}>
        <div className="whom">
          <strong className="wrap">{viewer.name}</strong>
          <span className="faint small wrap">{viewer.email}</span>
        </div>
        <nav className="drawer" aria-label={p.you(viewer.name)}>
          <Link href="/profile" onClick={close}>
            <Icon name="person" /> {p.profile}
          </Link>
          <Link href="/accounts" onClick={close}>
            <Icon name="building" /> {p.accounts}
          </Link>
          <a href="/playground" target="_blank" rel="noopener">
            <Icon name="code" /> {p.playground}
          </a>
        </nav>
        <div className="looks">
          <span className="small faint">{p.look}</span>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={p.look}
            value={colorScheme}
            onChange={(scheme) => setColorScheme(scheme as 'light' | 'dark' | 'auto')}
            data={[
              { value: 'light', label: p.light },
              { value: 'dark', label: p.dark },
              { value: 'auto', label: p.auto },
            ]}
          />
          <span className="small faint">{p.language}</span>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={p.language}
            value={language}
            onChange={(next) => choose(next as Language)}
            data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
          />
        </div>
        <Button
          variant="default"
          fullWidth
          leftSection={<Icon name="exit" />}
          loading={busy}
          onClick={async () => {
            leaving.now = true
            const { refusals } = await signOut({})
            if (refusals.length) {
              leaving.now = false
              return done({ text: refusals.map(say).join(' ') })
            }
            go('/')
            await forget()
          }}
        >
          {p.signOut}
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}
