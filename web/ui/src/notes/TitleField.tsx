import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SheetEditor } from './editor'

/** The title of a sheet; an empty one is not taken. */
export function TitleField({ title, editor }: { title: string; editor: SheetEditor }) {
  const { t } = useTranslation('notes')
  const [emptied, setEmptied] = useState(false)
  return (
    <TextInput
      size="xs"
      flex={1}
      aria-label={t('name')}
      maxLength={200}
      value={emptied ? '' : title}
      error={emptied && t('nameMissing')}
      onBlur={() => setEmptied(false)}
      onChange={(event) => {
        const text = event.currentTarget.value
        setEmptied(text.trim() === '')
        if (text.trim() !== '') editor.change({ ...editor.state.content, title: text }, 'title')
      }}
    />
  )
}
