import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, type ListView } from '../api/client'
import { keys, viewsQuery } from '../api/queries'
import { useSession } from '../session/useSession'

/** Saved searches of a layer and the columns its reader chose, and what is done with them. */
export function useViews(layer: string) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { session } = useSession()
  const signedIn = Boolean(session?.user)
  const { data } = useQuery({ ...viewsQuery(layer), enabled: signedIn })
  const again = () => client.invalidateQueries({ queryKey: keys.views(layer) })
  const failed = (error: Error) =>
    notifications.show({ color: 'red', title: t('views.notSaved'), message: error.message })
  const save = useMutation({
    mutationFn: (view: ListView) => api.saveView(layer, view),
    onSuccess: again,
  })
  const drop = useMutation({ mutationFn: api.deleteView, onSuccess: again, onError: failed })
  const choose = useMutation({
    mutationFn: (columns: string[]) => api.chooseColumns(layer, columns),
    onError: failed,
    onMutate: (columns) => client.setQueryData(keys.views(layer), data && { ...data, columns }),
  })
  return { signedIn, views: data?.views ?? [], columns: data?.columns ?? null, save, drop, choose }
}
