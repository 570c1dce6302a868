import { Card, Text, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DashboardPanel } from '../api/client'
import type { Register } from '../api/model'
import type { Filter } from '../list/filter'
import { page } from '../page/state'
import { useSelect } from '../page/useSelect'
import { useLanguage } from '../words/i18n'
import { count, value } from '../words/values'
import classes from './dashboard.module.css'

interface Props {
  layer: Register
  panel: DashboardPanel
  /** What is opened lies behind the dashboard. */
  onLeave: () => void
}

/** One widget: a number, dates to come, the latest records or a chart, each the way to its records. */
export function Widget({ layer, panel, onLeave }: Props) {
  const language = useLanguage()
  const { widget } = panel
  const title = widget.title[language] ?? ''
  return (
    <Card withBorder padding="xs" component="section" aria-label={title}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      {(widget.kind === 'count' || widget.kind === 'sum' || widget.kind === 'due') && (
        <Figure layer={layer} panel={panel} onLeave={onLeave} />
      )}
      {widget.kind === 'chart' && <Chart layer={layer} panel={panel} onLeave={onLeave} />}
      {(widget.kind === 'due' || widget.kind === 'latest') && (
        <Rows layer={layer} panel={panel} onLeave={onLeave} />
      )}
    </Card>
  )
}

function Figure({ layer, panel, onLeave }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const field = layer.fields.find(({ name }) => name === panel.widget.field)
  const words =
    panel.widget.kind === 'sum'
      ? value(Math.round(panel.number), field, language)
      : count(panel.number, language)
  return (
    <UnstyledButton
      className={classes.figure}
      aria-label={`${words} : ${t('dashboard.open')}`}
      onClick={() => {
        page.openList(layer.id, (panel.filter as Filter | undefined) ?? null)
        onLeave()
      }}
    >
      {words}
    </UnstyledButton>
  )
}

/** How many values a chart shows. */
const BARS = 6

function Chart({ layer, panel, onLeave }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const field = layer.fields.find(({ name }) => name === panel.widget.field)
  const most = Math.max(...panel.groups.map((group) => group.count), 1)
  const only = (group: DashboardPanel['groups'][number]): Filter => {
    const property = { property: panel.widget.field }
    if (group.empty) return { op: 'isNull', args: [property] }
    const number = field?.type === 'integer' || field?.type === 'number'
    const literal = number ? Number(group.value) : group.value
    return { op: '=', args: [property, field?.type === 'boolean' ? literal === 'true' : literal] }
  }
  return panel.groups.slice(0, BARS).map((group) => (
    <UnstyledButton
      key={group.value}
      className={classes.bar}
      onClick={() => {
        page.openList(layer.id, only(group))
        onLeave()
      }}
    >
      <span className={classes.label}>{group.empty ? t('dashboard.empty') : group.label}</span>
      <span className={classes.track} aria-hidden>
        <span className={classes.share} style={{ width: `${(100 * group.count) / most}%` }} />
      </span>
      <span>{count(group.count, language)}</span>
    </UnstyledButton>
  ))
}

function Rows({ layer, panel, onLeave }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const select = useSelect()
  const field = layer.fields.find(({ name }) => name === panel.widget.field)
  if (panel.rows.length === 0)
    return (
      <Text size="xs" c="dimmed">
        {t('dashboard.nothing')}
      </Text>
    )
  return panel.rows.map((row) => (
    <UnstyledButton
      key={row.id}
      className={classes.row}
      onClick={() => {
        select({ layer: layer.id, id: row.id })
        onLeave()
      }}
    >
      <span>{row.label}</span>
      {field && <span>{value(row.properties[field.name], field, language)}</span>}
    </UnstyledButton>
  ))
}
