import { ActionIcon, Button, CloseButton, CopyButton, Group, Paper, Text } from '@mantine/core'
import {
  IconCheck,
  IconCompass,
  IconCopy,
  IconPolygon,
  IconRuler2,
  IconTrash,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { lengthText, surfaceText } from '../editing/quantity'
import { Tool } from '../editing/Tool'
import { polygonArea } from '../map/measure'
import { usePreferences } from '../page/state'
import { useSystems } from '../status/useSystems'
import { useLanguage } from '../words/i18n'
import type { Measure, MeasureKind } from './api'
import {
  azimuthText,
  gridOf,
  type Height,
  heightText,
  sidesOf,
  tableOf,
  wholeText,
} from './figures'
import { measures as actions, useMeasures } from './measures'
import classes from './reading.module.css'
import { useMeasuring } from './useMeasuring'

const TOOLS = { length: IconRuler2, area: IconPolygon, azimuth: IconCompass }
const KINDS: MeasureKind[] = ['length', 'area', 'azimuth']

/** Lengths, areas and azimuths on the ground. */
export default function MeasurePanel() {
  const { t } = useTranslation('reading')
  const { kind, measures } = useMeasures()
  const { heights, barred } = useMeasuring()
  return (
    <Paper
      component="section"
      className={classes.panel}
      aria-label={t('measure')}
      withBorder
      shadow="sm"
    >
      <Group gap={6} wrap="nowrap">
        <Group role="toolbar" aria-label={t('tools')} gap={4} wrap="nowrap">
          {KINDS.map((tool) => {
            const Icon = TOOLS[tool]
            return (
              <Tool
                key={tool}
                label={t(`kind.${tool}`)}
                pressed={kind === tool}
                disabled={barred}
                onClick={() => actions.use(kind === tool ? null : tool)}
              >
                <Icon size={18} />
              </Tool>
            )
          })}
        </Group>
        {measures.length > 0 && (
          <Button size="compact-xs" variant="default" ml="auto" onClick={actions.clear}>
            {t('clear')}
          </Button>
        )}
        <CloseButton
          size="sm"
          ml={measures.length > 0 ? 0 : 'auto'}
          aria-label={t('close')}
          onClick={() => useMeasures.setState({ open: false, kind: null })}
        />
      </Group>
      <Text size="xs" mt={4} role="status">
        {barred ? t('barred') : t(`hint.${kind ?? 'none'}`)}
      </Text>
      {measures.length > 0 && (
        <ol className={classes.measures}>
          {measures.map((measure, i) => (
            <MeasureFigures key={measure.id} measure={measure} heights={heights[i] ?? []} />
          ))}
        </ol>
      )}
    </Paper>
  )
}

function MeasureFigures({ measure, heights }: { measure: Measure; heights: Height[] }) {
  const { t } = useTranslation('reading')
  const language = useLanguage()
  const systems = useSystems()
  const grid = gridOf(
    usePreferences((state) => state.crs),
    systems,
  )
  const sides = sidesOf(measure, grid)
  const whole = wholeText(measure, language)
  const area = measure.kind === 'area'
  const said = area ? surfaceText(polygonArea([measure.places]), language) : whole
  const north = grid ? [t('gridAzimuth', { grid: grid.name })] : []
  const heads = [t('vertex'), t('side'), t('azimuth'), ...north, t('height')]
  const columns = [heads[0], t('sideShort'), t('azimuth'), ...north, t('heightShort')]
  return (
    <li>
      <Group gap={4} wrap="nowrap">
        <Text size="sm" fw={600} className={classes.whole}>
          {t(`kind.${measure.kind}`)} : {said}
        </Text>
        <CopyButton value={tableOf(measure, heights, language, heads, grid)}>
          {({ copied, copy }) => (
            <ActionIcon
              variant="subtle"
              size="sm"
              aria-label={copied ? t('copied') : t('copy', { whole })}
              onClick={copy}
            >
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          )}
        </CopyButton>
        <ActionIcon
          variant="subtle"
          size="sm"
          aria-label={t('remove', { whole })}
          onClick={() => actions.remove(measure.id)}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
      <table className={classes.figures}>
        <thead>
          <tr>
            {columns.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {measure.places.map((place, i) => {
            const height = heights[i]
            const side = sides[i]
            return (
              <tr key={place.join()}>
                <td>{i + 1}</td>
                <td>{side && lengthText(side.length, language)}</td>
                <td>{side && azimuthText(side.azimuth, language)}</td>
                {grid && (
                  <td>
                    {side?.gridAzimuth !== undefined && azimuthText(side.gridAzimuth, language)}
                  </td>
                )}
                <td>
                  {typeof height === 'number' ? heightText(height, language) : null}
                  {height === null && t('unknown')}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </li>
  )
}
