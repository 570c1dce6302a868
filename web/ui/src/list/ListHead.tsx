import {
  ActionIcon,
  Button,
  Group,
  Indicator,
  Switch,
  TextInput,
  Title,
  Tooltip,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconFilter, IconPlus, IconSearch, IconUpload, IconX } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Register } from '../api/model'
import ExportButton from '../exports/ExportButton'
import { page, usePage } from '../page/state'
import { useLanguage } from '../words/i18n'
import { ColumnsMenu } from './ColumnsMenu'
import classes from './list.module.css'
import type { ListState } from './state'
import { ViewsMenu } from './ViewsMenu'

interface Props {
  layer: Register
  list: ListState
  filtering: boolean
  onFiltering: (filtering: boolean) => void
  columns: string[] | null
  onColumns: (columns: string[]) => void
}

/** The title of a list, what it is narrowed by and what can be done with it. */
export function ListHead({ layer, list, filtering, onFiltering, columns, onColumns }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <header className={classes.head}>
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} size="h4" id="list-title">
          {layer.title[language]}
        </Title>
        <Group gap={4} wrap="nowrap">
          {!layer.geometry && layer.editableIn.length > 0 && (
            <Button
              size="compact-sm"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => page.begin({ layer: layer.id, values: {} })}
            >
              {t('list.add')}
            </Button>
          )}
          <ViewsMenu layer={layer} list={list} />
          <ColumnsMenu layer={layer} columns={columns} onChange={onColumns} />
          {layer.actions.includes('import') && (
            <Tooltip label={t('import.open')}>
              <ActionIcon
                variant="subtle"
                aria-label={t('import.open')}
                onClick={() => usePage.setState({ importing: layer.id })}
              >
                <IconUpload size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
          <ExportButton layer={layer} list={list} />
          <ActionIcon variant="subtle" aria-label={t('list.close')} onClick={page.closeList}>
            <IconX size={18} />
          </ActionIcon>
        </Group>
      </Group>
      <Group gap="xs" mt={4}>
        <Words key={layer.id} text={list.text} />
        <Tooltip label={t('filter.open')}>
          <Indicator disabled={list.filter === null} size={8}>
            <ActionIcon
              variant={filtering ? 'light' : 'subtle'}
              aria-label={t('filter.open')}
              aria-expanded={filtering}
              onClick={() => onFiltering(!filtering)}
            >
              <IconFilter size={18} />
            </ActionIcon>
          </Indicator>
        </Tooltip>
        {layer.geometry && (
          <Switch
            size="xs"
            label={t('list.follow')}
            checked={list.follow}
            onChange={(event) => page.changeList({ follow: event.currentTarget.checked })}
          />
        )}
        {layer.expires && (
          <Switch
            size="xs"
            label={t('list.expired')}
            checked={list.expired}
            onChange={(event) => page.changeList({ expired: event.currentTarget.checked })}
          />
        )}
      </Group>
    </header>
  )
}

function Words({ text }: { text: string }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(text)
  const [settled] = useDebouncedValue(typed, 250)
  const mine = useRef(text)
  useEffect(() => {
    if (settled === mine.current) return
    mine.current = settled
    page.changeList({ text: settled, chosen: [] })
  }, [settled])
  useEffect(() => {
    if (text === mine.current) return
    mine.current = text // of a saved search
    setTyped(text)
  }, [text])
  return (
    <TextInput
      size="xs"
      flex={1}
      miw={140}
      type="search"
      aria-label={t('list.filter')}
      placeholder={t('list.filter')}
      leftSection={<IconSearch size={14} aria-hidden />}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  )
}
