import { Skeleton, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** The tree before it is there. */
export function TreeLoading() {
  const { t } = useTranslation()
  return (
    <Stack gap="xs" m="sm" role="status" aria-label={t('loading')}>
      {[60, 80, 70, 75, 50].map((width) => (
        <Skeleton key={width} height={22} width={`${width}%`} />
      ))}
    </Stack>
  )
}
