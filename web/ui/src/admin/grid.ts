/** What profiles may do, as data. The server reads the same: only the narrowest scope counts. */
import type { LayerRights, Profile } from '../api/admin'

export const EVERYWHERE = '*'

export interface Scope {
  id: string
  /** The wider scope whose actions hold when nothing is said here. */
  within?: string
  title: Record<string, string>
  kind: 'everywhere' | 'application' | 'layer'
  /** What the layer file says of the profile. */
  file?: string[]
}

/** The rows of the grid: everywhere, each application, and the layers of one of them. */
export function scopes(layers: LayerRights[], profile: string, application: string): Scope[] {
  const rows: Scope[] = [{ id: EVERYWHERE, title: {}, kind: 'everywhere' }]
  const seen = new Set<string>()
  for (const { application: app } of layers) {
    if (seen.has(app.id)) continue
    seen.add(app.id)
    rows.push({ id: app.id, within: EVERYWHERE, title: app.title, kind: 'application' })
    if (app.id !== application) continue
    for (const layer of layers.filter((l) => l.application.id === app.id)) {
      const file = layer.rights[profile] ?? undefined
      rows.push({ id: layer.id, within: app.id, title: layer.title, kind: 'layer', file })
    }
  }
  return rows
}

/** What holds in a scope, said there or not. */
export function holds(grants: Profile['grants'], scope: Scope, all: Scope[]): string[] {
  const said = grants[scope.id]
  if (said) return said
  if (scope.file) return scope.file
  const wider = all.find(({ id }) => id === scope.within)
  return wider ? holds(grants, wider, all) : []
}

/** Gives or takes an action in a scope, which then says all its actions itself. */
export function toggle(
  grants: Profile['grants'],
  scope: Scope,
  all: Scope[],
  action: string,
): Profile['grants'] {
  const before = holds(grants, scope, all)
  const after = before.includes(action) ? before.filter((a) => a !== action) : [...before, action]
  return { ...grants, [scope.id]: after }
}

/** Lets a scope say nothing of its own again. */
export function forget(grants: Profile['grants'], scope: Scope): Profile['grants'] {
  const { [scope.id]: _, ...rest } = grants
  return rest
}
