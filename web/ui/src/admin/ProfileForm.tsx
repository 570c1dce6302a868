import { Button, Checkbox, Group, NativeSelect, Stack, Table, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { admin, type LayerRights, type Profile } from '../api/admin'
import { Wrong } from '../design/Wrong'
import { useLanguage } from '../words/i18n'
import { forget, holds, type Scope, scopes, toggle } from './grid'
import { ProfileFields } from './ProfileFields'
import { Scrolling } from './Scrolling'
import { useWork } from './useWork'

interface Props {
  profile: Profile
  actions: string[]
  layers: LayerRights[]
  readOnly: boolean
  isNew: boolean
  onSaved: () => void
  onDropped: () => void
}

/** One profile: its name, the grid of its actions, and the fields it is kept from. */
export function ProfileForm(props: Props) {
  const { profile, actions, layers, readOnly, isNew, onSaved, onDropped } = props
  const { t } = useTranslation()
  const language = useLanguage()
  const [title, setTitle] = useState(profile.title)
  const [grants, setGrants] = useState(profile.grants)
  const [fields, setFields] = useState(profile.fields)
  const [application, setApplication] = useState(layers[0]?.application.id ?? '')
  const { work, busy, wrong } = useWork()
  const rows = scopes(layers, profile.id, application)
  const applications = new Map(layers.map(({ application }) => [application.id, application.title]))
  const nameOf = ({ kind, title, id }: Scope) =>
    kind === 'everywhere' ? t('admin.everywhere') : title[language] || id
  const origin = (own: boolean, { file }: Scope) => {
    if (own) return t('admin.own')
    return file ? t('admin.byFile') : t('admin.inherited')
  }
  const save = () =>
    work(() => admin.putProfile({ id: profile.id, title, grants, fields }), onSaved)
  return (
    <Stack>
      <Group grow>
        {(['fr', 'en'] as const).map((lang) => (
          <TextInput
            key={lang}
            label={lang === 'fr' ? t('admin.titleFr') : t('admin.titleEn')}
            disabled={readOnly}
            value={title[lang] ?? ''}
            onChange={(event) => setTitle({ ...title, [lang]: event.currentTarget.value })}
          />
        ))}
      </Group>
      {profile.id === 'public' && <Text size="sm">{t('admin.publicHelp')}</Text>}
      {profile.id === 'administrator' && <Text size="sm">{t('admin.administratorHelp')}</Text>}
      <NativeSelect
        label={t('admin.openApplication')}
        value={application}
        onChange={(event) => setApplication(event.currentTarget.value)}
        data={[...applications].map(([id, title]) => ({ value: id, label: title[language] || id }))}
      />
      <Scrolling label={t('admin.grid')}>
        <Table captionSide="top" striped>
          <Table.Caption>{t('admin.grid')}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('admin.scope')}</Table.Th>
              {actions.map((action) => (
                <Table.Th key={action}>
                  {t(`admin.action.${action}` as 'admin.action.read')}
                </Table.Th>
              ))}
              <Table.Th>{t('admin.says')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => {
              const held = holds(grants, row, rows)
              const own = row.id in grants
              return (
                <Table.Tr key={row.id}>
                  <Table.Th scope="row" pl={row.kind === 'layer' ? 'xl' : 'xs'} fw={400}>
                    {nameOf(row)}
                  </Table.Th>
                  {actions.map((action) => (
                    <Table.Td key={action}>
                      <Checkbox
                        aria-label={`${t(`admin.action.${action}` as 'admin.action.read')} – ${nameOf(row)}`}
                        disabled={readOnly}
                        checked={held.includes(action)}
                        onChange={() => setGrants(toggle(grants, row, rows, action))}
                      />
                    </Table.Td>
                  ))}
                  <Table.Td>
                    {own && row.kind !== 'everywhere' && !readOnly ? (
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-label={t('admin.forgetOne', { name: nameOf(row) })}
                        onClick={() => setGrants(forget(grants, row))}
                      >
                        {t('admin.forget')}
                      </Button>
                    ) : (
                      <Text size="sm">{origin(own, row)}</Text>
                    )}
                  </Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      </Scrolling>
      <ProfileFields
        layers={layers.filter((layer) => layer.application.id === application)}
        fields={fields}
        readOnly={readOnly}
        onChange={setFields}
      />
      <Wrong lines={wrong} />
      {!readOnly && (
        <Group>
          <Button loading={busy} onClick={() => void save()}>
            {t('admin.save')}
          </Button>
          {!profile.builtIn && !isNew && (
            <Button
              color="red"
              variant="light"
              disabled={profile.members > 0}
              title={profile.members > 0 ? t('admin.inUse', { count: profile.members }) : undefined}
              onClick={() => void work(() => admin.dropProfile(profile.id), onDropped)}
            >
              {t('admin.dropProfile')}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  )
}
