import {
  Button,
  Checkbox,
  CloseButton,
  Group,
  NativeSelect,
  NumberInput,
  Paper,
  SegmentedControl,
  Text,
} from '@mantine/core'
import { IconCircle, IconPointer, IconPolygon, IconRectangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Tool } from '../editing/Tool'
import { useLayers } from '../layers/useLayers'
import { page, usePage } from '../page/state'
import { useLanguage } from '../words/i18n'
import { count } from '../words/values'
import { TOOLS, WAYS } from './api'
import { ChosenActions } from './ChosenActions'
import { besides, RELATIONS, type Relation } from './choice'
import classes from './selection.module.css'
import { useTools } from './tools'
import { useChoosing } from './useChoosing'
import { useSelecting } from './useSelecting'
import { useTarget } from './useTarget'

const ICONS = { click: IconPointer, box: IconRectangle, polygon: IconPolygon, circle: IconCircle }

/** Chooses features on the map: by pointing, by areas, by what was chosen before. */
export default function SelectPanel() {
  const { t } = useTranslation('selection')
  const language = useLanguage()
  const { tool, way, whole } = useTools()
  const { layers, target } = useTarget()
  const { barred, busy } = useSelecting()
  const chosen = usePage((state) => state.chosen)
  const of = layers.find(({ id }) => id === chosen.layer)
  const told = chosen.ids.length > 0 && of !== undefined
  return (
    <Paper
      component="section"
      className={classes.panel}
      aria-label={t('title')}
      withBorder
      shadow="sm"
    >
      <Group gap={6} wrap="nowrap">
        <Group role="toolbar" aria-label={t('tools')} gap={4} wrap="nowrap">
          {TOOLS.map((each) => {
            const Icon = ICONS[each]
            return (
              <Tool
                key={each}
                label={t(`tool.${each}`)}
                pressed={tool === each}
                disabled={barred || !target}
                onClick={() => useTools.setState({ tool: tool === each ? null : each })}
              >
                <Icon size={18} />
              </Tool>
            )
          })}
        </Group>
        <NativeSelect
          size="xs"
          flex={1}
          aria-label={t('from')}
          value={target?.id}
          onChange={(event) => useTools.setState({ layer: event.currentTarget.value })}
          data={layers.map(({ id, title }) => ({ value: id, label: title[language] }))}
        />
        <CloseButton size="sm" aria-label={t('close')} onClick={() => page.toggle('select')} />
      </Group>
      <Text size="xs" mt={4}>
        {barred ? t('barred') : t(`hint.${tool ?? 'none'}`)}
      </Text>
      <SegmentedControl
        mt={4}
        size="xs"
        fullWidth
        aria-label={t('ways')}
        value={way}
        onChange={(value) => useTools.setState({ way: value as typeof way })}
        data={WAYS.map((each) => ({ value: each, label: t(`way.${each}`) }))}
      />
      <Checkbox
        mt={6}
        size="xs"
        label={t('whole')}
        checked={whole}
        onChange={(event) => useTools.setState({ whole: event.currentTarget.checked })}
      />
      <Around />
      <Group justify="space-between" mt={6} wrap="nowrap" className={classes.chosen}>
        <Text size="sm" fw={600} role="status">
          {busy
            ? t('busy')
            : told
              ? t('chosen', {
                  count: chosen.ids.length,
                  number: count(chosen.ids.length, language),
                  layer: of.title[language],
                })
              : t('none')}
        </Text>
        {told && <ChosenActions layer={of} ids={chosen.ids} />}
      </Group>
    </Paper>
  )
}

/** How many features a condition may compare with. */
const MOST = 1000

/** Chooses by how features lie to those that are chosen, or to the record that is open. */
function Around() {
  const { t } = useTranslation('selection')
  const language = useLanguage()
  const { relation, distance, way } = useTools()
  const { layers } = useLayers()
  const { target } = useTarget()
  const chosen = usePage((state) => state.chosen)
  const selected = usePage((state) => state.selected)
  const { mutate, isPending } = useChoosing()
  const source =
    chosen.ids.length > 0 ? chosen : selected && { layer: selected.layer, ids: [selected.id] }
  const of = layers.find(({ id }) => id === source?.layer)
  if (!source || !of || !target) return null
  const many = source.ids.length > MOST
  return (
    <form
      className={classes.around}
      aria-label={t('around')}
      onSubmit={(event) => {
        event.preventDefault()
        mutate({ layer: target, condition: besides(source, relation, distance), way })
      }}
    >
      <Text size="xs" fw={600}>
        {t('aroundOf', { layer: target.title[language], of: of.title[language] })}
      </Text>
      <Group gap={4} wrap="nowrap" align="end">
        <NativeSelect
          size="xs"
          flex={1}
          aria-label={t('relations')}
          value={relation}
          onChange={(event) =>
            useTools.setState({ relation: event.currentTarget.value as Relation })
          }
          data={RELATIONS.map((each) => ({ value: each, label: t(`relation.${each}`) }))}
        />
        {relation === 'dwithin' && (
          <NumberInput
            size="xs"
            w={90}
            aria-label={t('distance')}
            suffix=" m"
            min={0}
            max={10_000}
            value={distance}
            onChange={(metres) => useTools.setState({ distance: Number(metres) || 0 })}
          />
        )}
        <Button type="submit" size="xs" variant="default" loading={isPending} disabled={many}>
          {t('choose')}
        </Button>
      </Group>
      {many && (
        <Text size="xs" c="red">
          {t('aroundTooMany', { most: count(MOST, language) })}
        </Text>
      )}
    </form>
  )
}
