import { Skeleton } from '@mantine/core'
import { graphql, type ResultOf } from '../api/graphql'
import { useQuery } from '../api/query'
import { Failed, Page } from '../parts/page'
import { useWords, words } from '../words'
import { Details } from './profile/details'
import { Factors } from './profile/factors'
import { Sessions } from './profile/sessions'

const t = words({
  en: { title: 'Your profile', lead: 'Who you are here, and how you sign in. It is the same in every account.' },
  de: { title: 'Ihr Profil', lead: 'Wer Sie hier sind und wie Sie sich anmelden. Es ist in jedem Konto dasselbe.' },
})

export const PROFILE = graphql(`
  query Profile {
    viewer {
      id
      name
      email
      locale
      emailChange {
        email
        expiresAt
      }
      defaultAccount {
        id
        name
      }
      twoFactor {
        enabledAt
        authenticatorAddedAt
        recoveryCodesLeft
      }
      passkeys {
        id
        name
        createdAt
        lastUsedAt
      }
      sessions {
        id
        device
        address
        createdAt
        lastSeenAt
        current
      }
    }
  }
`)
export type Person = NonNullable<ResultOf<typeof PROFILE>['viewer']>
export type Part = { person: Person; changed: () => void }

/** Who one is and how one signs in. */
export default function Profile() {
  const p = useWords(t)
  const { data, error, loading, refetch } = useQuery(PROFILE, { fetchPolicy: 'cache-and-network' })
  const person = data?.viewer
  const part = person && { person, changed: () => void refetch() }
  return (
    <Page title={p.title} lead={p.lead} shown={{ document: PROFILE }}>
      {part ? (
        <>
          <Details {...part} />
          <Factors {...part} />
          <Sessions {...part} />
        </>
      ) : loading ? (
        <>
          <Skeleton h={280} radius="lg" />
          <Skeleton h={280} radius="lg" />
          <Skeleton h={200} radius="lg" />
        </>
      ) : (
        <Failed error={error} again={() => void refetch()} />
      )}
    </Page>
  )
}
