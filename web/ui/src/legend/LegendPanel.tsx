import { Button, CloseButton, Group, Paper, Text, Title, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { LayerInfo } from '../api/model'
import { type LegendEntry, legend } from '../layers/legend'
import { Swatch } from '../layers/Swatch'
import { useLayers } from '../layers/useLayers'
import { zoomRange } from '../map/symbol'
import { page, usePage } from '../page/state'
import { useMapView } from '../page/useMapView'
import { useLanguage } from '../words/i18n'
import classes from './legend.module.css'

/** What the map shows now, and what its colours mean; a click hides what has one of them. */
export default function LegendPanel() {
  const { t } = useTranslation('legend')
  const { layers, context } = useLayers()
  const { zoom } = useMapView()
  const anyOff = usePage(({ off }) => Object.keys(off).length > 0)
  const byId = new Map(layers.map((layer) => [layer.id, layer]))
  const shown = context.toReversed().flatMap(({ id, visible }) => {
    const layer = byId.get(id)
    if (!layer || !visible) return []
    const [from, to] = zoomRange(layer)
    return zoom >= from && zoom <= to ? [layer] : []
  })
  return (
    <Paper
      component="section"
      className={classes.panel}
      aria-labelledby="legend-title"
      withBorder
      shadow="sm"
    >
      <Group gap={6} wrap="nowrap">
        <Title order={2} size="h6" id="legend-title" flex={1}>
          {t('title')}
        </Title>
        {anyOff && (
          <Button
            className={classes.screen}
            size="compact-xs"
            variant="default"
            onClick={() => usePage.setState({ off: {} })}
          >
            {t('showAll')}
          </Button>
        )}
        <CloseButton
          className={classes.screen}
          size="sm"
          aria-label={t('close')}
          onClick={() => usePage.setState({ legend: false })}
        />
      </Group>
      {shown.length === 0 && (
        <Text size="xs" c="dimmed">
          {t('nothing')}
        </Text>
      )}
      {shown.map((layer) => (
        <LayerLegend key={layer.id} layer={layer} />
      ))}
    </Paper>
  )
}

/** One line for a layer with one symbol; else its name and an entry for each. */
function LayerLegend({ layer }: { layer: LayerInfo }) {
  const { t } = useTranslation('legend')
  const language = useLanguage()
  const off = usePage((state) => state.off[layer.id])
  const title = layer.title[language]
  const entries = legend(layer, language, t('others'))
  const [first, ...others] = entries
  if (!first) return null
  if (others.length === 0 && first.label === '') {
    return (
      <div className={classes.entry}>
        <Swatch entry={first} /> {title}
      </div>
    )
  }
  return (
    <div className={classes.layer}>
      <h3 className={classes.title}>{title}</h3>
      <ul className={classes.entries}>
        {entries.map((entry) => (
          <li key={`${entry.key} ${entry.label}`}>
            <Entry layer={layer} entry={entry} off={off?.includes(entry.key ?? '') ?? false} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Entry({ layer, entry, off }: { layer: LayerInfo; entry: LegendEntry; off: boolean }) {
  const { t } = useTranslation('legend')
  const language = useLanguage()
  const { key } = entry
  const words = entry.label || layer.title[language]
  if (key === undefined) {
    return (
      <div className={classes.entry}>
        <Swatch entry={entry} /> {words}
      </div>
    )
  }
  return (
    <UnstyledButton
      className={classes.entry}
      aria-pressed={!off}
      title={off ? t('show') : t('hide')}
      onClick={() => page.switch(layer.id, key)}
    >
      <Swatch entry={entry} /> <span className={classes.words}>{words}</span>
    </UnstyledButton>
  )
}
