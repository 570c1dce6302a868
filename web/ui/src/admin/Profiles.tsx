import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type LayerRights, type Profile, profilesQuery } from '../api/admin'
import { useLanguage } from '../words/i18n'
import { ProfileForm } from './ProfileForm'

/** The profiles, and what each may do by application and layer. */
export function Profiles({ whole }: { whole: boolean }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { data } = useQuery(profilesQuery)
  const [chosen, setChosen] = useState('manager')
  const [fresh, setFresh] = useState('')
  const [draft, setDraft] = useState<Profile | null>(null)
  if (!data) return null
  const profile = draft ?? data.profiles.find(({ id }) => id === chosen) ?? data.profiles[0]
  if (!profile) return null
  const begin = () => {
    setDraft({
      id: fresh,
      title: { fr: fresh, en: fresh },
      builtIn: false,
      fixed: false,
      members: 0,
      grants: { '*': ['read'] },
      fields: {},
    })
    setFresh('')
  }
  return (
    <Stack>
      <Group align="flex-end">
        <NativeSelect
          label={t('admin.profile')}
          value={draft ? '' : profile.id}
          onChange={(event) => {
            setDraft(null)
            setChosen(event.currentTarget.value)
          }}
          data={[
            ...(draft ? [{ value: '', label: draft.id }] : []),
            ...data.profiles.map(({ id, title }) => ({ value: id, label: title[language] || id })),
          ]}
        />
        {whole && (
          <>
            <TextInput
              label={t('admin.profileId')}
              value={fresh}
              onChange={(event) => setFresh(event.currentTarget.value)}
            />
            <Button
              variant="default"
              disabled={!/^[a-z][a-z0-9_-]{0,39}$/.test(fresh) || known(data, fresh)}
              onClick={begin}
            >
              {t('admin.newProfile')}
            </Button>
          </>
        )}
      </Group>
      <Text size="sm">{t('admin.scopeHelp')}</Text>
      <ProfileForm
        key={profile.id}
        profile={profile}
        actions={data.actions}
        layers={data.layers}
        readOnly={!whole || profile.fixed}
        isNew={draft !== null}
        onSaved={() => {
          setChosen(profile.id)
          setDraft(null)
        }}
        onDropped={() => setChosen('manager')}
      />
    </Stack>
  )
}

const known = (data: { profiles: Profile[]; layers: LayerRights[] }, id: string) =>
  data.profiles.some((profile) => profile.id === id)
