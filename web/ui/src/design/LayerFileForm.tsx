import { Button, Stack, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import { useSubmit } from './useSubmit'
import { Wrong } from './Wrong'

/** A layer file to be read, changed and saved; mistakes are told with their lines. */
export function LayerFileForm({ file, onDone }: { file: string; onDone?: () => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(file)
  const { submit, busy, wrong } = useSubmit()
  const save = () =>
    submit(
      () => api.putDesign(text),
      () => {
        notifications.show({ color: 'green', message: t('design.saved') })
        onDone?.()
      },
    )
  return (
    <Stack>
      <Textarea
        label={t('design.file')}
        description={t('design.fileHelp')}
        autosize
        minRows={12}
        maxRows={24}
        spellCheck={false}
        styles={{ input: { fontFamily: 'monospace', fontSize: 13, whiteSpace: 'pre' } }}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Wrong lines={wrong} />
      <Button loading={busy} onClick={() => void save()}>
        {t('design.save')}
      </Button>
    </Stack>
  )
}
