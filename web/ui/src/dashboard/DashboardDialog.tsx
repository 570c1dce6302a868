import { Alert, Button, Group, Loader, Modal, SimpleGrid, Text, Title } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { DashboardPanel } from '../api/client'
import type { Register } from '../api/model'
import { dashboardQuery } from '../api/queries'
import { useLayers } from '../layers/useLayers'
import { page } from '../page/state'
import { useLanguage } from '../words/i18n'
import { Widget } from './Widget'

/** What there is to do and to know, by application: the widgets that layer files offer. */
export default function DashboardDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const { registers } = useLayers()
  const { data: panels, error } = useQuery(dashboardQuery)
  const applications = Map.groupBy(registers, ({ application }) => application.id)
  return (
    <Modal
      opened
      onClose={onClose}
      size={1040}
      fullScreen={narrow}
      title={t('dashboard.title')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {error && <Alert color="red">{error.message}</Alert>}
      {!panels && !error && <Loader aria-label={t('loading')} />}
      {panels &&
        [...applications].map(([id, layers]) => (
          <Application
            key={id}
            title={layers[0]?.application.title[language] ?? id}
            layers={layers}
            panels={panels.filter(({ layer }) => layers.some((each) => each.id === layer))}
            onClose={onClose}
          />
        ))}
    </Modal>
  )
}

function Application({
  title,
  layers,
  panels,
  onClose,
}: {
  title: string
  layers: Register[]
  panels: DashboardPanel[]
  onClose: () => void
}) {
  const { t } = useTranslation()
  const language = useLanguage()
  const shortcuts = layers.filter(({ kind }) => kind === 'main')
  return (
    <section aria-label={title}>
      <Title order={3} size="h5" mt="md" mb="xs">
        {title}
      </Title>
      <Group gap={4} mb="xs">
        {shortcuts.map((layer) => (
          <Button
            key={layer.id}
            size="compact-xs"
            variant="default"
            onClick={() => {
              page.openList(layer.id)
              onClose()
            }}
          >
            {layer.title[language]}
          </Button>
        ))}
      </Group>
      {panels.length === 0 ? (
        <Text size="xs" c="dimmed">
          {t('dashboard.none')}
        </Text>
      ) : (
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="xs">
          {panels.map((panel) => {
            const layer = layers.find(({ id }) => id === panel.layer)
            return (
              layer && (
                <Widget
                  key={`${panel.layer} ${panel.widget.title.fr}`}
                  layer={layer}
                  panel={panel}
                  onLeave={onClose}
                />
              )
            )
          })}
        </SimpleGrid>
      )}
    </section>
  )
}
