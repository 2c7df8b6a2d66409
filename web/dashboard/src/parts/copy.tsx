import { Button } from '@mantine/core'
import { useState } from 'react'
import { useWords, words } from '../words'

const t = words({ en: { copy: 'Copy', copied: 'Copied' }, de: { copy: 'Kopieren', copied: 'Kopiert' } })

/** Copies a text, and says so; `what` says which, to those who do not see where the button stands. */
export function Copy({ text, what }: { text: string; what: string }) {
  const p = useWords(t)
  const [copied, setCopied] = useState(false)
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={`${p.copy}: ${what}`}
      onClick={() =>
        navigator.clipboard.writeText(text).then(
          () => setCopied(true),
          () => {},
        )
      }
    >
      <span aria-live="polite">{copied ? p.copied : p.copy}</span>
    </Button>
  )
}
