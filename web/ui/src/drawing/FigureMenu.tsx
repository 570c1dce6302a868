import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { focusMap } from '../map/focus'
import { FIGURES, type Figure } from './figures'

/** Shapes that are drawn by few points. */
export function FigureMenu({ onChoose }: { onChoose: (figure: Figure) => void }) {
  const { t } = useTranslation('drawing')
  return (
    <Menu position="bottom-start" returnFocus>
      <Menu.Target>
        <Tooltip label={t('figures')} openDelay={300}>
          <ActionIcon variant="default" size="md" aria-label={t('figures')}>
            <IconChevronDown size={16} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(FIGURES) as Figure[]).map((figure) => (
          <Menu.Item
            key={figure}
            onClick={() => {
              focusMap()
              onChoose(figure)
            }}
          >
            {t(`figure.${figure}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
