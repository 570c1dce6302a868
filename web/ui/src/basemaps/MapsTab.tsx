import { Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** The tab of what lies on the map beside the town's own layers. */
export function MapsTab({ value }: { value: string }) {
  const { t } = useTranslation('basemaps')
  return <Tabs.Tab value={value}>{t('admin.tab')}</Tabs.Tab>
}
