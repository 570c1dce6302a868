import { ActionIcon, Checkbox, Menu, TextInput, UnstyledButton } from '@mantine/core'
import {
  IconChevronDown,
  IconChevronRight,
  IconDotsVertical,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { afterLayout } from '../page/afterLayout'
import { altStep, MoveItems } from '../page/MoveItems'
import { page } from '../page/state'
import { useLanguage } from '../words/i18n'
import { withVisible } from './arrangement'
import { type TreeGroup, withGroupMoved, withoutGroup, withTitle } from './groups'
import classes from './layers.module.css'
import { useLayers } from './useLayers'

interface Props {
  group: TreeGroup
  open: boolean
  /** What is dragged would go here. */
  goal: boolean
  onFold: (folded: boolean) => void
  onOver: () => void
  onDrop: () => void
}

/** The name of a group: shows or hides what is in it at once, folds it, moves it. */
export function GroupHead({ group, open, goal, onFold, onOver, onDrop }: Props) {
  const { t } = useTranslation('tree')
  const language = useLanguage()
  const { tree, groups, visible } = useLayers()
  const title = group.title[language]
  // A group is made without a name, which is asked for at once.
  const [naming, setNaming] = useState(group.own && title === '')
  const shown = visible[group.id] !== false
  const Icon = open ? IconChevronDown : IconChevronRight
  const has = group.layers.length > 0 || tree.some(({ within }) => within === group.id)

  function move(step: 1 | -1) {
    const moved = withGroupMoved(groups, tree, group.id, step)
    if (moved) page.arrange((arrangement) => ({ ...arrangement, groups: moved }))
  }
  function keyboard(event: KeyboardEvent) {
    const step = altStep(event)
    if (!step) return
    event.preventDefault()
    move(step)
  }
  function name(words: string) {
    setNaming(false)
    const given = words.trim() || title || t('unnamed')
    if (given === title) return
    page.arrange((arrangement) => ({ ...arrangement, groups: withTitle(groups, group.id, given) }))
  }
  const Heading = group.within ? 'h4' : 'h3'
  return (
    // biome-ignore lint/a11y/useSemanticElements: a heading stands in it, which no fieldset may have
    <div
      role="group"
      aria-label={title}
      className={classes.head}
      data-goal={goal}
      onKeyDown={keyboard}
      onDragOver={(event) => {
        event.preventDefault()
        onOver()
      }}
      onDrop={onDrop}
    >
      {has && (
        <Checkbox
          size="xs"
          aria-label={t('showGroup', { group: title })}
          checked={shown}
          onChange={(event) => {
            const { checked } = event.currentTarget
            page.arrange((arrangement) => withVisible(arrangement, group.id, checked))
          }}
        />
      )}
      {naming ? (
        <TextInput
          size="xs"
          flex={1}
          maxLength={100}
          aria-label={t('nameOf')}
          defaultValue={title}
          ref={focused}
          onBlur={(event) => name(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') name(event.currentTarget.value)
            if (event.key === 'Escape') name(title)
          }}
        />
      ) : (
        <Heading className={classes.application}>
          <UnstyledButton
            id={`group-${group.id}`}
            className={classes.fold}
            aria-expanded={open}
            data-faint={!shown}
            onClick={() => onFold(open)}
          >
            <Icon size={14} aria-hidden /> {title}
          </UnstyledButton>
        </Heading>
      )}
      <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={t('groupActions', { group: title })}
          >
            <IconDotsVertical size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <MoveItems
            up={t('up')}
            down={t('down')}
            onUp={withGroupMoved(groups, tree, group.id, -1) ? () => move(-1) : undefined}
            onDown={withGroupMoved(groups, tree, group.id, 1) ? () => move(1) : undefined}
          />
          {group.own && (
            <>
              <Menu.Item
                leftSection={<IconPencil size={16} aria-hidden />}
                onClick={() => setNaming(true)}
              >
                {t('rename')}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() =>
                  page.arrange((arrangement) => ({
                    ...arrangement,
                    groups: withoutGroup(groups, group.id),
                  }))
                }
              >
                {t('removeGroup')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}

/** Ready to be written over; after the menu that asked for it gave the focus back. */
function focused(input: HTMLInputElement | null) {
  if (input) afterLayout(() => input.select())
}
