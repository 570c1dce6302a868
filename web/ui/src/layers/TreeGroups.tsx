import { Text, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { page } from '../page/state'
import { useLanguage } from '../words/i18n'
import { withMoved } from './arrangement'
import { GroupHead } from './GroupHead'
import { matching, type TreeGroup, withPlace } from './groups'
import { LayerRow } from './LayerRow'
import classes from './layers.module.css'
import { Registers } from './Registers'
import { useLayers } from './useLayers'

/** Where what is dragged would go: above or below a layer, or, without one, on top of a group. */
interface Goal {
  group: string
  layer?: string
  side: 'above' | 'below'
}

/** The groups with their rows; layers move within them and between them, by mouse and by keyboard. */
export function TreeGroups({ words }: { words: string }) {
  const { t } = useTranslation('tree')
  const language = useLanguage()
  const { layers, registers, drawn, tree, groups } = useLayers()
  const [dragged, setDragged] = useState<string | null>(null)
  const [goal, setGoal] = useState<Goal | null>(null)
  const [told, setTold] = useState('')
  const [folded, setFolded] = useState<Record<string, boolean>>({})
  const infos = new Map(layers.map((layer) => [layer.id, layer]))
  const states = new Map(drawn.map((layer) => [layer.id, layer]))
  const found = matching(tree, registers, words, language)
  const isOpen = ({ id, layers }: TreeGroup) =>
    words.trim() !== '' || !(folded[id] ?? !layers.some((layer) => states.get(layer)?.checked))

  function put(id: string, { group, layer, side }: Goal) {
    setGoal(null)
    setDragged(null)
    if (layer === id) return
    const into = tree.find((each) => each.id === group)
    const from = tree.find(({ layers }) => layers.includes(id))
    if (!into || !from) return
    const other = layer ?? into.layers.find((each) => each !== id)
    page.arrange((arrangement) => {
      const placed =
        into === from
          ? arrangement
          : { ...arrangement, groups: withPlace(arrangement.groups ?? groups, id, group) }
      return other ? withMoved(placed, drawn, id, layer ? side : 'above', other) : placed
    })
    const rest = into.layers.filter((each) => each !== id)
    const place = layer ? rest.indexOf(layer) + (side === 'above' ? 1 : 2) : 1
    setTold(
      t('moved', {
        layer: infos.get(id)?.title[language],
        group: into.title[language],
        place,
        count: rest.length + 1,
      }),
    )
    refocus(id)
  }

  /** One further up or down; from the end of a group into the one beside it. */
  function step(id: string, by: 1 | -1) {
    const at = tree.findIndex(({ layers }) => layers.includes(id))
    const group = tree[at]
    const other = group?.layers[group.layers.indexOf(id) + by]
    if (group && other) {
      return put(id, { group: group.id, layer: other, side: by === -1 ? 'above' : 'below' })
    }
    const beside = tree[at + by]
    if (!beside) return
    setFolded((before) => ({ ...before, [beside.id]: false }))
    const last = beside.layers.at(-1)
    put(id, { group: beside.id, side: 'below', ...(by === -1 && last ? { layer: last } : {}) })
  }

  return (
    <>
      {found.length === 0 && (
        <Text size="sm" c="dimmed" p="xs" role="status">
          {t('noneFound')}
        </Text>
      )}
      {found.map((group) => (
        <section
          key={group.id}
          aria-labelledby={`group-${group.id}`}
          data-within={group.within !== null}
          className={classes.group}
        >
          <GroupHead
            group={group}
            open={isOpen(group)}
            goal={goal?.group === group.id && !goal.layer}
            onFold={(fold) => setFolded((before) => ({ ...before, [group.id]: fold }))}
            onOver={() => dragged && setGoal({ group: group.id, side: 'above' })}
            onDrop={() => dragged && put(dragged, { group: group.id, side: 'above' })}
          />
          {isOpen(group) && (
            <>
              <ul className={classes.rows}>
                {group.layers.map((id) => {
                  const [info, state] = [infos.get(id), states.get(id)]
                  return info && state ? (
                    <LayerRow
                      key={id}
                      layer={info}
                      drawn={state}
                      tree={tree}
                      goal={goal?.layer === id ? goal.side : null}
                      dragging={dragged === id}
                      onMove={(by) => step(id, by)}
                      onPlace={(into) => put(id, { group: into, side: 'above' })}
                      onDragStart={() => setDragged(id)}
                      onDragOver={(side) =>
                        dragged && setGoal({ group: group.id, layer: id, side })
                      }
                      onDrop={() => dragged && goal && put(dragged, goal)}
                      onDragEnd={() => {
                        setDragged(null)
                        setGoal(null)
                      }}
                    />
                  ) : null
                })}
              </ul>
              <Registers registers={group.registers} />
            </>
          )}
        </section>
      ))}
      <VisuallyHidden role="status">{told}</VisuallyHidden>
    </>
  )
}

/** A row that went into another group is another element: the keyboard goes with it. */
function refocus(id: string) {
  const { activeElement } = document
  if (!activeElement?.closest(`[data-layer="${CSS.escape(id)}"]`)) return
  requestAnimationFrame(() => {
    const row = document.querySelector(`[data-layer="${CSS.escape(id)}"]`)
    if (row?.contains(document.activeElement)) return
    row?.querySelector<HTMLElement>('input')?.focus()
  })
}
