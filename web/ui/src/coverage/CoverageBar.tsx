import { Button, Group, Loader, Paper, Popover, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowsJoin,
  IconArrowsMove,
  IconChartPie,
  IconDeviceFloppy,
  IconLayersIntersect,
  IconPolygon,
  IconPuzzle,
  IconRoad,
  IconScissors,
  IconSquareDashed,
  IconTrash,
  IconVectorSpline,
  IconX,
} from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Tool } from '../editing/Tool'
import type { LayerInfo } from '../map/api'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import type { CoverageTool } from './api'
import { CoverageConflict } from './CoverageConflict'
import { CoverageList } from './CoverageList'
import { Discard } from './Discard'
import { useCoverage } from './useCoverage'
import { useRefusal } from './useRefusal'

const SIZE = 18

/** The tools with which the shapes of a coverage are edited together. */
export default function CoverageBar({ layer }: { layer: LayerInfo }) {
  const { t } = useTranslation('coverage')
  const language = useLanguage()
  const { coverage } = useMap()
  const state = useCoverage(coverage)
  const refusal = useRefusal(state)
  const [discarding, setDiscarding] = useState(false)
  const { chosen, working, tool } = state
  const done = working?.done ?? 0
  const one = chosen.length === 1
  const others = [...new Set(working?.others.map(({ who }) => who))]

  async function save() {
    const saved = await coverage.save()
    if (saved) notifications.show({ message: t('saved', { ...saved }) })
  }
  const choice = (name: CoverageTool, label: string, icon: ReactNode, possible = true) => (
    <Tool
      label={label}
      pressed={tool === name}
      disabled={!possible || state.busy}
      onClick={() => coverage.use(tool === name ? 'choose' : name)}
    >
      {icon}
    </Tool>
  )
  return (
    <Paper
      component="section"
      role="toolbar"
      aria-label={t('toolbar', { layer: layer.title[language] })}
      shadow="sm"
      p={6}
      withBorder
    >
      <Group gap={6}>
        {choice('choose', t('choose'), <IconPolygon size={SIZE} />)}
        {choice('vertices', t('vertices'), <IconArrowsMove size={SIZE} />)}
        {choice('split', t('split'), <IconScissors size={SIZE} />)}
        <Asking
          label={t('areas')}
          field={t('areasLabel')}
          go={t('areasGo')}
          disabled={!one || state.busy}
          pressed={tool === 'split-by-areas'}
          icon={<IconChartPie size={SIZE} />}
          onGiven={(areas) => coverage.use('split-by-areas', { areas })}
        />
        <Tool
          label={t('merge')}
          disabled={chosen.length < 2 || state.busy}
          onClick={() => void coverage.do({ kind: 'merge', ids: chosen })}
        >
          <IconArrowsJoin size={SIZE} />
        </Tool>
        {choice('reshape', t('reshape'), <IconVectorSpline size={SIZE} />, one)}
        <Asking
          label={t('road')}
          field={t('widthLabel')}
          go={t('widthGo')}
          initial="6"
          disabled={state.busy}
          pressed={tool === 'cut-road'}
          icon={<IconRoad size={SIZE} />}
          onGiven={([width]) => coverage.use('cut-road', { width })}
        />
        {choice('cut-hole', t('hole'), <IconSquareDashed size={SIZE} />, one)}
        {choice('fill-gap', t('fill'), <IconPuzzle size={SIZE} />, chosen.length < 2)}
        {choice('assign-overlap', t('overlap'), <IconLayersIntersect size={SIZE} />, one)}
        <Tool
          label={t('undo')}
          disabled={!state.drawing && (done === 0 || state.busy)}
          onClick={() => coverage.undo()}
        >
          <IconArrowBackUp size={SIZE} />
        </Tool>
        <Tool
          label={t('redo')}
          disabled={state.busy || done === (working?.steps.length ?? 0)}
          onClick={() => coverage.redo()}
        >
          <IconArrowForwardUp size={SIZE} />
        </Tool>
        <CoverageList state={state} />
        <Tool
          label={t('discard')}
          disabled={state.busy || !working?.steps.length}
          onClick={() => setDiscarding(true)}
        >
          <IconTrash size={SIZE} />
        </Tool>
        <Button
          size="xs"
          leftSection={<IconDeviceFloppy size={16} aria-hidden />}
          disabled={state.busy || !working?.features.length}
          onClick={() => void save()}
        >
          {t('save')}
        </Button>
        <Tool label={t('leave')} onClick={() => coverage.stop()}>
          <IconX size={SIZE} />
        </Tool>
      </Group>
      <Group gap="sm" mt={4} mih={20}>
        {refusal ? (
          <Text size="xs" c="red" fw={600} role="alert">
            {refusal}
          </Text>
        ) : (
          <Text size="xs">{t(`hint.${tool}`)}</Text>
        )}
        {chosen.length > 0 && (
          <Text size="xs" fw={600}>
            {t('chosen', { count: chosen.length })}
          </Text>
        )}
        {others.length > 0 && (
          <Text size="xs" c="grape" fw={600}>
            {t('with', { who: others.join(', ') })}
          </Text>
        )}
        {state.busy && <Loader size={12} aria-label={t('working')} />}
      </Group>
      {state.conflicts[0] && <CoverageConflict conflict={state.conflicts[0]} />}
      {discarding && (
        <Discard
          steps={working?.steps.length ?? 0}
          onClose={() => setDiscarding(false)}
          onDiscard={() => void coverage.discard()}
        />
      )}
    </Paper>
  )
}

/** A tool that wants numbers first. */
function Asking({
  label,
  field,
  go,
  initial = '',
  disabled,
  pressed,
  icon,
  onGiven,
}: {
  label: string
  field: string
  go: string
  initial?: string
  disabled: boolean
  pressed: boolean
  icon: ReactNode
  onGiven: (numbers: number[]) => void
}) {
  const [opened, setOpened] = useState(false)
  const [text, setText] = useState(initial)
  const numbers = text
    .trim()
    .split(/[\s;]+/)
    .filter(Boolean)
    .map((word) => Number(word.replace(',', '.')))
  const fine = numbers.length > 0 && numbers.every((n) => n > 0)
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus withArrow>
      <Popover.Target>
        <Tool
          label={label}
          pressed={pressed}
          disabled={disabled}
          expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          {icon}
        </Tool>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (!fine) return
            setOpened(false)
            onGiven(numbers)
          }}
        >
          <Stack gap="xs">
            <TextInput
              size="xs"
              label={field}
              value={text}
              inputMode="decimal"
              onChange={(event) => setText(event.currentTarget.value)}
              data-autofocus
            />
            <Button size="xs" type="submit" disabled={!fine}>
              {go}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
