import { Alert, Button, Code, CopyButton, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** A secret that is shown once. */
export function Once({ label, secret }: { label: string; secret: string }) {
  const { t } = useTranslation()
  return (
    <Alert color="green" role="status" title={label}>
      <Group gap="xs">
        <Code style={{ overflowWrap: 'anywhere' }}>{secret}</Code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}>
              {copied ? t('admin.copied') : t('admin.copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Alert>
  )
}
