import { COMPONENT_IDS, type ComponentId, type Weights } from '#model/score/components.ts'
import { POINTS, weightsFault } from '#model/score-setting.ts'

// The weights while they are typed: texts, because half a number is none yet.

export type WeightTexts = Record<ComponentId, string>

function byComponent<T>(valueOf: (id: ComponentId) => T): Record<ComponentId, T> {
  const pairs = COMPONENT_IDS.map((id) => [id, valueOf(id)] as const)
  // Object.fromEntries forgets the names; every one of COMPONENT_IDS was given an entry above.
  return Object.fromEntries(pairs) as Record<ComponentId, T>
}

export function textsOf(weights: Weights): WeightTexts {
  return byComponent((id) => String(weights[id]))
}

/** Whole points of 0 to 100; an empty field is 0, anything else is no number. */
export function pointsOf(text: string): number | null {
  const trimmed = text.trim()
  if (trimmed === '') return 0
  const value = /^\d{1,3}$/.test(trimmed) ? Number(trimmed) : NaN
  return value <= POINTS ? value : null
}

/** What the fields come to: their sum as far as it can be read, and weights if all is well. */
export interface Typed {
  sum: number
  unreadable: ComponentId[]
  fault: 'unreadable' | 'sum' | 'none-recorded' | null
  weights: Weights | null
}

export function readTyped(texts: WeightTexts): Typed {
  const read = byComponent((id) => pointsOf(texts[id]))
  const unreadable = COMPONENT_IDS.filter((id) => read[id] === null)
  const weights = byComponent((id) => read[id] ?? 0)
  const sum = COMPONENT_IDS.reduce((all, id) => all + weights[id], 0)
  const fault = unreadable.length > 0 ? 'unreadable' : weightsFault(weights)
  return { sum, unreadable, fault, weights: fault === null ? weights : null }
}
