import type { VariantColorsResolver } from '@mantine/core'

const border = '1px solid transparent'

/**
 * Stands in for Mantine's resolver, which reckons with colours. Ours are variables of
 * house.css, so there is nothing to reckon, and what it needs for that stays out.
 */
export const defaultVariantColorsResolver: VariantColorsResolver = ({ color, theme, variant }) => {
  const name = `var(--mantine-color-${color || theme.primaryColor}`
  const clear = { background: 'transparent', hover: 'transparent', border }
  switch (variant) {
    case 'filled':
      return { background: `${name}-filled)`, hover: `${name}-filled-hover)`, color: color === 'red' ? '#fff' : 'var(--on-accent)', border }
    case 'light':
      return { background: `${name}-light)`, hover: `${name}-light-hover)`, color: `${name}-light-color)`, border }
    case 'outline':
      return { background: 'transparent', hover: `${name}-outline-hover)`, color: `${name}-outline)`, border: `1px solid ${name}-outline)` }
    case 'subtle':
      return { ...clear, hover: `${name}-light-hover)`, color: `${name}-light-color)` }
    case 'transparent':
      return { ...clear, color: `${name}-light-color)` }
    case 'default':
      return { background: 'var(--mantine-color-default)', hover: 'var(--mantine-color-default-hover)', color: 'var(--mantine-color-default-color)', border: '1px solid var(--mantine-color-default-border)' }
    default:
      return { ...clear, color: 'inherit' }
  }
}
