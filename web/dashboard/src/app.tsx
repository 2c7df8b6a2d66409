import { useApolloClient, useQuery } from '@apollo/client/react'
import { Loader } from '@mantine/core'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { signedOut } from './api/client'
import { leaving, ME } from './api/me'
import { Failed } from './parts/page'
import { useLanguage } from './words'

const SignIn = lazy(() => import('./screens/sign-in'))
const Shell = lazy(() => import('./shell/shell'))
const WHO = 'tenantry-who'

/** Decides between the way in and the house, by who is there. */
export function App() {
  const { data, loading, error, refetch } = useQuery(ME, { notifyOnNetworkStatusChange: false })
  const { prefer } = useLanguage()
  const locale = data?.viewer?.locale
  useEffect(() => {
    if (locale) prefer(locale)
  }, [locale, prefer])
  useTabs(data && (data.viewer?.id ?? ''), refetch)
  // Who was here until now, and did not leave by themselves, is told.
  const here = !!data?.viewer
  const [was, be] = useState(false)
  if (here && !was) be(true)
  if (here) leaving.now = false

  if (!data && loading) return <Waiting />
  if (!data) {
    return (
      <main className="door">
        <Failed error={error} again={() => void refetch()} alone />
      </main>
    )
  }
  return (
    <Suspense fallback={<Waiting />}>
      {data.viewer ? <Shell key={data.viewer.id} viewer={data.viewer} /> : <SignIn pending={data.pendingSignIn ?? null} ended={was && !leaving.now} />}
    </Suspense>
  )
}

// The tabs of a browser share a cookie, so they agree on who is there: what one learns, the
// others ask for. What was read as somebody else is forgotten.
function useTabs(id: string | undefined, look: () => unknown) {
  const client = useApolloClient()
  const person = useRef('')
  useEffect(() => {
    if (id === undefined) return
    localStorage.setItem(WHO, id)
    if (person.current && id && id !== person.current) void client.resetStore()
    person.current = id || person.current
    const told = (e: StorageEvent) => e.key === WHO && e.newValue !== id && void (e.newValue ? look() : signedOut())
    window.addEventListener('storage', told)
    return () => window.removeEventListener('storage', told)
  }, [id, look, client])
}

function Waiting() {
  return (
    <div className="door" aria-busy="true">
      <Loader aria-label="…" />
    </div>
  )
}
