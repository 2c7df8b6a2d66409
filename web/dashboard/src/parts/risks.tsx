import { Checkbox } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useWords, words } from '../words'
import { Icon } from './icons'

const t = words({
  en: { title: 'Read this before you give it', read: 'I have read this, and give it' },
  de: { title: 'Lesen Sie das, bevor Sie es geben', read: 'Ich habe das gelesen und gebe es' },
})

/** The warnings of a grant, to be acknowledged. With reveal they are brought before the eyes when they come. */
export function Risks({ warnings, read, onRead, reveal }: { warnings: readonly { permission: string | null; message: string }[]; read: boolean; onRead: (read: boolean) => void; reveal?: boolean }) {
  const p = useWords(t)
  const place = useRef<HTMLElement>(null)
  useEffect(() => {
    if (reveal && warnings.length) place.current?.querySelector('input')?.focus()
  }, [reveal, warnings])
  if (!warnings.length) return null
  return (
    <section ref={place} className="risks" aria-label={p.title}>
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
