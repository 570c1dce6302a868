import { ActionIcon, Button, NativeSelect, Text, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { groupsQuery } from '../api/queries'
import type { Category } from '../map/api'
import { useLanguage } from '../words/i18n'
import { count } from '../words/values'
import { ColourInput } from './ColourInput'
import { divideByValue, TOLD_APART } from './divide'
import { coloured, colourOfCategory, withCategory, withPalette } from './edits'
import { drawable, type PartProps } from './part'
import { PALETTES } from './ramps'
import classes from './styling.module.css'

/** A colour and words for each value of a field; those that are not named are the others. */
export function Categories(props: PartProps) {
  const { layer, style, shape, change } = props
  const { t } = useTranslation('styling')
  const language = useLanguage()
  const queries = useQueryClient()
  const { field = '', values = [] } = style.by ?? {}
  const { data: groups = [], error } = useQuery({
    ...groupsQuery(layer.id, {}, field),
    placeholderData: undefined, // those of another field are none of these
  })
  const divide = (name: string, most?: number) =>
    void divideByValue(queries, props, name, most).then(change, () => undefined)
  const relabel = (category: Category, words: string): Category['label'] => {
    const { fr, en } = category.label
    return fr === en ? { fr: words, en: words } : { ...category.label, [language]: words }
  }
  const records = (value: unknown) =>
    groups.find((group) => (group.empty ? 'null' : group.value) === String(value))?.count

  return (
    <>
      <NativeSelect
        mt={6}
        size="xs"
        label={t('field')}
        value={field}
        onChange={(event) => divide(event.currentTarget.value)}
        data={drawable(layer).map(({ name, label }) => ({ value: name, label: label[language] }))}
        error={error?.message}
      />
      <ul className={classes.entries}>
        {values.map((category, i) => {
          const words = category.label[language]
          const known = records(category.value)
          return (
            <li key={String(category.value)}>
              <ColourInput
                label={t('colourOf', { entry: words })}
                value={colourOfCategory(shape, category, style)}
                onChange={(colour) => change(withCategory(style, i, coloured(shape, colour)))}
              />
              <TextInput
                size="xs"
                flex={1}
                aria-label={t('wordsOf', { entry: words })}
                value={words}
                onChange={(event) =>
                  change(
                    withCategory(style, i, { label: relabel(category, event.currentTarget.value) }),
                  )
                }
              />
              {known !== undefined && (
                <Text size="xs" c="dimmed" title={t('records')}>
                  {count(known, language)}
                </Text>
              )}
              <ActionIcon
                size="sm"
                variant="subtle"
                color="gray"
                aria-label={t('toOthers', { entry: words })}
                onClick={() => change(withCategory(style, i, null))}
              >
                <IconX size={14} />
              </ActionIcon>
            </li>
          )
        })}
        <li>
          <ColourInput
            label={t('colourOf', { entry: t('others') })}
            value={shape === 'line' ? style.stroke : style.fill}
            onChange={(colour) => change({ ...style, ...coloured(shape, colour) })}
          />
          <Text size="xs">{t('others')}</Text>
        </li>
      </ul>
      {groups.length > values.length && (
        <Button size="compact-xs" variant="default" onClick={() => divide(field, groups.length)}>
          {t('allValues', { count: groups.length })}
        </Button>
      )}
      {values.length > TOLD_APART && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('manyValues', { count: TOLD_APART })}
        </Text>
      )}
      <fieldset className={classes.section}>
        <Text component="legend" size="xs">
          {t('palette')}
        </Text>
        <div className={classes.ramps}>
          {PALETTES.map((palette) => (
            <button
              key={palette.id}
              type="button"
              className={classes.ramp}
              aria-label={t(`palettes.${palette.id}`)}
              title={t(`palettes.${palette.id}`)}
              onClick={() => change(withPalette(style, shape, palette))}
            >
              {palette.colours.map((colour) => (
                <span key={colour} style={{ background: colour }} />
              ))}
            </button>
          ))}
        </div>
      </fieldset>
    </>
  )
}
