import { useApolloClient } from '@apollo/client/react'
import { Menu as Popup, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { useLocation } from 'wouter'
import { useAct } from '../api/act'
import { graphql } from '../api/graphql'
import { ME } from '../api/me'
import { Icon } from '../parts/icons'
import { Face } from '../parts/page'
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
  const client = useApolloClient()
  const [signOut] = useAct(SIGN_OUT)
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { language, choose } = useLanguage()
  const [, go] = useLocation()
  return (
    <Popup opened onChange={(opened) => !opened && close()} width={270}>
      <Popup.Target>
        <button type="button" className="plain round" aria-label={p.you(viewer.name)}>
          <Face name={viewer.name} />
        </button>
      </Popup.Target>
      <Popup.Dropdown>
        <div className="whom">
          <strong className="wrap">{viewer.name}</strong>
          <span className="faint small wrap">{viewer.email}</span>
        </div>
        <Popup.Item leftSection={<Icon name="person" />} onClick={() => go('/profile')}>
          {p.profile}
        </Popup.Item>
        <Popup.Item leftSection={<Icon name="building" />} onClick={() => go('/accounts')}>
          {p.accounts}
        </Popup.Item>
        <Popup.Item leftSection={<Icon name="code" />} component="a" href="/playground" target="_blank" rel="noopener">
          {p.playground}
        </Popup.Item>
        <Popup.Divider />
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
        <Popup.Divider />
        <Popup.Item
          leftSection={<Icon name="exit" />}
          onClick={async () => {
            const { refusals } = await signOut({})
            if (refusals.length) return
            go('/')
            await client.clearStore()
            await client.refetchQueries({ include: [ME] })
          }}
        >
          {p.signOut}
        </Popup.Item>
      </Popup.Dropdown>
    </Popup>
  )
}
