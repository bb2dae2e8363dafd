import type { Metric } from '#model/metrics.ts'
import type { Messages } from '#web/i18n/zh.ts'

/** What a figure means, as lines for the note behind its name. */
export function definitionOf(metric: Metric, say: Messages['metrics']): string {
  const { formula, unit, window, notes } = say.definitions[metric]
  return [
    `${say.parts.formula}: ${formula}`,
    `${say.parts.unit}: ${unit}`,
    `${say.parts.window}: ${window}`,
    `${say.parts.notes}: ${notes}`,
  ].join('\n')
}
