import { civilFromDay, instantOf, weekday } from '#model/calendar.ts'
import type { Format } from './chain.data.ts'
import { ZONE } from './chain.data.ts'
import type { Random } from './random.ts'

// When people come: by the day of the week, the month, the hour, and their own habit.

const WEEKDAYS = [0.76, 0.78, 0.84, 0.9, 1.12, 1.42, 1.3]
/** January to December: quiet around the New Year holidays, loud in June and November. */
const MONTHS = [0.95, 0.78, 1.06, 0.95, 1.08, 1.15, 0.92, 0.94, 1, 1.04, 1.22, 1.12]
const FIRST_HOUR = 9

export function seasonOf(day: number): number {
  return MONTHS[civilFromDay(day).month - 1] ?? 1
}

/** How busy a day is; 1 is average. */
export function busyness(day: number): number {
  return seasonOf(day) * (WEEKDAYS[weekday(day)] ?? 1)
}

/** A day near `target`, weekends sooner than Mondays. */
export function dayNear(random: Random, target: number): number {
  const around = [target - 1, target, target + 1, target + 2]
  return around[random.weighted(around.map(busyness))] ?? target
}

/** A day within [from, to], busy days sooner than quiet ones. */
export function dayWithin(random: Random, from: number, to: number): number {
  const most = Math.max(...MONTHS) * Math.max(...WEEKDAYS)
  for (;;) {
    const day = random.whole(from, to)
    if (random.next() * most < busyness(day)) return day
  }
}

/** An instant of a day at which the store is busy. The zone's clocks never change. */
export function momentOf(random: Random, day: number, format: Format): number {
  const hour = FIRST_HOUR + random.weighted(format.hours)
  const minutes = Math.max(hour * 60 + random.whole(0, 59), format.open[0] + 2)
  const seconds = Math.min(minutes, format.open[1] - 2) * 60 + random.whole(0, 59)
  return instantOf(day, 0, ZONE) + seconds * 1000
}
