import { useQuery } from '@apollo/client/react'
import { Loader } from '@mantine/core'
import { lazy, Suspense, useEffect } from 'react'
import { ME } from './api/me'
import { Failed } from './parts/page'
import { useLanguage } from './words'

const SignIn = lazy(() => import('./screens/sign-in'))
const Shell = lazy(() => import('./shell/shell'))

/** Decides between the way in and the house, by who is there. */
export function App() {
  const { data, loading, error, refetch } = useQuery(ME, { notifyOnNetworkStatusChange: false })
  const { prefer } = useLanguage()
  const locale = data?.viewer?.locale
  useEffect(() => {
    if (locale) prefer(locale)
  }, [locale, prefer])

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
      {data.viewer ? <Shell viewer={data.viewer} /> : <SignIn pending={data.pendingSignIn ?? null} />}
    </Suspense>
  )
}

function Waiting() {
  return (
    <div className="door" aria-busy="true">
      <Loader aria-label="…" />
    </div>
  )
}
