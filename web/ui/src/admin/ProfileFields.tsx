import { Fieldset, NativeSelect, SimpleGrid } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LayerRights, Profile } from '../api/admin'
import { useLanguage } from '../words/i18n'

interface Props {
  layers: LayerRights[]
  fields: Profile['fields']
  readOnly: boolean
  onChange: (fields: Profile['fields']) => void
}

/** The fields of a layer that a profile does not see or may not change. */
export function ProfileFields({ layers, fields, readOnly, onChange }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const [chosen, setChosen] = useState('')
  const layer = layers.find(({ id }) => id === chosen) ?? layers[0]
  if (!layer) return null
  const narrow = (name: string, access: string) => {
    const { [name]: _, ...rest } = fields[layer.id] ?? {}
    const said = access ? { ...rest, [name]: access } : rest
    const { [layer.id]: __, ...others } = fields
    onChange(Object.keys(said).length > 0 ? { ...others, [layer.id]: said } : others)
  }
  return (
    <Fieldset legend={t('admin.fields')}>
      <NativeSelect
        mb="sm"
        label={t('admin.layer')}
        value={layer.id}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={layers.map(({ id, title }) => ({ value: id, label: title[language] || id }))}
      />
      <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }}>
        {layer.fields.map(({ name, label }) => (
          <NativeSelect
            key={name}
            label={label[language] || name}
            disabled={readOnly}
            value={fields[layer.id]?.[name] ?? ''}
            onChange={(event) => narrow(name, event.currentTarget.value)}
            data={[
              { value: '', label: t('admin.free') },
              { value: 'read-only', label: t('admin.readOnly') },
              { value: 'hidden', label: t('admin.hidden') },
            ]}
          />
        ))}
      </SimpleGrid>
    </Fieldset>
  )
}
