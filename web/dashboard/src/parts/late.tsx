import { Button } from '@mantine/core'
import { Component, type ComponentType, lazy, type ReactNode, useState } from 'react'
import { useWords, words } from '../words'

const t = words({
  en: { missing: 'This part did not load. Check your connection.', again: 'Try again', broken: 'Something went wrong on this page.' },
  de: { missing: 'Dieser Teil ließ sich nicht laden. Prüfen Sie Ihre Verbindung.', again: 'Noch einmal versuchen', broken: 'Auf dieser Seite ist etwas schiefgegangen.' },
})

/**
 * A part of the page that is loaded when it is first shown. Where it does not come, that is
 * said in its place and everything else stays: a dialog says it in the `corner`.
 */
export function late<P extends object>(load: () => Promise<{ default: ComponentType<P> }>, corner?: 'corner') {
  return lazy(() => load().catch((error) => ({ default: (props: P) => <Missing again={() => anew(load, error)} props={props} corner={corner} /> })))
}

// A browser remembers of an address that no module came from it, so the part is asked for at
// another one. The error tells the first, except in Safari.
function anew<P>(load: () => Promise<{ default: ComponentType<P> }>, error: unknown): Promise<{ default: ComponentType<P> }> {
  const address = /https?:\S+\.js\b/.exec(String(error))?.[0]
  return address ? import(/* @vite-ignore */ `${address}?again=${Date.now()}`) : load()
}

function Missing<P extends object>({ again, props, corner }: { again: () => Promise<{ default: ComponentType<P> }>; props: P; corner?: string }) {
  const p = useWords(t)
  const [Part, found] = useState<ComponentType<P> | null>(null)
  if (Part) return <Part {...props} />
  // One that is missing though there is a network belongs to another release than the page.
  const look = () => void again().then((m) => found(() => m.default), () => navigator.onLine && location.reload())
  return (
    <div className={corner ? 'said' : 'panel empty'} role="alert">
      <span>{p.missing}</span>
      <Button onClick={look}>{p.again}</Button>
    </div>
  )
}

/** Shows what is within it as long as that can be shown at all. */
export class Safe extends Component<{ children: ReactNode }> {
  override state = { broken: false }
  static getDerivedStateFromError = () => ({ broken: true })
  override render = () => (this.state.broken ? <Broken /> : this.props.children)
}

function Broken() {
  const p = useWords(t)
  return (
    <main className="door empty" role="alert">
      <h1>{p.broken}</h1>
      <Button onClick={() => location.reload()}>{p.again}</Button>
    </main>
  )
}
