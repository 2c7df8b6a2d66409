import { type ElementType, type ReactNode, type Ref, useEffect } from 'react'

let locks = 0

/**
 * Stands in for react-remove-scroll, beneath Mantine's dialogs: while one is open the page
 * behind it stays where it is, by a rule in our style sheet.
 */
export function RemoveScroll({ children, enabled = true, forwardProps, ref, as: As = 'div', allowPinchZoom: _, removeScrollBar: __, ...rest }: {
  children: ReactNode
  enabled?: boolean
  forwardProps?: boolean
  ref?: Ref<HTMLElement>
  as?: ElementType
  allowPinchZoom?: boolean
  removeScrollBar?: boolean
}) {
  useEffect(() => {
    if (!enabled) return
    const { documentElement: root } = document
    // What the scroll bar leaves stays free, so nothing moves.
    if (!locks++) root.style.setProperty('--bar', `${innerWidth - root.clientWidth}px`)
    root.toggleAttribute('data-locked', true)
    return () => {
      locks--
      root.toggleAttribute('data-locked', locks > 0)
    }
  }, [enabled])
  return forwardProps ? children : <As ref={ref} {...rest}>{children}</As>
}
RemoveScroll.classNames = { fullWidth: '', zeroRight: '' }
