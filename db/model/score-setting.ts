import * as v from 'valibot'
import { id } from './id.ts'
import { COMPONENT_IDS, COMPONENTS, type ComponentId, type Weights } from './score/components.ts'

// What headquarters thinks a store is there for: the weights of the super-store score, as they are
// kept in the ledger and as they stand in an address.

/** The one record of its kind: the chain's weights in force. */
export const SCORE_SETTING_ID = '5c07e000-0000-8000-8000-000000000001'

/** Points that the weights of a chain add up to. */
export const POINTS = 100

const points = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(POINTS))

type Entries = Record<ComponentId, v.OptionalSchema<typeof points, 0>>

/** A component that is younger than a record has no points in it. */
function entriesOf(): Entries {
  const pairs = COMPONENT_IDS.map((component) => [component, v.optional(points, 0)] as const)
  // Object.fromEntries forgets the names; every one of COMPONENT_IDS was given an entry above.
  return Object.fromEntries(pairs) as Entries
}

/** Why weights cannot be set, or null: they are whole points of 0 to 100 that add up to 100. */
export function weightsFault(weights: Weights): 'sum' | 'none-recorded' | null {
  const sum = COMPONENT_IDS.reduce((all, component) => all + weights[component], 0)
  if (sum !== POINTS) return 'sum'
  // Otherwise no store could be scored: nobody has facts for what is asked.
  const isKnown = COMPONENT_IDS.some((one) => COMPONENTS[one].recorded && weights[one] > 0)
  return isKnown ? null : 'none-recorded'
}

/** Points per component. */
export const ScoreWeights = v.pipe(
  v.object(entriesOf()),
  v.check((weights) => weightsFault(weights) !== 'sum', 'sum'),
  v.check((weights) => weightsFault(weights) !== 'none-recorded', 'none-recorded'),
)

/** The weights are one field, so that of two people who edit at once one wins and the sum holds. */
export const ScoreSetting = v.object({ weights: ScoreWeights, by: id })
export type ScoreSetting = v.InferOutput<typeof ScoreSetting>

/** Points in the order of the registry, as in an address: `20-15-10-10-10-10-10-5-5-5`. */
export function weightsText(weights: Weights): string {
  return COMPONENT_IDS.map((component) => weights[component]).join('-')
}

/** The weights that such a text says; null when it says none that could be set. */
export function parseWeights(text: string): Weights | null {
  if (!/^\d{1,3}(-\d{1,3})*$/.test(text)) return null
  const said = text.split('-').map(Number)
  if (said.length > COMPONENT_IDS.length) return null
  const pairs = COMPONENT_IDS.map((component, index) => [component, said[index] ?? 0])
  const read = v.safeParse(ScoreWeights, Object.fromEntries(pairs))
  return read.success ? read.output : null
}
