import { Alert, Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'

/** Takes back all that one import or one bulk edit did. */
export function UndoButton({ cause }: { cause: string }) {
  const { t } = useTranslation()
  const undo = useMutation({ mutationFn: () => api.undoCause(cause) })
  if (undo.isSuccess) return t('bulk.undone')
  return (
    <>
      <Button
        size="compact-sm"
        variant="light"
        loading={undo.isPending}
        onClick={() => undo.mutate()}
      >
        {t('bulk.undo')}
      </Button>
      {undo.error && (
        <Alert mt="xs" p="xs" color="red">
          {undo.error.message}
        </Alert>
      )}
    </>
  )
}
