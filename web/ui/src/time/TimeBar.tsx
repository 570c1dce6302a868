import { ActionIcon, Button, Slider, Text, TextInput, Tooltip } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sinceQuery } from '../api/queries'
import { usePage } from '../page/state'
import { useLanguage } from '../words/i18n'
import { moment as words } from '../words/values'
import { localInput, ofLocalInput, STEPS } from './moments'
import classes from './time.module.css'

const DAY = 86_400_000

/** Goes through the past of the map: a slider from the first change recorded until now. */
export default function TimeBar({ moment }: { moment: string }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { data: since } = useQuery(sinceQuery)
  const [now] = useState(Date.now)
  const first = Math.min(since ? Date.parse(since) : now - DAY, now - 1000)
  const at = Date.parse(moment)
  const [dragged, setDragged] = useState(at)
  useEffect(() => setDragged(at), [at])
  const go = (to: number) =>
    usePage.setState({ moment: new Date(Math.min(Math.max(to, first), now)).toISOString() })
  const share = (time: number) => ((time - first) / (now - first)) * STEPS
  const step = (by: number, label: string, Icon: typeof IconChevronLeft) => (
    <Tooltip label={label}>
      <ActionIcon variant="default" aria-label={label} onClick={() => go(at + by)}>
        <Icon size={16} />
      </ActionIcon>
    </Tooltip>
  )
  return (
    <section className={classes.bar} aria-label={t('time.title')}>
      <Text size="sm" fw={600} role="status">
        {t('time.asAt', { moment: words(moment, language) })}
      </Text>
      {step(-DAY, t('time.dayBefore'), IconChevronLeft)}
      <Slider
        className={classes.slider}
        thumbLabel={t('time.moment')}
        min={0}
        max={STEPS}
        step={1}
        value={share(dragged)}
        label={(value) =>
          words(new Date(first + (value / STEPS) * (now - first)).toISOString(), language)
        }
        onChange={(value) => setDragged(first + (value / STEPS) * (now - first))}
        onChangeEnd={(value) => go(first + (value / STEPS) * (now - first))}
      />
      {step(DAY, t('time.dayAfter'), IconChevronRight)}
      <TextInput
        type="datetime-local"
        size="xs"
        aria-label={t('time.moment')}
        value={localInput(at)}
        onChange={(event) => {
          const time = ofLocalInput(event.currentTarget.value)
          if (time !== null) go(time)
        }}
      />
      <Button size="xs" onClick={() => usePage.setState({ moment: null })}>
        {t('time.now')}
      </Button>
    </section>
  )
}
