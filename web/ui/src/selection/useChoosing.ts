import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, Refusal } from '../api/client'
import type { LayerInfo } from '../api/model'
import type { Filter } from '../list/filter'
import { selectionOf } from '../list/selection'
import { whole } from '../list/state'
import { page, usePage } from '../page/state'
import type { Way } from './api'
import { among, combined } from './choice'

interface Wish {
  layer: LayerInfo
  condition: Filter
  way: Way
}

/** Finds features by a condition and chooses them, or fewer, or more. */
export function useChoosing() {
  const { t } = useTranslation('selection')
  return useMutation({
    mutationFn: async ({ layer, condition }: Wish) => {
      const left = usePage.getState().narrowed[layer.id] ?? whole
      return api.pick(layer.id, among(selectionOf(layer, left), condition))
    },
    onSuccess: ({ ids }, { layer, way }) => {
      const { layer: of, ids: all } = combined(usePage.getState().chosen, layer.id, ids, way)
      page.choose(of, all)
    },
    onError: (error) =>
      notifications.show({
        id: 'choosing',
        color: 'red',
        title: t('failed'),
        message: error instanceof Refusal && error.status === 413 ? t('tooMany') : error.message,
      }),
  })
}
