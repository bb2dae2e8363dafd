import type { AlertRow, EvidenceWeek } from '#model/report-alerts.ts'
import { dayText } from '#model/calendar.ts'
import type { Twin } from '#web/charts/twin.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { formatNumber } from '#web/i18n/format.ts'
import { alertDigits, alertFigure } from './alerts-words.ts'
import type { DeskMessages } from './words.ts'

/** The evidence in lines and columns; the same figures as in the chart. */
export function evidenceTwin(
  weeks: readonly EvidenceWeek[],
  { rule: { metric }, currency }: AlertRow,
  say: DeskMessages['alerts']['page'],
  locale: Locale,
): Twin {
  const format = (value: number) => alertFigure(metric, value, currency, locale)
  const figure = (label: string) => ({ label, format, digits: alertDigits(metric) })
  return {
    columns: [
      { label: say.week },
      figure(say.value),
      figure(say.tested),
      figure(say.centre),
      figure(say.low),
      figure(say.high),
      { label: say.n, format: (value) => formatNumber(value, locale), digits: 0 },
      { label: say.fired },
    ],
    rows: weeks.map((week) => ({
      cells: [
        dayText(week.day),
        ...[week.value, week.tested, week.centre, week.low, week.high, week.n],
        week.fired ? '▲' : '',
      ],
    })),
  }
}

/** Weeks from the first that could be judged on, but no more than a screen can show. */
export function shownWeeks(weeks: readonly EvidenceWeek[], most = 52): EvidenceWeek[] {
  const first = weeks.findIndex((week) => week.value !== null)
  return first < 0 ? [] : weeks.slice(Math.max(first, weeks.length - most))
}
