// Who may import whom. Every file of ours stands in one room, and arrows go one way, so that a
// reader of a room needs to know only what lies below it.
export type Room = {
  name: string
  /** Rooms this one may import besides itself. */
  below: readonly string[]
  /** When set, the only packages its product code may import. */
  packages?: readonly string[]
}

const MODEL: Room = { name: 'db/model', below: [], packages: ['valibot'] }
const I18N: Room = { name: 'web/lib/i18n', below: [] }
const PAGES = ['db/model', 'web/lib', 'web/lib/*']

/** Longest name first: a file stands in the first room whose name its path begins with. */
const ROOMS: readonly Room[] = [
  MODEL,
  { name: 'db/sql', below: ['db/model'] },
  { name: 'api', below: ['db/sql', 'db/model'] },
  I18N,
  { name: 'web/lib/ui', below: ['web/lib/i18n'] },
  { name: 'web/lib/charts', below: ['web/lib/ui'] },
  { name: 'web/lib/local', below: ['db/model'] },
  { name: 'web/lib/sync', below: ['db/model', 'web/lib/local'] },
  { name: 'web/lib', below: PAGES },
  { name: 'web/routes', below: PAGES },
  { name: 'web/e2e', below: ['*'] },
  { name: 'web', below: PAGES },
  { name: 'scripts', below: ['*'] },
]

/** Files at the top of the project and of db/ configure tools; they may import anything. */
const TOP: Room = { name: 'the configuration', below: ['*'] }

/**
 * The room of a file. Below web/lib a folder without a rule of its own (`web/lib/desk`) is a room
 * too: it may import the model and its neighbours, but the rooms with rules may not import it.
 */
export function roomOf(path: string): Room {
  const room = ROOMS.find(({ name }) => path.startsWith(`${name}/`)) ?? TOP
  const folder = /^web\/lib\/[^/]+(?=\/)/.exec(path)?.[0]
  return room.name === 'web/lib' && folder !== undefined ? { ...room, name: folder } : room
}

/** True when a file of `from` may import one of `to`. */
export function mayImport(from: Room, to: Room): boolean {
  if (from.name === to.name) return true
  return from.below.some((allowed) => {
    if (allowed === '*') return true
    return allowed.endsWith('/*') ? to.name.startsWith(allowed.slice(0, -1)) : allowed === to.name
  })
}
