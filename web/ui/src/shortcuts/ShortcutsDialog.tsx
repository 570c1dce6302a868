import { Kbd, Modal, Text, Title } from '@mantine/core'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './shortcuts.module.css'
import { BARS, KEYS } from './table'

/** A key on the keyboard is said by a sign, or by the word that stands on it. */
const SIGNS: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
}

type Row = { words: string; keys: readonly string[] }

/** All keys of the page, from the table that binds them. */
export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation('shortcuts')
  // The words of a bar come with the bar; here all are wanted.
  const { t: say } = useTranslation([...new Set(Object.values(BARS).map(({ words }) => words))])
  const places = Object.entries(KEYS).map(([place, keys]) => ({
    title: t(`place.${place}`),
    rows: Object.entries(keys).map(([does, keys]) => ({ words: t(`does.${place}-${does}`), keys })),
  }))
  const bars = Object.entries(BARS).map(([bar, { words, letters }]) => ({
    title: t(`bar.${bar}`),
    rows: Object.entries(letters).map(([name, letter]) => ({
      words: say(name, { ns: words }),
      keys: [letter.toUpperCase()],
    })),
  }))
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t('title')}
      closeButtonProps={{ 'aria-label': t('close') }}
      centered
    >
      <Text size="sm" mb="sm">
        {t('how')}
      </Text>
      <div className={classes.places} lang={i18n.language}>
        {[...places, ...bars].map(({ title, rows }) => (
          <Place key={title} title={title} rows={rows} />
        ))}
      </div>
    </Modal>
  )
}

function Place({ title, rows }: { title: string; rows: Row[] }) {
  return (
    <section className={classes.place}>
      <Title order={3} size="h6">
        {title}
      </Title>
      <dl className={classes.keys}>
        {rows.map(({ words, keys }) => (
          <div key={words}>
            <dt>
              {keys.map((key, i) => (
                <Fragment key={key}>
                  {i > 0 && ' '}
                  <Keys of={key} />
                </Fragment>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** "Control+Z" as it stands on the keyboard. */
function Keys({ of }: { of: string }) {
  const { t } = useTranslation('shortcuts')
  const keys = of === '+' ? [of] : of.split('+')
  return (
    <span className={classes.together}>
      {keys.map((key, i) => (
        <Fragment key={key}>
          {i > 0 && '+'}
          <Kbd size="xs">{SIGNS[key] ?? (key.length > 1 ? t(`key.${key}`) : key)}</Kbd>
        </Fragment>
      ))}
    </span>
  )
}
