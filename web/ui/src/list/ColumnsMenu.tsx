import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Popover,
  ScrollArea,
  Stack,
  Tooltip,
} from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconColumns3 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Register } from '../api/model'
import { useLanguage } from '../words/i18n'
import { fieldsOf } from './columns'

interface Props {
  layer: Register
  columns: string[] | null
  onChange: (columns: string[]) => void
}

/** Chooses which fields a list shows, and in which order. */
export function ColumnsMenu({ layer, columns, onChange }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const shown = fieldsOf(layer, columns).map(({ name }) => name)
  const rest = layer.fields.map(({ name }) => name).filter((name) => !shown.includes(name))
  const labelOf = (name: string) =>
    layer.fields.find((field) => field.name === name)?.label[language] ?? name
  const move = (at: number, by: number) => {
    const next = [...shown]
    const [name] = next.splice(at, 1)
    if (name !== undefined) next.splice(at + by, 0, name)
    onChange(next)
  }
  return (
    <Popover withArrow shadow="md" position="bottom-end" width={270} trapFocus withRoles={false}>
      <Popover.Target>
        <Tooltip label={t('columns.title')}>
          <ActionIcon variant="subtle" aria-label={t('columns.title')} aria-haspopup="dialog">
            <IconColumns3 size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={t('columns.title')}>
        <ScrollArea.Autosize mah={360}>
          <Stack gap={4}>
            {[...shown, ...rest].map((name, i) => (
              <Group key={name} gap={2} wrap="nowrap" justify="space-between">
                <Checkbox
                  size="xs"
                  label={labelOf(name)}
                  checked={i < shown.length}
                  disabled={shown.length === 1 && i === 0}
                  onChange={({ currentTarget }) =>
                    onChange(
                      currentTarget.checked
                        ? [...shown, name]
                        : shown.filter((each) => each !== name),
                    )
                  }
                />
                {i < shown.length && (
                  <Group gap={0} wrap="nowrap">
                    <ActionIcon
                      size="xs"
                      variant="subtle"
                      color="gray"
                      disabled={i === 0}
                      aria-label={t('columns.left', { column: labelOf(name) })}
                      onClick={() => move(i, -1)}
                    >
                      <IconArrowUp size={12} />
                    </ActionIcon>
                    <ActionIcon
                      size="xs"
                      variant="subtle"
                      color="gray"
                      disabled={i === shown.length - 1}
                      aria-label={t('columns.right', { column: labelOf(name) })}
                      onClick={() => move(i, 1)}
                    >
                      <IconArrowDown size={12} />
                    </ActionIcon>
                  </Group>
                )}
              </Group>
            ))}
          </Stack>
        </ScrollArea.Autosize>
        <Button mt="xs" size="compact-xs" variant="subtle" onClick={() => onChange([])}>
          {t('columns.reset')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}
