import { Anchor, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Feature, Field, Register } from '../api/model'
import { usePage } from '../page/state'
import { useSelect } from '../page/useSelect'
import { useLanguage } from '../words/i18n'
import { Personal } from './Personal'
import { Reading } from './Reading'
import classes from './record.module.css'
import { shown } from './shown'

/** The values of a record, by section, for who may not change them. */
export function ReadOnlyRecord({ layer, feature }: { layer: Register; feature: Feature }) {
  const language = useLanguage()
  const sections = Map.groupBy(
    layer.fields.filter(({ name }) => name in feature.properties),
    (field) => field.section?.[language] ?? '',
  )
  return (
    <Reading>
      <Personal layer={layer} seen={Object.keys(feature.properties)} />
      {[...sections].map(([title, fields]) => (
        <section key={title} className={classes.readOnly}>
          {title && (
            <Text component="h3" size="sm" fw={600} mb={4}>
              {title}
            </Text>
          )}
          <dl>
            {fields.map((field) => (
              <Row key={field.name} field={field} feature={feature} />
            ))}
          </dl>
        </section>
      ))}
    </Reading>
  )
}

function Row({ field, feature }: { field: Field; feature: Feature }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const select = useSelect()
  const trail = usePage((state) => state.trail)
  const words = shown(feature, field, language)
  const raw = feature.properties[field.name]
  const to = field.reference && raw !== null && raw !== undefined ? field.reference.layer : null
  const open = (layer: string) =>
    select(
      { layer, id: String(raw) },
      { trail: [...trail, { layer: feature.layer, id: feature.id }], tab: 'form' },
    )
  return (
    <div>
      <dt>{field.label[language]}</dt>
      <dd>
        {to && words ? (
          <Anchor component="button" type="button" size="sm" ta="left" onClick={() => open(to)}>
            {words}
          </Anchor>
        ) : (
          words || <span className={classes.none}>{t('record.noValue')}</span>
        )}
      </dd>
    </div>
  )
}
