import { createTheme } from '@mantine/core'

const quick = { transitionProps: { duration: 90 } }
// A dialog's heading is no heading of the page.
const within = { attributes: { header: { role: 'presentation' } } }

/**
 * The look of the house. Colours are variables of house.css, so that the pages behind
 * mailed links and this one are painted alike, and nothing is written into the page.
 */
export const theme = createTheme({
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  defaultRadius: 'md',
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  // By name, so that a component is loaded with the first screen that has it.
  components: {
    Button: { defaultProps: { loaderProps: { type: 'dots' } } },
    Modal: { defaultProps: { ...quick, ...within, centered: true, radius: 'lg', closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: { defaultProps: { ...quick, ...within, closeButtonProps: { 'aria-label': 'Close' } } },
    Menu: { defaultProps: { ...quick, shadow: 'md', position: 'bottom-end', withinPortal: true } },
    Popover: { defaultProps: { ...quick, shadow: 'md' } },
    Tooltip: { defaultProps: { ...quick, multiline: true, maw: 280, withArrow: true } },
    Select: { defaultProps: { allowDeselect: false, withCheckIcon: true } },
  },
})
