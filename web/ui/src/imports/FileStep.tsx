import { Alert, Button, FileButton, Progress, Stack, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './imports.module.css'
import type { Importing } from './useImport'

/** The file, dropped or chosen; those of a shapefile together. */
export function FileStep({ work, onNext }: { work: Importing; onNext: () => void }) {
  const { t } = useTranslation()
  const [over, setOver] = useState(false)
  const send = (files: File[]) => {
    if (files.length === 0) return
    work.reset()
    work.send(files).then(onNext, () => undefined) // the fault is shown
  }
  return (
    <Stack gap="sm">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button does the same from the keyboard */}
      <div
        className={classes.drop}
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          send([...event.dataTransfer.files])
        }}
      >
        <IconUpload size={32} aria-hidden />
        <Text>{t('import.drop')}</Text>
        <FileButton multiple onChange={send}>
          {(props) => (
            <Button {...props} variant="default" data-autofocus>
              {t('import.choose')}
            </Button>
          )}
        </FileButton>
        <Text size="xs" c="dimmed" ta="center">
          {t('import.formats')}
        </Text>
      </div>
      {work.progress !== null && (
        <Progress value={100 * work.progress} aria-label={t('import.sending')} animated />
      )}
      {work.progress === null && work.looking && <Text role="status">{t('import.looking')}</Text>}
      {work.sendFault && <Alert color="red">{work.sendFault.message}</Alert>}
    </Stack>
  )
}
