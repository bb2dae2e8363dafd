import {
  DEFINITION_IDS,
  type DefinitionId,
  DEFINITIONS,
  type DefinitionArea,
} from '#model/definitions.ts'
import { ALL_METRICS, type AnyMetric } from '#model/metrics.ts'
import { query } from './address.ts'
import type { DeskMessages } from './words.ts'

// What a figure means, from the registry and the dictionaries: in the note behind its name, and on
// the page where all of them stand.

/** What a figure means, as lines for the note behind its name. */
export function definitionOf(metric: AnyMetric, say: DeskMessages['metrics']): string {
  const { formula, unit, window, notes } = say.definitions[metric]
  return [
    `${say.parts.formula}: ${formula}`,
    `${say.parts.unit}: ${unit}`,
    `${say.parts.window}: ${window}`,
    `${say.parts.notes}: ${notes}`,
  ].join('\n')
}

export interface DefinitionWords {
  id: DefinitionId
  area: DefinitionArea
  name: string
  formula: string
  unit: string
  window: string
  over: string
  notes: string
  version: string
  recorded: boolean
}

function isMetric(id: DefinitionId): id is AnyMetric {
  return ALL_METRICS.some((metric) => metric === id)
}

/** One figure in words. */
export function definitionWords(id: DefinitionId, say: DeskMessages): DefinitionWords {
  const { area, unit, version, since, recorded } = DEFINITIONS[id]
  const { definitions, metrics } = say
  const text = isMetric(id)
    ? { name: metrics.names[id], over: definitions.over[id], ...metrics.definitions[id] }
    : { unit: definitions.units[unit], ...definitions.texts[id] }
  return { id, area, ...text, version: definitions.version(version, since), recorded }
}

/** The same for a note: what is counted, over what, and what is left out. */
export function definitionNote(id: DefinitionId, say: DeskMessages): string {
  const { formula, window, over, notes } = definitionWords(id, say)
  const { columns } = say.definitions
  return [
    `${columns.formula}: ${formula}`,
    `${columns.window}: ${window}`,
    `${columns.over}: ${over}`,
    `${columns.notes}: ${notes}`,
  ].join('\n')
}

export function definitionHref(id: DefinitionId): string {
  return `/desk/definitions#${id}`
}

/** The figure that goes by a name on screen, or by its own in the registry. */
export function definitionNamed(name: string, say: DeskMessages): DefinitionId | null {
  const found = DEFINITION_IDS.find(
    (id) => id === name || definitionWords(id, say).name === name || spokenOf(id, say) === name,
  )
  return found ?? null
}

/** The name by which the statement calls a figure, which is shorter there. */
function spokenOf(id: DefinitionId, { statement }: DeskMessages): string | null {
  const lines: Partial<Record<string, string>> = statement.lines
  return lines[id] ?? null
}

/** Definitions that hold all words of `text`, in the order of the registry. */
export function findDefinitions(text: string, say: DeskMessages): DefinitionWords[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return DEFINITION_IDS.map((id) => definitionWords(id, say)).filter((one) => {
    const all = [one.id, one.name, one.formula, one.window, one.over, one.notes]
    const whole = all.join(' ').toLowerCase()
    return words.every((word) => whole.includes(word))
  })
}

export function definitionsAddress(text: string): string {
  const written = query({ q: text })
  return written === '' ? '?' : written
}
