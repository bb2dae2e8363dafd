import type { ScoreReport, ScoreRow } from '#model/report-score.ts'
import type { ComponentId } from '#model/score/components.ts'
import { type CsvCell, toCsv } from '#web/charts/csv.ts'
import { formatNumber, formatPercent } from '#web/i18n/format.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { formatWords } from './format-words.ts'
import { componentName, figureWords, inForce, pointsWords } from './score-words.ts'
import { partOf } from './score-view.ts'
import { nameOf } from './stores-table.ts'
import type { DeskMessages } from './words.ts'

// The ranking in plain figures: what the table shows and what the file holds are the same cells.

export interface ScoreColumn {
  id: string
  label: string
  align: 'start' | 'end'
  /** The figure itself; null is no data. */
  cell: (row: ScoreRow) => CsvCell
  /** How a figure is written on screen; texts are shown as they are. */
  format?: (value: number) => string
  /** Decimals of the figure in the file. */
  digits?: number
}

export interface ScoreWords {
  say: DeskMessages
  locale: Locale
}

type Regions = ScoreReport['regions']

function placeColumns(regions: Regions, { say, locale }: ScoreWords): ScoreColumn[] {
  const { csv, columns } = say.score
  const text = (id: string, label: string, cell: ScoreColumn['cell']): ScoreColumn => {
    return { id, label, align: 'start', cell }
  }
  return [
    text('name', columns.store, (row) => nameOf(row, locale)),
    text('code', csv.code, ({ code }) => code),
    text('region', csv.region, ({ region_id }) => {
      const region = regions.find(({ id }) => id === region_id)
      return region ? nameOf(region, locale) : null
    }),
    text('format', csv.format, ({ peers: { format } }) => {
      return format === null ? null : formatWords(format, say.common.storeFormats)
    }),
    text('city_tier', csv.cityTier, ({ peers }) => peers.city_tier),
    text('age', csv.age, ({ peers }) => say.score.ages[peers.age]),
    text('state', csv.state, ({ left_out }) => csv.states[left_out?.reason ?? 'ranked']),
  ]
}

function scoreFigures({ say, locale }: ScoreWords): ScoreColumn[] {
  const { csv, columns } = say.score
  const whole = (id: string, label: string, cell: ScoreColumn['cell']): ScoreColumn => {
    return { id, label, align: 'end', cell, format: (value) => formatNumber(value, locale) }
  }
  const points = (id: string, label: string, cell: ScoreColumn['cell']): ScoreColumn => {
    const format = (value: number) => pointsWords(value, locale)
    return { id, label, align: 'end', cell, format, digits: 1 }
  }
  const share = (value: number) => formatPercent(value, locale, 0)
  return [
    whole('rank', csv.rank, ({ rank }) => rank),
    whole('rank_low', csv.rankLow, ({ rank_range }) => rank_range?.low ?? null),
    whole('rank_high', csv.rankHigh, ({ rank_range }) => rank_range?.high ?? null),
    whole('tied', csv.tied, ({ tied_with }) => tied_with),
    points('score', csv.score, ({ score }) => score),
    points('low', csv.low, ({ interval }) => interval?.low ?? null),
    points('high', csv.high, ({ interval }) => interval?.high ?? null),
    points('geometric', columns.geometric, ({ geometric }) => geometric),
    {
      id: 'weakest',
      label: columns.weakest,
      align: 'start',
      cell: ({ weakest }) => weakest && componentName(weakest, say),
    },
    whole('weight_low', csv.weightLow, ({ weight_rank }) => weight_rank?.low ?? null),
    whole('weight_high', csv.weightHigh, ({ weight_rank }) => weight_rank?.high ?? null),
    {
      id: 'kept',
      label: csv.kept,
      align: 'end',
      cell: ({ weight_kept }) => weight_kept,
      format: share,
      digits: 3,
    },
  ]
}

function partColumns(id: ComponentId, { say, locale }: ScoreWords): ScoreColumn[] {
  const { csv } = say.score
  const name = componentName(id, say)
  const format = (value: number) => figureWords(id, value, locale)
  const own = (what: string, label: string, cell: ScoreColumn['cell']): ScoreColumn => {
    return { id: `${id}.${what}`, label, align: 'end', cell, format, digits: 4 }
  }
  return [
    own('raw', csv.raw(name), (row) => partOf(row, id)?.raw ?? null),
    {
      ...own('n', csv.n(name), (row) => partOf(row, id)?.n ?? null),
      format: (value) => formatNumber(value, locale),
      digits: 0,
    },
    own('theta', csv.theta(name), (row) => partOf(row, id)?.theta ?? null),
    {
      ...own('part', csv.part(name), (row) => partOf(row, id)?.part ?? null),
      format: (value) => pointsWords(value, locale),
      digits: 1,
    },
  ]
}

/** Every figure of the ranking, in the order in which it is read. */
export function scoreColumns(report: ScoreReport, words: ScoreWords): ScoreColumn[] {
  const { csv } = words.say.score
  return [
    ...placeColumns(report.regions, words),
    ...scoreFigures(words),
    ...inForce(report.weights).flatMap((id) => partColumns(id, words)),
    {
      id: 'as_of',
      label: csv.asOf,
      align: 'start',
      cell: ({ as_of }) => (as_of === null ? null : new Date(as_of).toISOString()),
    },
  ]
}

/** A cell on screen; null where nothing was measured. */
export function shownCell(row: ScoreRow, { cell, format }: ScoreColumn): string | null {
  const value = cell(row)
  return typeof value === 'number' ? (format?.(value) ?? String(value)) : value
}

/** The rows as a file, with the decimals that are seen. */
export function scoreCsv(rows: readonly ScoreRow[], columns: readonly ScoreColumn[]): string {
  const line = (row: ScoreRow) =>
    columns.map(({ cell, digits }): CsvCell => {
      const value = cell(row)
      return typeof value === 'number' && digits !== undefined
        ? Number(value.toFixed(digits))
        : value
    })
  return toCsv([columns.map(({ label }) => label), ...rows.map(line)])
}
