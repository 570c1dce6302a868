import { Checkbox, Group, Radio, SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { COLOURS, type Colour, type Look, WIDTHS } from './model'
import classes from './notes.module.css'

/** Colour and width of the selected note, or of the next. */
export function LookFields({
  look,
  onChange,
}: {
  look: Look
  onChange: (values: Partial<Look>) => void
}) {
  const { t } = useTranslation('notes')
  return (
    <Group gap={8} mt={6}>
      <Radio.Group
        aria-label={t('colours')}
        value={look.colour}
        onChange={(colour) => onChange({ colour })}
      >
        <Group gap={5}>
          {(Object.keys(COLOURS) as Colour[]).map((name) => (
            <Radio
              key={name}
              size="sm"
              className={classes.colour}
              color={COLOURS[name]}
              value={COLOURS[name]}
              aria-label={t(`colour.${name}`)}
              title={t(`colour.${name}`)}
              styles={{ radio: { backgroundColor: COLOURS[name], borderColor: COLOURS[name] } }}
            />
          ))}
        </Group>
      </Radio.Group>
      <SegmentedControl
        size="xs"
        aria-label={t('width')}
        value={String(look.width)}
        onChange={(width) => onChange({ width: Number(width) })}
        data={(['thin', 'medium', 'thick'] as const).map((name) => ({
          value: String(WIDTHS[name]),
          label: t(`widths.${name}`),
        }))}
      />
      <Checkbox
        size="xs"
        label={t('figures')}
        checked={look.figures}
        onChange={(event) => onChange({ figures: event.currentTarget.checked })}
      />
    </Group>
  )
}
