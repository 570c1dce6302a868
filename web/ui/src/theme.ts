import { createTheme, Tooltip } from '@mantine/core'

/** Shade 8 with autoContrast is the one that passes WCAG AA on both schemes. */
export const theme = createTheme({
  primaryShade: 8,
  autoContrast: true,
  fontFamily: '"Noto Sans", system-ui, sans-serif',
  cursorType: 'pointer',
  defaultRadius: 'sm',
  respectReducedMotion: true,
  components: {
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300 } }),
  },
})
