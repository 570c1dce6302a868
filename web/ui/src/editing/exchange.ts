/** Puts the interactions of one tool in the place of those of another. */
import DoubleClickZoom from 'ol/interaction/DoubleClickZoom'
import type Interaction from 'ol/interaction/Interaction'
import type OLMap from 'ol/Map'

/** Zooms: whether a double click goes on zooming; a tool that draws ends with it. */
export function exchange(
  map: OLMap,
  before: readonly Interaction[],
  after: readonly Interaction[],
  zooms: boolean,
): void {
  for (const interaction of before) {
    map.removeInteraction(interaction)
    interaction.dispose()
  }
  for (const interaction of after) map.addInteraction(interaction)
  for (const interaction of map.getInteractions().getArray()) {
    if (interaction instanceof DoubleClickZoom) interaction.setActive(zooms)
  }
}
