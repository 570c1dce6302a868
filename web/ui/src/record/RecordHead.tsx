import { ActionIcon, Anchor, Badge, Breadcrumbs, Group, Text, Title, Tooltip } from '@mantine/core'
import { IconBasket, IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { featureQuery } from '../api/queries'
import { basket, holds, useBasket } from '../basket/basket'
import { areaText, lengthText } from '../editing/quantity'
import { useLayers } from '../layers/useLayers'
import type { FeatureRef } from '../map/api'
import { usePage } from '../page/state'
import { useSelect } from '../page/useSelect'
import { useLanguage } from '../words/i18n'
import classes from './record.module.css'
import { childTab } from './tabs'
import { useNeighbours } from './useNeighbours'
import type { Subject } from './useSubject'

/** What the record is, where one came from, and the ones before and after it. */
export function RecordHead({ subject }: { subject: Subject }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const select = useSelect()
  const { layer, id, feature } = subject
  return (
    <header className={classes.head}>
      <Trail subject={subject} />
      <Group justify="space-between" wrap="nowrap" align="start">
        <div className={classes.title}>
          <Text size="xs" c="dimmed">
            {layer.title[language]}
          </Text>
          <Title order={2} size="h4" id="record-title">
            {id ? feature?.label || id : t('record.new')}
          </Title>
        </div>
        <Group gap={2} wrap="nowrap">
          {id && layer.geometry && <Pick layer={layer.id} id={id} label={feature?.label ?? id} />}
          <Neighbours subject={subject} />
          <ActionIcon variant="subtle" aria-label={t('record.close')} onClick={() => select(null)}>
            <IconX size={18} />
          </ActionIcon>
        </Group>
      </Group>
      {feature && Boolean(feature.area || feature.length) && (
        <Group gap={6} mt={4}>
          {Boolean(feature.area) && (
            <Fact name={t('record.area')}>{areaText(feature.area ?? 0, language)}</Fact>
          )}
          {Boolean(feature.length) && (
            <Fact name={feature.area ? t('record.perimeter') : t('record.length')}>
              {lengthText(feature.length ?? 0, language)}
            </Fact>
          )}
        </Group>
      )}
    </header>
  )
}

/** Puts the record in the basket, or takes it out. */
function Pick({ layer, id, label }: { layer: string; id: string; label: string }) {
  const { t } = useTranslation()
  const picked = useBasket((held) => holds(held, { layer, id }))
  const words = picked ? t('basket.takeOut') : t('basket.putIn')
  return (
    <Tooltip label={words}>
      <ActionIcon
        variant={picked ? 'filled' : 'subtle'}
        aria-label={words}
        aria-pressed={picked}
        onClick={() => basket.toggle({ layer, id }, label)}
      >
        <IconBasket size={18} />
      </ActionIcon>
    </Tooltip>
  )
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <Badge variant="default" radius="sm" tt="none" fw={500} size="lg">
      {name} {children}
    </Badge>
  )
}

/** The way back to the records one came through. */
function Trail({ subject }: { subject: Subject }) {
  const { t } = useTranslation()
  const trail = usePage((state) => state.trail)
  if (trail.length === 0) return null
  return (
    <nav aria-label={t('record.trail')}>
      <Breadcrumbs separatorMargin={4} classNames={{ root: classes.trail }}>
        {trail.map((ref, at) => (
          <Crumb
            key={`${ref.layer}/${ref.id}`}
            at={ref}
            before={trail.slice(0, at)}
            from={trail[at + 1]?.layer ?? subject.layer.id}
          />
        ))}
      </Breadcrumbs>
    </nav>
  )
}

function Crumb({ at, before, from }: { at: FeatureRef; before: FeatureRef[]; from: string }) {
  const select = useSelect()
  const { registers } = useLayers()
  const { data: feature } = useQuery(featureQuery(at))
  const layer = registers.find(({ id }) => id === at.layer)
  const child = layer?.children.find((each) => each.layer === from)
  return (
    <Anchor
      component="button"
      type="button"
      size="xs"
      onClick={() => select(at, { trail: before, tab: child ? childTab(child) : 'form' })}
    >
      {feature?.label || at.id}
    </Anchor>
  )
}

function Neighbours({ subject }: { subject: Subject }) {
  const { t } = useTranslation()
  const { before, after, go } = useNeighbours(subject)
  if (!before && !after) return null
  return (
    <>
      <Tooltip label={t('record.previous')}>
        <ActionIcon
          variant="subtle"
          aria-label={t('record.previous')}
          aria-keyshortcuts="Alt+ArrowUp"
          disabled={!before}
          onClick={() => go(before)}
        >
          <IconChevronUp size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('record.next')}>
        <ActionIcon
          variant="subtle"
          aria-label={t('record.next')}
          aria-keyshortcuts="Alt+ArrowDown"
          disabled={!after}
          onClick={() => go(after)}
        >
          <IconChevronDown size={18} />
        </ActionIcon>
      </Tooltip>
    </>
  )
}
