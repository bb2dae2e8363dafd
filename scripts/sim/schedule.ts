// What happens in a run, drawn before it begins. Every step has a time and a source of chance of
// its own, so a step that is left out does not change what the others do.
import { type Random, seededRandom } from '../demo/random.ts'

/** Steps and how often each comes, in parts of their sum. */
export const WEIGHTS = {
  write: 260,
  sync: 150,
  begin: 90,
  deliver: 190,
  'second-tab': 30,
  visitor: 20,
  'desk-write': 20,
  mend: 50,
  poison: 16,
  'poison-group': 10,
  damaged: 6,
  'future-op': 8,
  'future-row': 10,
  transfer: 24,
  merge: 12,
  unmerge: 5,
  erase: 8,
  compact: 10,
  decide: 20,
  'accept-loss': 5,
  crash: 20,
  'crash-amid': 30,
  'disk-full': 10,
  'disk-lost': 10,
  evict: 8,
  'dump-device': 12,
  'restore-device': 10,
  clone: 5,
  backup: 14,
  'restore-server': 9,
  'restart-server': 6,
  skew: 12,
  update: 16,
  'move-on': 6,
  'other-store': 6,
  revoke: 4,
  'long-pause': 3,
} as const

export type StepKind = keyof typeof WEIGHTS

export interface Step {
  no: number
  kind: StepKind
  /** Which tablet it concerns: its index, modulo how many there are. */
  who: number
  /** When it happens at the earliest, in ms. */
  at: number
  chance: string
}

const KINDS = Object.keys(WEIGHTS) as StepKind[]
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

function pauseMs(random: Random): number {
  const [low, high] = random.pick([
    [1, 20 * SECOND],
    [1, 20 * SECOND],
    [1, 2 * SECOND],
    [SECOND, 10 * MINUTE],
    [MINUTE, 6 * HOUR],
  ] as const)
  return random.whole(low, high)
}

/** The steps of a seed, `count` of them, from `start` (ms) on; `boost` multiplies weights. */
export function drawSchedule(
  seed: number,
  count: number,
  start: number,
  boost: Partial<Record<StepKind, number>> = {},
): Step[] {
  const random = seededRandom(`schedule ${seed}`)
  const weights = KINDS.map((kind) => WEIGHTS[kind] * (boost[kind] ?? 1))
  let at = start
  return Array.from({ length: count }, (_, no) => {
    const kind = KINDS[random.weighted(weights)] ?? 'write'
    at += kind === 'long-pause' ? random.whole(8 * DAY, 35 * DAY) : pauseMs(random)
    return { no, kind, who: random.whole(0, 9_999), at, chance: `${seed}/${no}` }
  })
}
