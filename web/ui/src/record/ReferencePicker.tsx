import { ActionIcon, Combobox, Group, Loader, TextInput, Tooltip, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconArrowUpRight, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { featureQuery, rowsQuery } from '../api/queries'
import { useLayers } from '../layers/useLayers'
import { useLanguage } from '../words/i18n'
import classes from './record.module.css'

interface Props {
  id: string
  label: string
  description?: string
  error?: string
  required?: boolean
  disabled?: boolean
  /** The layer whose records are chosen from. */
  layer: string
  /** By field of that layer: what it must be. */
  where?: Record<string, string>
  /** Identifier of the chosen record. */
  value: string | null
  /** Its title, where that is known already. */
  known?: string
  onChange: (id: string | null) => void
  /** Opens the chosen record. */
  onOpen?: () => void
}

const SHOWN = 20
const NOWHERE = {}
/** The last choice is no record: it shows those out of validity too. No identifier is empty. */
const EXPIRED = ''

/** Chooses one record of a layer by words of its title or of what its search looks in. */
export function ReferencePicker(props: Props) {
  const { id, label, layer, where = NOWHERE, value, known, disabled, onChange, onOpen } = props
  const { t } = useTranslation()
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const [text, setText] = useState<string | null>(null)
  const [expired, setExpired] = useState(false)
  const { registers } = useLayers()
  const expires = registers.find((each) => each.id === layer)?.expires ?? false
  const title = useTitle(layer, value, known)
  const open = combobox.dropdownOpened
  const [words] = useDebouncedValue(text?.trim() ?? '', 200)
  const { data, isFetching } = useQuery({
    ...rowsQuery(layer, {
      equal: where,
      q: words || undefined,
      valid: (expires && !expired) || undefined,
      limit: SHOWN,
    }),
    enabled: open,
  })
  const rows = data?.features ?? []
  const choose = (chosen: string | null) => {
    onChange(chosen)
    setText(null)
    combobox.closeDropdown()
  }
  return (
    <Combobox
      store={combobox}
      withinPortal={false}
      onOptionSubmit={(chosen) => (chosen === EXPIRED ? setExpired(!expired) : choose(chosen))}
      size="xs"
    >
      <Combobox.Target withExpandedAttribute>
        <TextInput
          id={id}
          role="combobox"
          size="xs"
          label={label}
          description={props.description}
          error={props.error}
          required={props.required}
          disabled={disabled}
          autoComplete="off"
          placeholder={t('reference.choose')}
          value={text ?? title}
          onFocus={(event) => event.currentTarget.select()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => {
            setText(null)
            combobox.closeDropdown()
          }}
          onChange={(event) => {
            setText(event.currentTarget.value)
            combobox.openDropdown()
            combobox.updateSelectedOptionIndex()
          }}
          rightSectionWidth={value && !disabled ? 56 : 30}
          rightSectionPointerEvents="all"
          rightSection={
            <Group gap={0} wrap="nowrap">
              {open && isFetching && <Loader size={14} />}
              {value !== null && !disabled && (
                <Tool name={t('reference.clear', { label })} onClick={() => choose(null)}>
                  <IconX size={14} />
                </Tool>
              )}
              {value !== null && onOpen && (
                <Tool name={t('reference.open', { label })} onClick={onOpen}>
                  <IconArrowUpRight size={14} />
                </Tool>
              )}
            </Group>
          }
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={label} className={classes.options}>
          {rows.map((row) => (
            <Combobox.Option key={row.id} value={row.id} active={row.id === value}>
              {row.label || row.id}
            </Combobox.Option>
          ))}
          {expires && (
            <Combobox.Option value={EXPIRED} className={classes.also}>
              {expired ? t('reference.hideExpired') : t('reference.expired')}
            </Combobox.Option>
          )}
        </Combobox.Options>
        {data && rows.length === 0 && (
          <Combobox.Empty>
            {Object.keys(where).length > 0 ? t('reference.noneHere') : t('reference.none')}
          </Combobox.Empty>
        )}
        <More total={data?.total ?? 0} />
      </Combobox.Dropdown>
    </Combobox>
  )
}

function More({ total }: { total: number }) {
  const { t } = useTranslation()
  const language = useLanguage()
  if (total <= SHOWN) return null
  const number = new Intl.NumberFormat(language).format(total - SHOWN)
  return (
    <Combobox.Footer className={classes.none} fz="xs">
      {t('reference.more', { count: total - SHOWN, number })}
    </Combobox.Footer>
  )
}

function Tool({
  name,
  onClick,
  children,
}: {
  name: string
  onClick: () => void
  children: React.ReactNode
}) {
  return (
    <Tooltip label={name}>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={name}
        onMouseDown={(event) => event.preventDefault()}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  )
}

/** The title of the chosen record, asked for where nobody said it. */
function useTitle(layer: string, value: string | null, known: string | undefined): string {
  const { data } = useQuery({
    ...featureQuery({ layer, id: value ?? '' }),
    enabled: value !== null && known === undefined,
  })
  if (value === null) return ''
  return known ?? data?.label ?? value
}
