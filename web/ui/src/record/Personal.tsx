import { Alert, Button, Modal, TextInput } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Register } from '../api/model'
import { purpose } from '../api/purpose'
import { useLanguage } from '../words/i18n'

/** Personal data, all but those seen, stay hidden until the reader says why they are needed; each look is written down. */
export function Personal({ layer, seen }: { layer: Register; seen: string[] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const [asking, setAsking] = useState(false)
  const hidden = layer.fields.filter(({ name, personal }) => personal && !seen.includes(name))
  if (hidden.length === 0) return null
  const names = new Intl.ListFormat(language).format(hidden.map(({ label }) => label[language]))
  return (
    <Alert m="sm" p="xs" icon={<IconLock size={18} aria-hidden />} title={t('personal.hidden')}>
      {names}
      <div>
        <Button mt="xs" size="xs" variant="default" onClick={() => setAsking(true)}>
          {t('personal.show')}
        </Button>
      </div>
      {asking && <Reason onClose={() => setAsking(false)} />}
    </Alert>
  )
}

function Reason({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [reason, setReason] = useState(purpose.given())
  const give = () => {
    purpose.give(reason)
    onClose()
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
  }
  return (
    <Modal
      opened
      centered
      onClose={onClose}
      title={t('personal.title')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          give()
        }}
      >
        <TextInput
          data-autofocus
          required
          minLength={4}
          maxLength={200}
          label={t('personal.reason')}
          description={t('personal.logged')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button mt="md" type="submit" disabled={reason.trim().length < 4}>
          {t('personal.confirm')}
        </Button>
      </form>
    </Modal>
  )
}
