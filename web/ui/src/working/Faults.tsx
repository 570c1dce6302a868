import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconListSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { boxOf } from '../editing/geometry'
import { areaText, lengthText } from '../editing/quantity'
import type { Extent } from '../map/api'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import type { WorkingState } from './api'
import type { Wrong } from './model'
import classes from './working.module.css'
import { sorted } from './wrong'

/** Map units around a fault that is shown. */
const AROUND = 8

/** What is wrong with the coverage or the network: each with its place, and what mends it. */
export function Faults({ state: { checked, pointed, busy, working } }: { state: WorkingState }) {
  const { t } = useTranslation('panel')
  const title = working?.model === 'network' ? t('faults.ofNetwork') : t('faults.title')
  const { working: session } = useMap()
  const [free, setFree] = useState(false)
  const found = checked && sorted(checked.wrong)
  return (
    <section aria-label={title}>
      <Group justify="space-between" mt="sm" mb={4}>
        <Title order={3} size="h6">
          {title}
        </Title>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconListSearch size={16} aria-hidden />}
          loading={busy}
          onClick={() => void session.check()}
        >
          {t('faults.check')}
        </Button>
      </Group>
      {found && (
        <Text size="sm" role="status">
          {found.faults.length === 0
            ? t('faults.none')
            : t('faults.count', { count: found.faults.length })}
          {checked.more && ` ${t('faults.more')}`}
        </Text>
      )}
      {found && <Rows wrong={found.faults} pointed={pointed} />}
      {found && found.free.length > 0 && (
        <Button
          size="compact-sm"
          variant="subtle"
          aria-expanded={free}
          onClick={() => setFree(!free)}
        >
          {t('faults.free', { count: found.free.length })}
        </Button>
      )}
      {found && free && <Rows wrong={found.free} pointed={pointed} />}
    </section>
  )
}

function Rows({ wrong, pointed }: { wrong: Wrong[]; pointed: Wrong | null }) {
  return (
    <Stack gap={4} component="ul" className={classes.rows}>
      {wrong.map((each, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two faults may be alike in everything
        <Row key={i} wrong={each} pointed={each === pointed} />
      ))}
    </Stack>
  )
}

function Row({ wrong, pointed }: { wrong: Wrong; pointed: boolean }) {
  const { t } = useTranslation('panel')
  const language = useLanguage()
  const map = useMap()
  const { kind, features, area = 0, width = 0, distance = 0, mends } = wrong
  const name = (id: string) => features.find((each) => each.id === id)?.label || id
  const size = [
    area > 0 &&
      (area < 10
        ? t('faults.small', { area: decimals(area, language) })
        : areaText(area, language)),
    width > 0 && t('faults.wide', { width: lengthText(width, language) }),
    distance > 0 && t('faults.apart', { distance: lengthText(distance, language) }),
  ].filter(Boolean)
  function show() {
    map.working.point(wrong)
    map.fit(around(wrong), { maxZoom: 21 })
  }
  return (
    <li>
      <Button
        size="compact-sm"
        variant={pointed ? 'light' : 'subtle'}
        color="red"
        aria-pressed={pointed}
        onClick={show}
      >
        {t(`faults.kind.${kind}`)}
      </Button>{' '}
      <Text size="xs" c="dimmed" span>
        {[
          ...size,
          features
            .slice(0, 4)
            .map(({ id }) => name(id))
            .join(', '),
        ].join(' · ')}
      </Text>
      {pointed && (
        <Group gap={4} mt={2} pl="xs">
          {mends.map((mend, i) => (
            <Button
              // biome-ignore lint/suspicious/noArrayIndexKey: ways to mend have no other name
              key={i}
              size="compact-xs"
              variant="default"
              onClick={() => void map.working.do(mend)}
            >
              {t(`faults.mend.${mend.kind}`, { label: name(mend.ids?.[0] ?? '') })}
            </Button>
          ))}
          {mends.length === 0 && <Text size="xs">{t('faults.byHand')}</Text>}
        </Group>
      )}
    </li>
  )
}

const decimals = (value: number, language: string) =>
  new Intl.NumberFormat(language, { maximumSignificantDigits: 2 }).format(value)

function around({ shape, at: [x, y] }: Wrong): Extent {
  const [minx, miny, maxx, maxy] = boxOf(shape) ?? [x, y, x, y]
  return [minx - AROUND, miny - AROUND, maxx + AROUND, maxy + AROUND]
}
