import { Button, Group, Loader, NavLink, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Live } from '../drawing/Live'
import type { EditSession, EditState, LayerInfo } from '../map/api'
import { focusMap } from '../map/focus'
import classes from './editing.module.css'
import { drawnType } from './geometry'
import { lengthText, surfaceText } from './quantity'
import { ShapeNumbers } from './ShapeNumbers'

/** What the tool waits for, what is measured, and what is wrong with the shape. */
export function EditStatus({
  edit,
  state,
  layer,
  layers,
  language,
}: {
  edit: EditSession
  state: EditState
  layer: LayerInfo
  layers: { id: string; title: string }[]
  language: string
}) {
  const { t } = useTranslation('shape')
  const { tool, pen, pieces, fault, choices } = state
  const figure = state.mode === 'draw' && pen?.figure
  return (
    <>
      <Group gap="sm" mt={4} mih={20}>
        {!figure && <Text size="xs">{t(hintOf(state, layer))}</Text>}
        {(tool === 'move' || tool === 'rotate' || tool === 'scale') && (
          <ShapeNumbers key={tool} kind={tool} onGiven={(change) => edit.change(change)} />
        )}
        <Live pen={pen} magnet={state.magnet} language={language} />
        <Measures state={state} language={language} />
        {(state.snapping.loading || state.busy) && (
          <Loader size={12} aria-label={t(state.busy ? 'busy' : 'snapping')} />
        )}
        {pieces.made > 0 && <Text size="xs">{t('made', { count: pieces.made })}</Text>}
        {pieces.taken > 0 && <Text size="xs">{t('taken', { count: pieces.taken })}</Text>}
      </Group>
      {fault && (
        <Text size="xs" role="alert" c="red.9" mt={4}>
          {t(`fault.${fault.reason}`)}{' '}
          {fault.reason === 'failed' || fault.reason === 'several-parts' ? fault.detail : ''}
        </Text>
      )}
      {state.crossing && (
        <Group gap="sm" mt={4}>
          <Text size="xs" role="alert" c="red.9">
            {t('crossing')}
          </Text>
          <Mend edit={edit} state={state} />
        </Group>
      )}
      {choices.length > 0 && (
        <fieldset className={classes.choices}>
          <Text component="legend" size="xs">
            {t('choices')}
          </Text>
          {choices.map((hit) => (
            <NavLink
              key={`${hit.layer}/${hit.id}`}
              component="button"
              p={4}
              label={hit.label}
              description={layers.find(({ id }) => id === hit.layer)?.title}
              onClick={() => {
                focusMap()
                edit.choose(hit)
              }}
            />
          ))}
        </fieldset>
      )}
    </>
  )
}

/** What may be done about an outline that crosses itself. */
function Mend({ edit, state }: { edit: EditSession; state: EditState }) {
  const { t } = useTranslation('shape')
  const mend = () => {
    if (state.mode === 'modify') {
      edit.change({ kind: 'mend' })
      return
    }
    edit.finish()
    // The outline is whole once the pen is done with it.
    queueMicrotask(() => edit.change({ kind: 'mend' }))
  }
  return (
    <>
      {state.pen && (
        <Button size="compact-xs" variant="default" onClick={() => edit.undo()}>
          {t('takeBack')}
        </Button>
      )}
      {(state.tool === 'draw' || state.mode === 'modify') && (
        <Button
          size="compact-xs"
          variant="default"
          disabled={state.busy || (state.mode === 'draw' && (state.pen?.placed.length ?? 0) < 3)}
          onClick={mend}
        >
          {t(state.mode === 'draw' ? 'finishAndMend' : 'mend')}
        </Button>
      )}
    </>
  )
}

function Measures({ state, language }: { state: EditState; language: string }) {
  const { t } = useTranslation('shape')
  const { area, length } = state.measure
  return (
    <>
      {area !== undefined && (
        <Text size="xs" fw={600}>
          {t('area')} {surfaceText(area, language)}
        </Text>
      )}
      {length !== undefined && (
        <Text size="xs" fw={600}>
          {t(area === undefined ? 'length' : 'perimeter')} {lengthText(length, language)}
        </Text>
      )}
    </>
  )
}

function hintOf(state: EditState, layer: LayerInfo): string {
  if (state.tool !== 'draw') return `hint.${state.tool}`
  return drawnType(layer.geometry.type) === 'Point' ? 'hint.drawPoint' : 'hint.draw'
}
