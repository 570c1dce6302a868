import { ActionIcon, Group, Text } from '@mantine/core'
import {
  IconChevronLeft,
  IconChevronRight,
  IconChevronsLeft,
  IconChevronsRight,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLanguage } from '../words/i18n'
import { count } from '../words/values'

interface Props {
  first: number | undefined
  shown: number
  total: number
  exact: boolean
  toFirst?: () => void
  toPrevious?: () => void
  toNext?: () => void
  toLast?: () => void
}

/** The way through the pages of a list, which may be of any length. */
export function Pager({ first, shown, total, exact, ...to }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  if (!to.toFirst && !to.toNext) return null
  const ways = [
    { name: 'first', go: to.toFirst, Icon: IconChevronsLeft },
    { name: 'previous', go: to.toPrevious, Icon: IconChevronLeft },
    { name: 'next', go: to.toNext, Icon: IconChevronRight },
    { name: 'last', go: to.toLast, Icon: IconChevronsRight },
  ] as const
  const number = (n: number) => count(n, language)
  const words = {
    from: number(first ?? 1),
    to: number((first ?? 1) + shown - 1),
    total: number(total),
  }
  const range = exact ? t('list.range', words) : t('list.rangeAbout', words)
  return (
    <Group justify="space-between" px={12} py={4} wrap="nowrap">
      <Text size="xs" c="dimmed">
        {first !== undefined && range}
      </Text>
      <Group gap={4} wrap="nowrap">
        {ways.map(({ name, go, Icon }) => (
          <ActionIcon
            key={name}
            size="sm"
            variant="default"
            aria-label={t(`list.page.${name}`)}
            disabled={!go}
            onClick={go}
          >
            <Icon size={14} />
          </ActionIcon>
        ))}
      </Group>
    </Group>
  )
}
