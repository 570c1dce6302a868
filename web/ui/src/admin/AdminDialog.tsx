import { Modal, Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { BaseMapAdmin } from '../basemaps/BaseMapAdmin'
import { MapsTab } from '../basemaps/MapsTab'
import { SeedTiles } from '../exports/SeedTiles'
import { ServicesAdmin } from '../external/ServicesAdmin'
import { useSession } from '../session/useSession'
import { Collectivities } from './Collectivities'
import { People } from './People'
import { PersonalReads } from './PersonalReads'
import { Profiles } from './Profiles'
import { Tokens } from './Tokens'

/** Where administrators keep people and their rights: of the whole server, or of their own collectivities. */
export default function AdminDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { session } = useSession()
  const whole = session?.user?.admin ?? false
  return (
    <Modal
      opened
      onClose={onClose}
      size="90rem"
      title={t('admin.title')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Tabs defaultValue="people" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="people">{t('admin.people')}</Tabs.Tab>
          <Tabs.Tab value="profiles">{t('admin.profiles')}</Tabs.Tab>
          <Tabs.Tab value="collectivities">{t('admin.collectivities')}</Tabs.Tab>
          <Tabs.Tab value="tokens">{t('tokens.title')}</Tabs.Tab>
          <Tabs.Tab value="reads">{t('reads.title')}</Tabs.Tab>
          {whole && <MapsTab value="maps" />}
        </Tabs.List>
        <Tabs.Panel value="people">
          <People whole={whole} />
        </Tabs.Panel>
        <Tabs.Panel value="profiles">
          <Profiles whole={whole} />
        </Tabs.Panel>
        <Tabs.Panel value="collectivities">
          <Collectivities whole={whole} />
        </Tabs.Panel>
        <Tabs.Panel value="tokens">
          <Tokens all />
        </Tabs.Panel>
        <Tabs.Panel value="reads">
          <PersonalReads />
        </Tabs.Panel>
        {whole && (
          <Tabs.Panel value="maps">
            <BaseMapAdmin />
            <ServicesAdmin />
            <SeedTiles />
          </Tabs.Panel>
        )}
      </Tabs>
    </Modal>
  )
}
