import { FIGURES_VERSION } from './fold.ts'

// What each version of the kept figures' definitions changed, in the order of time. The words stand
// in `web/lib/i18n/zh/desk-definitions.ts` and its English twin, by number. Whoever raises
// FIGURES_VERSION adds a line here and says there what changed.

export type FiguresVersion = 1 | 2 | 3 | 4 | 5 | 6

const HISTORY: readonly { version: FiguresVersion; since: string }[] = [
  { version: 1, since: '2026-11-21' },
  { version: 2, since: '2026-11-22' },
  { version: 3, since: '2026-11-22' },
  { version: 4, since: '2026-11-22' },
  { version: 5, since: '2026-11-23' },
  { version: 6, since: '2026-11-23' },
]

/** The versions up to that by which this program counts, the latest first. */
export function definitionHistory(inForce: number = FIGURES_VERSION) {
  return HISTORY.filter(({ version }) => version <= inForce).reverse()
}
