import { Checkbox } from '@mantine/core'
import { useWords, words } from '../words'
import { Icon } from './icons'

const t = words({
  en: { title: 'Read this before you give it', read: 'I have read this, and they should have it' },
  de: { title: 'Lesen Sie das, bevor Sie es geben', read: 'Ich habe das gelesen, und sie sollen es bekommen' },
})

/** The warnings of a grant, to be acknowledged. */
export function Risks({ warnings, read, onRead }: { warnings: readonly { permission: string | null; message: string }[]; read: boolean; onRead: (read: boolean) => void }) {
  const p = useWords(t)
  if (!warnings.length) return null
  return (
    <section className="risks" aria-label={p.title}>
      <h3>
        <Icon name="warning" /> {p.title}
      </h3>
      <ul>
        {warnings.map((w) => (
          <li key={w.permission ?? w.message}>{w.message}</li>
        ))}
      </ul>
      <Checkbox label={p.read} checked={read} onChange={(e) => onRead(e.currentTarget.checked)} />
    </section>
  )
}
