import {
  ActionIcon,
  Menu,
  SegmentedControl,
  Tooltip,
  useMantineColorScheme,
  VisuallyHidden,
} from '@mantine/core'
import { notifications } from '@mantine/notifications'
import {
  IconDeviceDesktop,
  IconLayoutDashboard,
  IconLayoutSidebarLeftCollapse,
  IconMoon,
  IconStack2,
  IconSun,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { JobsButton } from '../jobs/JobsButton'
import type { Language } from '../map/api'
import { SearchBox } from '../search/SearchBox'
import { UserMenu } from '../session/UserMenu'
import { useSession } from '../session/useSession'
import { chooseLanguage, useLanguage } from '../words/i18n'
import classes from './frame.module.css'
import { usePage } from './state'

export function Header({ narrow }: { narrow: boolean }) {
  const { t } = useTranslation()
  const open = usePage((state) => state.layersOpen)
  const { session } = useSession()
  return (
    <header className={classes.header}>
      <Tooltip label={open ? t('layers.hide') : t('layers.show')}>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={open ? t('layers.hide') : t('layers.show')}
          aria-expanded={open}
          onClick={() => usePage.setState({ layersOpen: !open })}
        >
          {open && !narrow ? <IconLayoutSidebarLeftCollapse size={20} /> : <IconStack2 size={20} />}
        </ActionIcon>
      </Tooltip>
      {narrow ? (
        <VisuallyHidden component="h1">Arpent</VisuallyHidden>
      ) : (
        <h1 className={classes.brand}>Arpent</h1>
      )}
      <SearchBox />
      <div className={classes.tools}>
        <LanguageSwitch />
        <SchemeMenu />
        {session?.user && (
          <Tooltip label={t('dashboard.title')}>
            <ActionIcon
              variant="default"
              size="lg"
              aria-label={t('dashboard.title')}
              aria-haspopup="dialog"
              onClick={() => usePage.setState({ dialog: 'dashboard' })}
            >
              <IconLayoutDashboard size={20} />
            </ActionIcon>
          </Tooltip>
        )}
        <JobsButton />
        <UserMenu compact={narrow} />
      </div>
    </header>
  )
}

function LanguageSwitch() {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('language')}
      value={language}
      onChange={async (value) => {
        if (await chooseLanguage(value as Language)) return
        notifications.show({ color: 'red', message: t('languageMissing') })
      }}
      data={[
        { value: 'fr', label: <abbr title="Français">FR</abbr> },
        { value: 'en', label: <abbr title="English">EN</abbr> },
      ]}
    />
  )
}

const SCHEMES = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop }

function SchemeMenu() {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const Icon = SCHEMES[colorScheme]
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={t('scheme.label')}>
          <Icon size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(['light', 'dark', 'auto'] as const).map((scheme) => {
          const Each = SCHEMES[scheme]
          return (
            <Menu.Item
              key={scheme}
              leftSection={<Each size={16} aria-hidden />}
              aria-current={scheme === colorScheme}
              onClick={() => setColorScheme(scheme)}
            >
              {t(`scheme.${scheme}`)}
            </Menu.Item>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
