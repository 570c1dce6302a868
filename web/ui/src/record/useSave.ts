import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, Refusal } from '../api/client'
import type { Change, Feature, Properties } from '../api/model'
import { featureQuery, keys } from '../api/queries'
import { basket, links, useBasket } from '../basket/basket'
import { useLayers } from '../layers/useLayers'
import type { FeatureRef, Geometry } from '../map/api'
import { useMap } from '../page/MapContext'
import { page, usePage } from '../page/state'
import { draftKey, drafts } from './drafts'
import { type Faults, faultsOf } from './faults'
import { changesOf } from './pieces'
import { useDeletions } from './useDeletions'
import type { Subject } from './useSubject'

/** Somebody else saved the record first. */
export interface Clash {
  key: string
  /** Null: deleted meanwhile. */
  theirs: Feature | null
  /** Null: the shape was not edited here. */
  shape: Geometry | null
  /** The shape the edit began on. */
  before: Geometry | null
}

export interface Save {
  saving: boolean
  faults: Faults | null
  clash: Clash | null
  /** Saves the form and the shape of the subject together. `collectivity`: the owner of a new record. */
  save: (collectivity?: string) => Promise<void>
  /** Saves on top of their version what was chosen of mine. */
  resolve: (chosen: { changes: Properties; shape: boolean }) => Promise<void>
  /** Throws away form and shape. */
  discard: () => void
  remove: (feature: Feature) => Promise<boolean>
}

const linked = ({ layer, id, feature }: Subject, { collectivity }: Change) => ({
  layer,
  id,
  collectivity: collectivity ?? feature?.collectivity,
})

const NO_FAULTS: Faults = { fields: {}, others: [] }

/** The one way from the page to POST /api/transactions. A save that fails keeps the edit and says why. */
export function useSave(subject: Subject | null): Save {
  const map = useMap()
  const queries = useQueryClient()
  const { registers } = useLayers()
  const { t } = useTranslation()
  const deletions = useDeletions()
  const [saving, setSaving] = useState(false)
  const [failure, setFailure] = useState<{ key: string; faults: Faults } | null>(null)
  const [clash, setClash] = useState<Clash | null>(null)
  const key = subject ? draftKey(subject.layer.id, subject.id) : ''

  async function send(change: Change, shape: Geometry | null) {
    setSaving(true)
    setFailure(null)
    setClash(null)
    try {
      const joined = subject ? links(useBasket.getState(), linked(subject, change), registers) : []
      const pieces = shape ? map.edit.pieces() : { made: [], taken: [] }
      const beside = subject
        ? changesOf(
            pieces,
            subject.layer,
            { ...subject.feature?.properties, ...change.properties },
            change.collectivity ?? subject.feature?.collectivity,
          )
        : []
      const [result] = await api.transact([change, ...joined, ...beside])
      if (!result) throw new Refusal(500)
      const ref: FeatureRef = { layer: result.layer, id: result.id }
      const feature = await queries.fetchQuery(featureQuery(ref))
      if (shape) map.edit.saved(feature)
      else map.edit.cancel()
      if (joined.length > 0) basket.clear()
      drafts.drop(key)
      const { hits, trail, tab } = usePage.getState()
      page.select(ref, hits, { trail, tab })
      refreshed(ref)
      for (const { id } of pieces.taken) {
        queries.removeQueries({ queryKey: keys.feature({ layer: ref.layer, id }) })
      }
      notifications.show({
        id: 'saved',
        color: 'green',
        message: t('record.saved'),
        autoClose: 2500,
      })
    } catch (refusal) {
      failed(refusal, shape)
    } finally {
      setSaving(false)
    }
  }

  function refreshed(ref: FeatureRef) {
    void queries.invalidateQueries({ queryKey: keys.lists(ref.layer) })
    void queries.invalidateQueries({ queryKey: keys.history(ref) })
  }

  function failed(refusal: unknown, shape: Geometry | null) {
    const { status, problem } = refusal instanceof Refusal ? refusal : new Refusal(500)
    const conflict = problem.conflicts?.[0]
    if (status === 412 && conflict && conflict.id !== subject?.id) {
      // A feature that was merged in was changed by somebody else: it would be lost.
      setFailure({ key, faults: { ...NO_FAULTS, others: [t('record.failed.mergedChanged')] } })
      return
    }
    if (status === 412 && conflict) {
      const before = map.edit.draft()?.original ?? null
      setClash({ key, theirs: conflict.current, shape, before })
      if (conflict.current) queries.setQueryData(keys.feature(conflict), conflict.current)
      return
    }
    if (status === 401) usePage.setState({ dialog: 'signIn' })
    const faults =
      status === 422
        ? faultsOf(problem)
        : { ...NO_FAULTS, others: [reason(status, problem.detail)] }
    setFailure({ key, faults })
  }

  function reason(status: number, detail: string | undefined): string {
    if (status === 0) return t('record.failed.offline')
    if (status === 401) return t('record.failed.signedOut')
    if (status === 403) return t('record.failed.forbidden')
    return detail ?? t('record.failed.other')
  }

  return {
    saving,
    faults: failure?.key === key ? failure.faults : null,
    clash: clash?.key === key ? clash : null,

    save: async (collectivity) => {
      if (!subject) return
      const { layer, id, feature } = subject
      const draft = drafts.of(key)
      const shape = map.edit.state.dirty ? map.edit.pending() : null
      const content = {
        ...(draft && Object.keys(draft.changes).length > 0 && { properties: draft.changes }),
        ...(shape && { geometry: shape }),
      }
      const change: Change = id
        ? {
            op: 'update',
            layer: layer.id,
            id,
            version: draft?.version ?? feature?.version,
            ...content,
          }
        : { op: 'create', layer: layer.id, collectivity, ...content }
      await send(change, shape)
    },

    resolve: async ({ changes, shape: keepShape }) => {
      if (!subject?.id || !clash?.theirs) return
      const { layer, id } = subject
      const version = clash.theirs.version
      const shape = keepShape ? clash.shape : null
      if (!keepShape) map.edit.cancel()
      const some = Object.keys(changes).length > 0
      if (some) drafts.put(key, { version, changes })
      else drafts.drop(key)
      if (!some && !shape) {
        setClash(null)
        return
      }
      await send(
        {
          op: 'update',
          layer: layer.id,
          id,
          version,
          ...(some && { properties: changes }),
          ...(shape && { geometry: shape }),
        },
        shape,
      )
    },

    discard: () => {
      map.edit.cancel()
      drafts.drop(key)
      setFailure(null)
      setClash(null)
      if (subject?.id)
        void queries.invalidateQueries({ queryKey: ['feature', subject.layer.id, subject.id] })
    },

    remove: async ({ layer, id, version, label }) => {
      setSaving(true)
      try {
        await api.transact([{ op: 'delete', layer, id, version }])
        map.edit.deleted({ layer, id })
        drafts.drop(draftKey(layer, id))
        page.select(null)
        refreshed({ layer, id })
        queries.removeQueries({ queryKey: keys.feature({ layer, id }) })
        deletions.tell({ layer, id }, label)
        return true
      } catch (refusal) {
        const { status, problem } = refusal instanceof Refusal ? refusal : new Refusal(500)
        const message =
          status === 412 ? t('record.failed.changedMeanwhile') : reason(status, problem.detail)
        notifications.show({ id: 'deleted', color: 'red', message })
        void queries.invalidateQueries({ queryKey: keys.feature({ layer, id }) })
        return false
      } finally {
        setSaving(false)
      }
    },
  }
}
