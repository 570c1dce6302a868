import { Alert, Button, Group, TextInput, Title } from '@mantine/core'
import { lazy, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Part } from '../page/Part'
import { usePage } from '../page/state'
import { useSession } from '../session/useSession'
import classes from './layers.module.css'
import { TreeGroups } from './TreeGroups'
import { TreeLoading } from './TreeLoading'
import { TreeMenu } from './TreeMenu'
import { useLayers } from './useLayers'

const ExternalLayers = lazy(() => import('../external/ExternalLayers'))

/** Groups and their layers, topmost first, as a map's legend reads. */
export default function LayerTree() {
  const { t } = useTranslation()
  const { layers, registers, isPending, error, refetch } = useLayers()
  const [words, setWords] = useState('')
  return (
    <div className={classes.tree}>
      <Group justify="space-between" mih={30} px={4}>
        <Title order={2} size="h5">
          {t('layers.title')}
        </Title>
        <TreeMenu />
      </Group>
      {isPending ? (
        <TreeLoading />
      ) : error ? (
        <Alert color="red" title={t('layers.unread')}>
          <Button size="xs" variant="default" onClick={() => void refetch()}>
            {t('retry')}
          </Button>
        </Alert>
      ) : registers.length === 0 ? (
        <NoLayers />
      ) : (
        <>
          {layers.length > 5 && (
            <TextInput
              size="xs"
              my={4}
              type="search"
              aria-label={t('layers.search')}
              placeholder={t('layers.search')}
              value={words}
              onChange={(event) => setWords(event.currentTarget.value)}
            />
          )}
          <TreeGroups words={words} />
        </>
      )}
      {!isPending && (
        <Part>
          <ExternalLayers />
        </Part>
      )}
    </div>
  )
}

function NoLayers() {
  const { t } = useTranslation()
  const { session } = useSession()
  return (
    <Alert title={t('layers.none')}>
      {session?.user ? (
        t('layers.noneForYou')
      ) : (
        <Button size="xs" onClick={() => usePage.setState({ dialog: 'signIn' })}>
          {t('session.signIn')}
        </Button>
      )}
    </Alert>
  )
}
