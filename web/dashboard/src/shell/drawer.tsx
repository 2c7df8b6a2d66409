import { Drawer } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords, words } from '../words'

const t = words({ en: { title: 'Menu', close: 'Close' }, de: { title: 'Menü', close: 'Schließen' } })

/** The sections, on a telephone. */
export default function Sections({ close, children }: { close: () => void; children: ReactNode }) {
  const p = useWords(t)
  return (
    <Drawer opened onClose={close} title={p.title} size={280} closeButtonProps={{ 'aria-label': p.close }}>
      <nav className="drawer" aria-label={p.title}>
        {children}
      </nav>
    </Drawer>
  )
}
