import { Alert, Button, Group, Progress, Skeleton, Stack, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type DragEvent, type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refusal } from '../api/client'
import type { Feature, Register } from '../api/model'
import { documentsQuery } from '../api/queries'
import { usePage } from '../page/state'
import { useLanguage } from '../words/i18n'
import { FileCard } from './FileCard'
import { fileSize } from './files'
import { Reading } from './Reading'
import classes from './record.module.css'
import { type Transfer, useUploads } from './useUploads'

interface Props {
  layer: Register
  id: string
  feature: Feature | undefined
}

/** The files and photos of a record; more are dropped onto it. */
export default function Files({ layer, id, feature }: Props) {
  const { t } = useTranslation()
  const record = { layer: layer.id, id }
  const { data: documents, error, refetch } = useQuery(documentsQuery(record))
  const allowed = layer.documents
  const editable = feature?.editable === true
  if (error) return <Unread error={error} retry={() => void refetch()} />
  if (!documents || !allowed) return <Skeleton m="sm" height={80} />
  const list = (
    <>
      {documents.length === 0 && (
        <Text p="sm" size="sm" c="dimmed">
          {t('files.none')}
        </Text>
      )}
      <ul className={classes.files}>
        {documents.map((each) => (
          <FileCard key={each.id} document={each} layer={layer} id={id} feature={feature} />
        ))}
      </ul>
    </>
  )
  return editable ? (
    <Drop record={record} allowed={allowed}>
      {list}
    </Drop>
  ) : (
    <Reading>{list}</Reading>
  )
}

function Drop({
  record,
  allowed,
  children,
}: {
  record: { layer: string; id: string }
  allowed: { accept: string[]; maxSize: number }
  children: ReactNode
}) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { transfers, add, putAway } = useUploads(record, allowed)
  const [over, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const drag = (event: DragEvent, inside: boolean) => {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setOver(inside)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first
    <div
      className={classes.drop}
      data-over={over}
      onDragOver={(event) => drag(event, true)}
      onDragLeave={(event) => drag(event, false)}
      onDrop={(event) => {
        drag(event, false)
        add(event.dataTransfer.files)
      }}
    >
      <Group className={classes.ask} gap="xs">
        <input
          ref={input}
          type="file"
          hidden
          multiple
          accept={allowed.accept.join(',')}
          aria-label={t('files.add')}
          onChange={(event) => {
            add(event.currentTarget.files ?? [])
            event.currentTarget.value = ''
          }}
        />
        <Button
          size="compact-sm"
          leftSection={<IconUpload size={14} aria-hidden />}
          onClick={() => input.current?.click()}
        >
          {t('files.add')}
        </Button>
        <Text size="xs" c="dimmed" flex={1}>
          {t('files.drop', { size: fileSize(allowed.maxSize, language) })}
        </Text>
      </Group>
      <Stack gap={4} px="sm" role="status">
        {transfers.map((transfer) => (
          <Way key={transfer.key} transfer={transfer} onClose={() => putAway(transfer.key)} />
        ))}
      </Stack>
      {children}
    </div>
  )
}

/** One file on its way. */
function Way({
  transfer: { file, done, fault },
  onClose,
}: {
  transfer: Transfer
  onClose: () => void
}) {
  const { t } = useTranslation()
  if (fault) {
    return (
      <Alert
        color="red"
        p="xs"
        title={file.name}
        withCloseButton
        closeButtonLabel={t('close')}
        onClose={onClose}
      >
        {fault}
      </Alert>
    )
  }
  return (
    <div>
      <Text size="xs">{file.name}</Text>
      <Progress value={done * 100} aria-label={t('files.sending', { name: file.name })} />
    </div>
  )
}

function Unread({ error, retry }: { error: Error; retry: () => void }) {
  const { t } = useTranslation()
  const status = error instanceof Refusal ? error.status : 500
  return status === 401 ? (
    <Alert m="sm" title={t('files.noRight')}>
      <Button size="xs" onClick={() => usePage.setState({ dialog: 'signIn' })}>
        {t('session.signIn')}
      </Button>
    </Alert>
  ) : (
    <Alert m="sm" color="red" title={t('files.unread')}>
      <Button size="xs" variant="default" onClick={retry}>
        {t('retry')}
      </Button>
    </Alert>
  )
}
