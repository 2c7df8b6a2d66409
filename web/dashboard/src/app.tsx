import { useQuery } from '@apollo/client/react'
import { Loader } from '@mantine/core'
import { Suspense, useEffect, useState } from 'react'
import { forget, signedOut, who } from './api/client'
import { leaving, ME } from './api/me'
import { late } from './parts/late'
import { Failed } from './parts/page'
import { useLanguage } from './words'

const SignIn = late(() => import('./screens/sign-in'))
const Shell = late(() => import('./shell/shell'))
const WHO = 'tenantry-who'

/** Decides between the way in and the house, by who is there. */
export function App() {
  const { data, loading, error } = useQuery(ME, { notifyOnNetworkStatusChange: false, context: { queryDeduplication: false } })
  const { prefer } = useLanguage()
  const locale = data?.viewer?.locale
  useEffect(() => {
    if (locale) prefer(locale)
  }, [locale, prefer])
  const other = useTabs(data && (data.viewer?.id ?? ''))
  // Who was here until now, and did not leave by themselves, is told.
  const here = !!data?.viewer
  const [was, be] = useState(false)
  if (here && !was) be(true)
  if (here) leaving.now = false

  if ((!data && loading) || other) return <Waiting />
  if (!data) {
    return (
      <main className="door">
        <Failed error={error} again={() => void who()} alone />
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
// others ask for, and so does whoever comes back to one. Gives whether somebody else has come:
// what was read for the one before is forgotten first, and only then there is something to see.
function useTabs(id: string | undefined) {
  const [person, be] = useState(id)
  if (id && !person) be(id)
  const other = !!id && !!person && id !== person
  useEffect(() => {
    if (other) void forget().finally(() => be(id))
  }, [other, id])
  useEffect(() => {
    if (id === undefined) return
    localStorage.setItem(WHO, id)
    const told = (e: StorageEvent) => e.key === WHO && e.newValue !== id && void (e.newValue ? who() : signedOut())
    const back = () => document.hidden || void who()
    window.addEventListener('storage', told)
    document.addEventListener('visibilitychange', back)
    return () => {
      window.removeEventListener('storage', told)
      document.removeEventListener('visibilitychange', back)
    }
  }, [id])
  return other
}

function Waiting() {
  return (
    <div className="door" aria-busy="true">
      <Loader aria-label="…" />
    </div>
  )
}
