import type { DigestChange } from '#model/alerts/digest.ts'
import { dayText } from '#model/calendar.ts'
import type { MondayReport } from '#model/report-alerts.ts'
import { type CsvCell, toCsv } from '#web/charts/csv.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { alertCell, metricCell, yesOrNo } from './alerts-csv.ts'
import { placeName } from './alerts-words.ts'
import { minorDigits } from './figures.ts'
import { instantCell } from './store-files.ts'
import type { DeskMessages } from './words.ts'

// The Monday page as a file: what improved and slips, whom to save, and the practice of a peer, one
// row each; a column that a row does not speak of is empty.

type Cells = Partial<Record<keyof ReturnType<typeof headOf>, CsvCell>>

function headOf({ files, alerts }: DeskMessages) {
  return {
    ...{ store: files.store, week: files.week, part: files.part, metric: files.metric },
    ...{ value: files.value, n: files.n, recent: files.recent, usual: files.centre },
    ...{ low: files.low, high: files.high, other: alerts.monday.practice, own: files.own },
    ...{ customer: files.customer, customer_id: files.customerId, light: files.light },
    ...{ gap: files.gap, absent: files.absent, lost: files.lostOn, visits: files.visits },
    ...{ spend: files.spend, came: files.cameOn, currency: files.currency },
    ...{ whole: files.whole, asOf: files.asOf },
  }
}

function changeCells(part: string, one: DigestChange, currency: string, say: DeskMessages): Cells {
  const figure = (value: number) => alertCell(one.metric, value, currency)
  return {
    ...{ part, metric: metricCell(one.metric, say), value: figure(one.value), n: one.n },
    ...{ recent: figure(one.smoothed), usual: figure(one.usual) },
    ...{ low: figure(one.low), high: figure(one.high) },
  }
}

function saveCells(report: MondayReport, { alerts }: DeskMessages): Cells[] {
  const digits = minorDigits(report.store.currency)
  const { monday } = alerts
  return report.saves.map((save) => ({
    ...{ part: monday.saves, customer: save.name, customer_id: save.customer_id },
    ...{
      light: monday.lights[save.light],
      gap: Number(save.gap_days.toFixed(1)),
      absent: save.days_since,
    },
    ...{ lost: dayText(save.lost_on), visits: save.visits },
    spend: Number((save.spend_minor / 10 ** digits).toFixed(digits)),
    came: save.came_on === null ? null : dayText(save.came_on),
  }))
}

function practiceCells({ practice, store }: MondayReport, say: DeskMessages, locale: Locale) {
  if (!practice) return []
  const { metric, own, place } = practice
  const figure = (value: number | null) => alertCell(metric, value, store.currency)
  const cells: Cells = {
    ...{ part: say.alerts.monday.practice, metric: metricCell(metric, say), n: practice.n },
    ...{ value: figure(practice.value), usual: figure(practice.usual), own: figure(own) },
    other: place && placeName(place, locale),
  }
  return [cells]
}

export function mondayCsv(report: MondayReport, say: DeskMessages, locale: Locale): string {
  const { monday } = say.alerts
  const { store, week, is_whole, as_of } = report
  const every: Cells = {
    ...{ store: placeName(store, locale), week, currency: store.currency },
    ...{ whole: yesOrNo(is_whole, say), asOf: instantCell(as_of) },
  }
  const head = headOf(say)
  // Object.keys forgets the names of a record that holds exactly these.
  const names = Object.keys(head) as (keyof typeof head)[]
  const rows: Cells[] = [
    ...report.improved.map((one) => changeCells(monday.improved, one, store.currency, say)),
    ...report.slipping.map((one) => changeCells(monday.slipping, one, store.currency, say)),
    ...saveCells(report, say),
    ...practiceCells(report, say, locale),
  ]
  const line = (row: Cells): CsvCell[] => {
    const cells = { ...every, ...row }
    return names.map((name) => cells[name] ?? null)
  }
  return toCsv([names.map((name) => head[name]), ...rows.map(line)])
}
