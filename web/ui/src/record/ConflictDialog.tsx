import { Alert, Button, Fieldset, Group, Radio, Stack, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMap } from '../page/MapContext'
import { useLanguage } from '../words/i18n'
import { value } from '../words/values'
import { same } from './changes'
import { useDrafts } from './drafts'
import classes from './record.module.css'
import type { Clash, Save } from './useSave'
import type { Subject } from './useSubject'

type Side = 'mine' | 'theirs'

interface Props {
  subject: Subject
  save: Save
  clash: Clash
}

/** Two people changed one record: both shapes on the map, and for each difference mine or theirs. */
export default function ConflictDialog({ subject: { layer }, save, clash }: Props) {
  const { t } = useTranslation()
  const map = useMap()
  const language = useLanguage()
  const mine = useDrafts((state) => state.forms[clash.key])?.changes ?? {}
  const [sides, setSides] = useState<Record<string, Side>>({})
  const { theirs, shape } = clash
  const heading = useRef<HTMLHeadingElement>(null)

  useEffect(() => heading.current?.focus(), [])
  useEffect(
    () => map.showConflict([{ mine: shape, theirs: theirs?.geometry ?? null }]),
    [map, shape, theirs],
  )

  if (!theirs) {
    return (
      <Alert m="sm" color="red" role="alert" title={t('conflict.deleted')}>
        <Text size="sm">{t('conflict.deletedText')}</Text>
        <Button mt="xs" size="xs" variant="default" onClick={save.discard}>
          {t('conflict.giveUp')}
        </Button>
      </Alert>
    )
  }

  const names = Object.keys(mine).filter(
    (name) => !same(mine[name], theirs.properties[name] ?? null),
  )
  const shapes = shape !== null && !same(clash.before, theirs.geometry)
  const side = (name: string) => sides[name] ?? 'mine'
  const choose = (name: string) => (chosen: string) =>
    setSides({ ...sides, [name]: chosen as Side })
  const send = () =>
    save.resolve({
      changes: Object.fromEntries(
        Object.entries(mine).filter(([name]) => names.includes(name) && side(name) === 'mine'),
      ),
      shape: shape !== null && (!shapes || side(SHAPE) === 'mine'),
    })

  return (
    <div className={classes.panelRest} role="dialog" aria-labelledby="conflict-title">
      <div className={classes.scroll}>
        <Stack p="sm" gap="sm">
          <Alert color="yellow">
            <h3 id="conflict-title" tabIndex={-1} ref={heading} className={classes.conflictTitle}>
              {t('conflict.title')}
            </h3>
            <Text size="sm">{t('conflict.text')}</Text>
          </Alert>
          {shapes && (
            <Choice
              title={t('conflict.shape')}
              mine={t('conflict.myShape')}
              theirs={t('conflict.theirShape')}
              side={side(SHAPE)}
              onChange={choose(SHAPE)}
            />
          )}
          {names.map((name) => {
            const field = layer.fields.find((each) => each.name === name)
            const words = (raw: unknown) => value(raw, field, language) || t('record.noValue')
            return (
              <Choice
                key={name}
                title={field?.label[language] ?? name}
                mine={words(mine[name])}
                theirs={words(theirs.properties[name])}
                side={side(name)}
                onChange={choose(name)}
              />
            )
          })}
        </Stack>
      </div>
      <footer className={classes.actions}>
        <Button size="xs" variant="default" onClick={save.discard} disabled={save.saving}>
          {t('conflict.giveUp')}
        </Button>
        <Button size="xs" ml="auto" onClick={() => void send()} loading={save.saving}>
          {t('conflict.save')}
        </Button>
      </footer>
    </div>
  )
}

/** No field can have this name. */
const SHAPE = ''

function Choice({
  title,
  mine,
  theirs,
  side,
  onChange,
}: {
  title: string
  mine: string
  theirs: string
  side: Side
  onChange: (side: string) => void
}) {
  const { t } = useTranslation()
  return (
    <Fieldset legend={title} p="xs">
      <Radio.Group value={side} onChange={onChange} aria-label={title}>
        <Group gap="xs" grow align="start" preventGrowOverflow={false}>
          <Radio value="mine" label={t('conflict.mine')} description={mine} />
          <Radio value="theirs" label={t('conflict.theirs')} description={theirs} />
        </Group>
      </Radio.Group>
    </Fieldset>
  )
}
