import {
  ActionIcon,
  Button,
  Checkbox,
  CopyButton,
  Group,
  Modal,
  NativeSelect,
  Text,
  TextInput,
} from '@mantine/core'
import { IconCheck, IconCopy, IconLinkOff } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { viewNow } from '../bookmarks/view'
import { useLayers } from '../layers/useLayers'
import { useMap } from '../page/MapContext'
import { useSession } from '../session/useSession'
import { useLanguage } from '../words/i18n'
import { moment } from '../words/values'
import { type Link, notesApi, type Sheet, sheetKey } from './api'
import classes from './notes.module.css'

const DAYS = [7, 30, 90, 365] as const

/** To whom a sheet is shown: people of the collectivity, and whoever has a link. */
export function ShareDialog({ sheet, onClose }: { sheet: Sheet; onClose: () => void }) {
  const { t } = useTranslation('notes')
  const map = useMap()
  const { layers, drawn } = useLayers()
  const queries = useQueryClient()
  const [mayComment, setMayComment] = useState(true)
  const [days, setDays] = useState('30')
  const again = () => queries.invalidateQueries({ queryKey: sheetKey(String(sheet.id)) })
  const link = useMutation({
    mutationFn: () =>
      notesApi.link(sheet.id, {
        mayComment,
        days: Number(days),
        view: viewNow(map, layers, drawn),
      }),
    onSettled: again,
  })
  const unlink = useMutation({
    mutationFn: (id: number) => notesApi.unlink(sheet.id, id),
    onSettled: again,
  })
  const error = link.error ?? unlink.error
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('shareTitle', { title: sheet.title })}
      closeButtonProps={{ 'aria-label': t('closeShare') }}
    >
      <WithTown sheet={sheet} onChanged={again} />
      <Text component="h3" size="sm" fw={600} mt="md">
        {t('byLink')}
      </Text>
      <Text size="xs" c="dimmed">
        {t('byLinkHelp')}
      </Text>
      <Group gap={8} mt={6} align="flex-end">
        <NativeSelect
          size="xs"
          label={t('allows')}
          value={mayComment ? 'comment' : 'read'}
          onChange={(event) => setMayComment(event.currentTarget.value === 'comment')}
          data={[
            { value: 'comment', label: t('allowsComment') },
            { value: 'read', label: t('allowsRead') },
          ]}
        />
        <NativeSelect
          size="xs"
          label={t('holds')}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
          data={DAYS.map((count) => ({ value: String(count), label: t('days', { count }) }))}
        />
        <Button size="xs" loading={link.isPending} onClick={() => link.mutate()}>
          {t('makeLink')}
        </Button>
      </Group>
      {error && (
        <Text size="xs" c="red" role="alert" mt={4}>
          {error.message}
        </Text>
      )}
      <ul className={classes.rows}>
        {sheet.links.map((each) => (
          <LinkRow key={each.id} link={each} onWithdraw={() => unlink.mutate(each.id)} />
        ))}
      </ul>
    </Modal>
  )
}

function LinkRow({ link, onWithdraw }: { link: Link; onWithdraw: () => void }) {
  const { t } = useTranslation('notes')
  const language = useLanguage()
  const address = `${location.origin}/?${link.view}&notes=${link.token}`
  const until = t(link.mayComment ? 'untilComment' : 'untilRead', {
    at: moment(link.expiresAt, language),
  })
  return (
    <li className={classes.link}>
      <TextInput
        size="xs"
        readOnly
        label={until}
        value={address}
        onFocus={(event) => event.currentTarget.select()}
        rightSectionWidth={60}
        rightSection={
          <Group gap={2} wrap="nowrap">
            <CopyButton value={address}>
              {({ copied, copy }) => (
                <ActionIcon
                  size="sm"
                  variant="subtle"
                  aria-label={copied ? t('copied') : t('copy')}
                  title={copied ? t('copied') : t('copy')}
                  onClick={copy}
                >
                  {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
                </ActionIcon>
              )}
            </CopyButton>
            <ActionIcon
              size="sm"
              variant="subtle"
              color="red"
              aria-label={t('withdraw')}
              title={t('withdraw')}
              onClick={onWithdraw}
            >
              <IconLinkOff size={16} />
            </ActionIcon>
          </Group>
        }
      />
    </li>
  )
}

function WithTown({ sheet, onChanged }: { sheet: Sheet; onChanged: () => Promise<void> }) {
  const { t } = useTranslation('notes')
  const { session } = useSession()
  const own = session?.collectivities.filter(
    ({ code }) => session.user?.admin || code in session.profiles,
  )
  const show = useMutation({
    mutationFn: (code: string | undefined) => notesApi.share(sheet.id, code),
    onSettled: onChanged,
  })
  return (
    <>
      {own?.map(({ code, name }) => (
        <Checkbox
          key={code}
          size="sm"
          label={t('showTo', { town: name })}
          checked={sheet.collectivity === code}
          disabled={show.isPending}
          onChange={(event) => show.mutate(event.currentTarget.checked ? code : undefined)}
        />
      ))}
      {show.error && (
        <Text size="xs" c="red" role="alert">
          {show.error.message}
        </Text>
      )}
    </>
  )
}
