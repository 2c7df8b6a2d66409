import { useEffect, useRef } from 'react'

/**
 * In place of Mantine's, which knows what had the focus only of dialogs that are there before they
 * open: ours come with what opens them and go with it. Where what had the focus has gone too, as an
 * entry of a menu has, reading goes on in the content.
 */
export function useFocusReturn({ opened, shouldReturnFocus = true }: { opened: boolean; shouldReturnFocus?: boolean }) {
  const before = useRef<Element | null>(null)
  const was = useRef(false)
  if (opened && !was.current) before.current = document.activeElement
  was.current = opened

  function give() {
    const lost = !document.activeElement || document.activeElement === document.body
    const to = before.current?.isConnected && before.current !== document.body ? before.current : document.getElementById('content')
    if (lost && to instanceof HTMLElement) to.focus({ preventScroll: true })
  }
  useEffect(() => {
    if (opened && shouldReturnFocus) return () => void setTimeout(give, 10)
  }, [opened, shouldReturnFocus])
  return give
}
