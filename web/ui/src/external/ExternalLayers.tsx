import { UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { withMoved } from '../layers/arrangement'
import { useLayers } from '../layers/useLayers'
import { page } from '../page/state'
import { ExternalRow } from './ExternalRow'
import classes from './external.module.css'
import { useExternal } from './useExternal'

/** The layers of others in the tree, topmost first, under those of the town. */
export default function ExternalLayers() {
  const { t } = useTranslation('external')
  const { external, context } = useExternal()
  const { context: own } = useLayers()
  const shown = context.some(({ visible }) => visible)
  const [folded, setFolded] = useState<boolean | null>(null)
  if (external.length === 0) return null
  const open = !(folded ?? !shown)
  const Icon = open ? IconChevronDown : IconChevronRight
  const rows = context.toReversed().flatMap((drawn) => {
    const layer = external.find(({ id }) => id === drawn.id)
    return layer ? [{ layer, drawn }] : []
  })
  const move = (from: number, to: number) => {
    const [moved, other] = [rows[from], rows[to]]
    if (!moved || !other) return
    page.arrange((arrangement) =>
      withMoved(
        arrangement,
        [...context, ...own],
        moved.layer.id,
        to < from ? 'above' : 'below',
        other.layer.id,
      ),
    )
  }
  return (
    <section aria-labelledby="app-external">
      <h3 className={classes.application}>
        <UnstyledButton
          id="app-external"
          className={classes.fold}
          aria-expanded={open}
          onClick={() => setFolded(open)}
        >
          <Icon size={14} aria-hidden /> {t('title')}
        </UnstyledButton>
      </h3>
      {open && (
        <ul className={classes.rows}>
          {rows.map(({ layer, drawn }, i) => (
            <ExternalRow
              key={layer.id}
              layer={layer}
              drawn={drawn}
              onUp={i > 0 ? () => move(i, i - 1) : undefined}
              onDown={i < rows.length - 1 ? () => move(i, i + 1) : undefined}
            />
          ))}
        </ul>
      )}
    </section>
  )
}
