import { civilFromDay, dayFromCivil } from '#model/calendar.ts'
import { formatDayDistance } from '#web/i18n/format.ts'
import type { Messages } from '#web/i18n/zh.ts'

const SOON_DAYS = 14

/** Days until a birthday `MM-DD` comes round; the 29th of February is kept on the 1st of March. */
function daysUntil(monthDay: string, today: number): number {
  const [month = 1, day = 1] = monthDay.split('-').map(Number)
  const { year } = civilFromDay(today)
  const next = [year, year + 1].map((y) => dayFromCivil(y, month, day)).find((d) => d >= today)
  return (next ?? today) - today
}

/** A word about a birthday within the next fortnight, else null. */
export function birthdayWords(
  birthday: string | null,
  today: number,
  messages: Messages,
  locale: 'zh' | 'en',
): string | null {
  if (birthday === null) return null
  const days = daysUntil(birthday, today)
  if (days > SOON_DAYS) return null
  const words = messages.clerk.customer
  return days === 0 ? words.birthdayToday : words.birthdaySoon(formatDayDistance(days, locale))
}
