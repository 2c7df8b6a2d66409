import { Button } from '@mantine/core'
import { Link } from 'wouter'
import { Page } from '../parts/page'
import { useWords, words } from '../words'

const t = words({
  en: { nowhere: 'There is no such page', text: 'The address leads nowhere. Your accounts are one click away.', accounts: 'Your accounts' },
  de: { nowhere: 'Diese Seite gibt es nicht', text: 'Die Adresse führt nirgendwohin. Ihre Konten sind einen Klick entfernt.', accounts: 'Ihre Konten' },
})

/** What is shown at an address that leads nowhere. */
export default function Nowhere() {
  const p = useWords(t)
  return (
    <Page title={p.nowhere} lead={p.text}>
      <div>
        <Button component={Link} href="/accounts">
          {p.accounts}
        </Button>
      </div>
    </Page>
  )
}
