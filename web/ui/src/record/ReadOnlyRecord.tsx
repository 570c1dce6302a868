import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Feature, Field, LayerInfo } from '../api/model'
import { useLanguage } from '../words/i18n'
import { value } from '../words/values'
import classes from './record.module.css'

/** The values of a record, by section, for who may not change them. */
export function ReadOnlyRecord({ layer, feature }: { layer: LayerInfo; feature: Feature }) {
  const language = useLanguage()
  const sections = Map.groupBy(
    layer.fields.filter(({ name }) => name in feature.properties),
    (field) => field.section?.[language] ?? '',
  )
  return (
    <div className={classes.scroll}>
      {[...sections].map(([title, fields]) => (
        <section key={title} className={classes.readOnly}>
          {title && (
            <Text component="h3" size="sm" fw={600} mb={4}>
              {title}
            </Text>
          )}
          <dl>
            {fields.map((field) => (
              <Row key={field.name} field={field} raw={feature.properties[field.name]} />
            ))}
          </dl>
        </section>
      ))}
    </div>
  )
}

function Row({ field, raw }: { field: Field; raw: unknown }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const words = value(raw, field, language)
  return (
    <div>
      <dt>{field.label[language]}</dt>
      <dd>{words || <span className={classes.none}>{t('record.noValue')}</span>}</dd>
    </div>
  )
}
