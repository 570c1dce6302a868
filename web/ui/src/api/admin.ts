/** What administrators ask of the server, and everybody about their own tokens. */
import { queryOptions } from '@tanstack/react-query'
import { answer, http } from './client'
import type { components } from './schema'

type Schemas = components['schemas']

export type Account = Schemas['Account']
export type AccountChange = Schemas['AccountChange']
export type Profile = Schemas['Profile']
export type LayerRights = Schemas['LayerRights']
export type Collectivity = Schemas['AdministeredCollectivity']
export type Token = Schemas['Token']
export type PersonalRead = Schemas['PersonalRead']

export interface ReadsFilter {
  who?: string
  layer?: string
  feature?: string
  from?: string
  until?: string
  before?: number
}

export const admin = {
  createAccount: (login: string, change: AccountChange) =>
    answer<Account>(http.POST('/api/admin/accounts', { body: { login, ...change } })),

  changeAccount: (id: number, body: AccountChange) =>
    answer<Account>(http.PATCH('/api/admin/accounts/{id}', { params: { path: { id } }, body })),

  newPassword: (id: number) =>
    answer<{ password: string }>(
      http.POST('/api/admin/accounts/{id}/password', { params: { path: { id } } }),
    ).then(({ password }) => password),

  putProfile: ({
    id,
    title,
    grants,
    fields,
  }: Pick<Profile, 'id' | 'title' | 'grants' | 'fields'>) =>
    answer<void>(
      http.PUT('/api/admin/profiles/{profile}', {
        params: { path: { profile: id } },
        body: { title, grants, fields },
      }),
    ),

  dropProfile: (profile: string) =>
    answer<void>(http.DELETE('/api/admin/profiles/{profile}', { params: { path: { profile } } })),

  putCollectivity: ({ code, name, srid }: Collectivity) =>
    answer<void>(
      http.PUT('/api/admin/collectivities/{code}', {
        params: { path: { code } },
        body: { name, srid },
      }),
    ),

  dropCollectivity: (code: string) =>
    answer<void>(http.DELETE('/api/admin/collectivities/{code}', { params: { path: { code } } })),

  createToken: (name: string, days: number) =>
    answer<{ token: string }>(http.POST('/api/tokens', { body: { name, days } })).then(
      ({ token }) => token,
    ),

  revokeToken: (id: number) =>
    answer<void>(http.DELETE('/api/tokens/{id}', { params: { path: { id } } })),
}

/** All of it is asked for anew when something of it was changed. */
export const adminKey = ['admin'] as const

export const accountsQuery = queryOptions({
  queryKey: [...adminKey, 'accounts'],
  queryFn: () =>
    answer<{ accounts: Account[] }>(http.GET('/api/admin/accounts')).then((body) => body.accounts),
  staleTime: 0,
})

export const profilesQuery = queryOptions({
  queryKey: [...adminKey, 'profiles'],
  queryFn: () =>
    answer<{ profiles: Profile[]; actions: string[]; layers: LayerRights[] }>(
      http.GET('/api/admin/profiles'),
    ),
  staleTime: 0,
})

export const collectivitiesQuery = queryOptions({
  queryKey: [...adminKey, 'collectivities'],
  queryFn: () =>
    answer<{ collectivities: Collectivity[] }>(http.GET('/api/admin/collectivities')).then(
      (body) => body.collectivities,
    ),
  staleTime: 0,
})

export const tokensQuery = (all: boolean) =>
  queryOptions({
    queryKey: [...adminKey, 'tokens', all],
    queryFn: () =>
      answer<{ tokens: Token[] }>(http.GET('/api/tokens', { params: { query: { all } } })).then(
        (body) => body.tokens,
      ),
    staleTime: 0,
  })

export const readsQuery = (query: ReadsFilter) =>
  queryOptions({
    queryKey: [...adminKey, 'reads', query],
    queryFn: () =>
      answer<{ reads: PersonalRead[] }>(
        http.GET('/api/admin/personal-reads', { params: { query } }),
      ).then((body) => body.reads),
    staleTime: 0,
  })
