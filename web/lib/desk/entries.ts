import { AFTER_HOURS_SHARE } from '#model/entries.ts'
import type { DefinitionId } from '#model/definitions.ts'
import type { EntriesReport } from '#model/report-entries.ts'
import { formatDateTime, formatNumber, formatPercent } from '#web/i18n/format.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { nameOf } from './stores-table.ts'
import type { DeskMessages } from './words.ts'

/** One way of recording: its figure in words, what there is to show for it, and whether to ask. */
export interface EntryLine {
  id: DefinitionId
  /** Null: no data, and `why` says so. */
  figure: string | null
  why: string
  /** Cases one by one. */
  cases: string[]
  ask: boolean
}

type Words = DeskMessages['compare']['entries']

function line(id: DefinitionId, more: Partial<EntryLine>): EntryLine {
  return { id, figure: null, why: '', cases: [], ask: false, ...more }
}

function shareLine(
  id: DefinitionId,
  { part, all, least }: { part: number; all: number; least: number },
  say: Words,
  locale: Locale,
): EntryLine {
  const share = part / all
  const of = say.of(formatNumber(part, locale), formatNumber(all, locale))
  const figure = `${formatPercent(share, locale)} · ${of}`
  return line(id, { figure, ask: share > least })
}

/** Share of records that may come in late before it is worth a question. */
const LATE_SHARE = 0.1
const PER = 1000

function mergedLine({ enrolled }: EntriesReport, say: Words, locale: Locale): EntryLine {
  const { customers, merged } = enrolled
  if (customers === 0) return line('merged_share', { why: say.noEnrolled })
  const rate = say.perThousand(formatNumber((merged / customers) * PER, locale, 1))
  const of = say.of(formatNumber(merged, locale), formatNumber(customers, locale))
  return line('merged_share', { figure: `${rate} · ${of}` })
}

/** Cases that are told one by one; any of them is worth a question. */
function casesLine(id: DefinitionId, cases: string[], { entries }: EntriesReport, say: Words) {
  if (entries === 0) return line(id, { why: say.noEntries })
  return line(id, { figure: cases.length === 0 ? say.none : '', cases, ask: cases.length > 0 })
}

/** The lines of a store's page, in the order of the page. */
export function entryLines(report: EntriesReport, words: DeskMessages, locale: Locale) {
  const say = words.compare.entries
  const { received, after_hours, entries, zone } = report
  const when = (at: number) => formatDateTime(at, zone, locale)
  const count = (value: number) => formatNumber(value, locale)
  const storeName = (id: string) => {
    const store = report.stores.find((one) => one.id === id)
    return store ? nameOf(store, locale) : ''
  }
  const bursts = report.bursts.map(({ at, name, visits }) =>
    say.burst(when(at), name || words.compare.staff.unknown, count(visits)),
  )
  const places = report.two_places.map(({ at, name, other_store_id: other, minutes }) =>
    say.place(when(at), name || words.compare.staff.unknown, storeName(other), count(minutes)),
  )
  const notes = report.same_notes.map(({ note, visits }) => say.note(note, count(visits)))
  const late = received && { part: received.late, all: received.records, least: LATE_SHARE }
  const outside = { part: after_hours ?? 0, all: entries, least: AFTER_HOURS_SHARE }
  return [
    late ? shareLine('late_share', late, say, locale) : line('late_share', { why: say.noRecords }),
    mergedLine(report, say, locale),
    casesLine('entry_bursts', bursts, report, say),
    casesLine('entry_places', places, report, say),
    after_hours === null || entries === 0
      ? line('entry_hours', { why: after_hours === null ? say.noHours : say.noEntries })
      : shareLine('entry_hours', outside, say, locale),
    casesLine('entry_notes', notes, report, say),
  ]
}
