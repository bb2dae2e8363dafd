import type { PeerTraitsRow, ScorePartRow, ScoreReport, WeightsInfo } from '#model/report-score.ts'
import { COMPONENT_IDS, COMPONENTS, type ComponentId } from '#model/score/components.ts'
import { formatChange, formatNumber, formatPercent } from '#web/i18n/format.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { definitionWords } from './definitions.ts'
import { formatWords } from './format-words.ts'
import type { DeskMessages } from './words.ts'

// How the score's figures are put on paper.

/** A figure of fewer facts than this is mostly an estimate from the peers: it is greyed. */
export const THIN_BELOW = 10

/** Below this share of stores with usable data the page is a hint only. */
const COVERAGE_MIN = 0.7

export function isThin({ n }: Pick<ScorePartRow, 'n'>): boolean {
  return n < THIN_BELOW
}

/** A raw or shrunk figure of a component: a share, a growth with its sign, or a count. */
export function figureWords(id: ComponentId, value: number, locale: Locale): string {
  const { kind } = COMPONENTS[id]
  if (kind === 'rate') return formatPercent(value, locale)
  if (kind === 'mean') return `${formatChange(value * 100, locale, 1)}%`
  return formatNumber(value, locale, 2)
}

export function pointsWords(value: number, locale: Locale): string {
  return formatNumber(value, locale, 1)
}

/**
 * Format, tier of city where one is given, and age; `short` for a cell, where the bounds of an age
 * stand elsewhere.
 */
export function peerWords(peers: PeerTraitsRow, say: DeskMessages, short = false): string {
  const format =
    peers.format === null ? say.score.noFormat : formatWords(peers.format, say.common.storeFormats)
  const age = say.score[short ? 'agesShort' : 'ages'][peers.age]
  return [format, ...(peers.city_tier === null ? [] : [peers.city_tier]), age].join(' · ')
}

/** The full name of a component, as the page of definitions has it. */
export function componentName(id: ComponentId, say: DeskMessages): string {
  return definitionWords(id, say).name
}

/** `A, B and C` in the language on screen. */
export function listWords(items: readonly string[], locale: Locale): string {
  return new Intl.ListFormat(locale === 'zh' ? 'zh-CN' : 'en', { type: 'conjunction' }).format(
    items,
  )
}

export function namesOf(ids: readonly ComponentId[], say: DeskMessages, locale: Locale): string {
  return listWords(
    ids.map((id) => componentName(id, say)),
    locale,
  )
}

/** Components in force, in the order of the registry. */
export function inForce({ in_force }: Pick<WeightsInfo, 'in_force'>): ComponentId[] {
  return COMPONENT_IDS.filter((id) => in_force[id] > 0)
}

/** Components that have points but no facts in the product yet. */
export function unrecorded({
  weights,
  recorded,
}: Pick<WeightsInfo, 'weights' | 'recorded'>): ComponentId[] {
  return COMPONENT_IDS.filter((id) => weights[id] > 0 && !recorded.includes(id))
}

/** Whole points as they are, others with a digit. */
export function weightWords(weight: number, locale: Locale): string {
  return formatNumber(weight, locale, Number.isInteger(Number(weight.toFixed(1))) ? 0 : 1)
}

/** The share of stores that could be ranked where too few could; null where that is fine. */
export function poorCoverage({ counts }: Pick<ScoreReport, 'counts'>): number | null {
  const all = counts.ranked + counts.stale + counts.few_facts
  const share = all === 0 ? 1 : (counts.ranked + counts.few_facts) / all
  return share < COVERAGE_MIN ? share : null
}
