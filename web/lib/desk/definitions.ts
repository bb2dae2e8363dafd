import type { Metric } from '#model/metrics.ts'
import type { DeskMessages } from './words.ts'

/** What a figure means, as lines for the note behind its name. */
export function definitionOf(metric: Metric, say: DeskMessages['metrics']): string {
  const { formula, unit, window, notes } = say.definitions[metric]
  return [
    `${say.parts.formula}: ${formula}`,
    `${say.parts.unit}: ${unit}`,
    `${say.parts.window}: ${window}`,
    `${say.parts.notes}: ${notes}`,
  ].join('\n')
}
