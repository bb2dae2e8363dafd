// What is at stake: after a move or an erasure a store shows customers it never had, or loses those
// it had. The oracle counts on every day by the definitions alone: a customer counts in the book of
// the home of that day, and nowhere from the day of the erasure on.
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { type Books, figureKey, type Figures, HOME, parseFigureKey } from './figures.ts'
import { foldCustomer, tenuresOfCustomer } from './fold.ts'
import { homeOn, homeSpans, moveHome } from './homes.ts'
import {
  day,
  FIRST_DAY,
  isWithin,
  LAST_DAY,
  type Life,
  life,
  newborn,
  row,
  STORES,
} from './test-life.ts'

vi.setConfig({ testTimeout: 30_000 }) // The oracle looks at every day of every run.

function kept(book: Figures | undefined, on: number, metric: string): number {
  return book?.get(figureKey('d', HOME, on, metric)) ?? 0
}

function monthFirst(on: number): number {
  return on - new Date(on * 86_400_000).getUTCDate() + 1
}

function levelOf(book: Figures | undefined, on: number, metric: string): number {
  let level = book?.get(figureKey('m', HOME, monthFirst(on), metric)) ?? 0
  for (let change = monthFirst(on); change <= on; change += 1) level += kept(book, change, metric)
  return level
}

function quarterFirst(on: number): number {
  const date = new Date(on * 86_400_000)
  return Date.UTC(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / 3) * 3, 1) / 86_400_000
}

function yearFirst(on: number): number {
  return Date.UTC(new Date(on * 86_400_000).getUTCFullYear(), 0, 1) / 86_400_000
}

function valueOf(book: Figures | undefined, on: number, metric: string): number {
  let level = book?.get(figureKey('m', HOME, quarterFirst(on), metric)) ?? 0
  for (let change = quarterFirst(on); change <= on; change += 1) level += kept(book, change, metric)
  return level
}

function spentBefore({ history }: Life, on: number): number {
  const within = history.filter((row) => row.day <= on && row.day > on - 365)
  return within.reduce((sum, row) => sum + row.spend_minor, 0)
}

/** Whoever came less whoever went on a day, counted or in value. */
function cameLessWent(book: Figures | undefined, on: number, prefix: string): number {
  const moved = (metric: string) => kept(book, on, prefix + metric)
  const others = (metric: string) =>
    STORES.reduce((sum, store) => sum + moved(`${metric}:${store}`), 0)
  const came = moved('new') + moved('reactivated') + moved('unmerged') + others('transfer_in')
  return came - (moved('lost') + others('transfer_out') + moved('merged') + moved('erased'))
}

function isActive({ days, erased_on, merged: spans, activityDays }: Life, on: number): boolean {
  if (erased_on !== null && on >= erased_on) return false
  if (isWithin(spans, on)) return false
  return days.some((seen) => seen <= on && on < seen + activityDays)
}

function wears({ tagged: spans }: Life, on: number): boolean {
  return spans.some(({ from, to }) => from <= on && (to === null || on < to))
}

/** Days and stores on which the figures differ from the count, so that a failure names them. */
function disagreement(
  books: Books,
  metric: string,
  count: (store: string, on: number) => number,
  read: typeof levelOf,
) {
  const found = []
  for (const store of STORES)
    for (let on = FIRST_DAY - 40; on <= LAST_DAY; on += 1) {
      const [counted, figure] = [count(store, on), read(books.get(store), on, metric)]
      if (counted !== figure) found.push({ store, on, counted, figure })
    }
  return found
}

test('stocks stand in the book of the home of the day, until the person is forgotten', () => {
  fc.assert(
    fc.property(life, (one) => {
      const books = foldCustomer(one, one.activityDays)
      const at = (store: string, on: number) => homeOn(one.homes, on).store_id === store
      const active = (store: string, on: number) => (at(store, on) && isActive(one, on) ? 1 : 0)
      const dressed = (store: string, on: number) => (wears(one, on) ? active(store, on) : 0)
      expect(disagreement(books, 'active', active, levelOf)).toEqual([])
      expect(disagreement(books, 'tagged:any', dressed, levelOf)).toEqual([])
      expect(disagreement(books, 'tagged:skin', dressed, levelOf)).toEqual([])
    }),
    { numRuns: 150 },
  )
})

test('the statement of every store balances: who came in stays or went out', () => {
  fc.assert(
    fc.property(life, (one) => {
      const books = foldCustomer(one, one.activityDays)
      const running = new Map<string, number>()
      const balance = (store: string, on: number) => {
        const change = cameLessWent(books.get(store), on, '')
        running.set(store, (running.get(store) ?? 0) + change)
        return running.get(store) ?? 0
      }
      expect(disagreement(books, 'active', balance, levelOf)).toEqual([])
    }),
    { numRuns: 100 },
  )
})

test('the value of a store’s customers is their spend of 12 months, and its statement balances', () => {
  fc.assert(
    fc.property(life, (one) => {
      const books = foldCustomer(one, one.activityDays)
      const isHere = (store: string, on: number) => homeOn(one.homes, on).store_id === store
      const worth = (store: string, on: number) =>
        isHere(store, on) && isActive(one, on) ? spentBefore(one, on) : 0
      expect(disagreement(books, 'value', worth, valueOf)).toEqual([])
      const running = new Map<string, number>()
      const balance = (store: string, on: number) => {
        const book = books.get(store)
        const grown = kept(book, on, 'value_expanded') + kept(book, on, 'value_contracted')
        const change = cameLessWent(book, on, 'value_') + grown
        running.set(store, (running.get(store) ?? 0) + change)
        return running.get(store) ?? 0
      }
      expect(disagreement(books, 'value', balance, valueOf)).toEqual([])
    }),
    { numRuns: 100 },
  )
})

test('what a customer was worth in a book comes to its openings, closings and value lines', () => {
  fc.assert(
    fc.property(life, day, fc.integer({ min: 1, max: 150 }), (one, from, days) => {
      const books = foldCustomer(one, one.activityDays)
      const to = from + days
      for (const store of STORES) {
        const book = books.get(store)
        const tenures = tenuresOfCustomer(one, store, [from, to], one.activityDays)
        const sum = (metric: string) => {
          let total = 0
          for (let on = from; on < to; on += 1) total += kept(book, on, metric)
          return total
        }
        const [opened, closed] = [
          tenures.filter(({ since }) => since < from),
          tenures.filter(({ until }) => until === null),
        ]
        const worth = (field: 'before_minor' | 'grew_minor' | 'shrank_minor' | 'after_minor') =>
          tenures.reduce((total, tenure) => total + tenure[field], 0)
        expect(opened.length).toBe(levelOf(book, from - 1, 'active'))
        expect(closed.length).toBe(levelOf(book, to - 1, 'active'))
        expect(opened.reduce((total, { before_minor }) => total + before_minor, 0)).toBe(
          valueOf(book, from - 1, 'value'),
        )
        expect(closed.reduce((total, { after_minor }) => total + after_minor, 0)).toBe(
          valueOf(book, to - 1, 'value'),
        )
        expect(worth('grew_minor')).toBe(sum('value_expanded'))
        expect(worth('shrank_minor')).toBe(sum('value_contracted'))
        for (const { before_minor, grew_minor, shrank_minor, after_minor } of tenures)
          expect(before_minor + grew_minor + shrank_minor).toBe(after_minor)
      }
    }),
    { numRuns: 300 },
  )
})

test('arrivals stand in the book of the home of their day, and somebody erased is not lost', () => {
  fc.assert(
    fc.property(life, (one) => {
      const books = foldCustomer(one, one.activityDays)
      const sorted = [...new Set(one.days)].sort((a, b) => a - b)
      const arrives = (on: number) =>
        sorted.includes(on) && !sorted.some((seen) => seen < on && on < seen + one.activityDays)
      const at = (store: string, on: number) => homeOn(one.homes, on).store_id === store
      const isNew = (store: string, on: number) =>
        at(store, on) && on === sorted[0] && arrives(on) ? 1 : 0
      const isBack = (store: string, on: number) =>
        at(store, on) && on !== sorted[0] && arrives(on) ? 1 : 0
      expect(disagreement(books, 'new', isNew, kept)).toEqual([])
      expect(disagreement(books, 'reactivated', isBack, kept)).toEqual([])
      const { erased_on } = one
      if (erased_on === null) return
      for (const book of books.values())
        for (let on = erased_on + 1; on <= LAST_DAY; on += 1) expect(kept(book, on, 'lost')).toBe(0)
    }),
    { numRuns: 100 },
  )
})

test('who was seen before and comes in a period counts where the home was on the first day', () => {
  const periods = { m: monthFirst, q: quarterFirst, y: yearFirst }
  fc.assert(
    fc.property(life, (one) => {
      const books = foldCustomer(one, one.activityDays)
      const first = Math.min(...one.days)
      const at = (store: string, on: number) => homeOn(one.homes, on).store_id === store
      for (const [letter, startOf] of Object.entries(periods)) {
        const isFirstOfPeriod = (on: number) =>
          one.days.includes(on) && !one.days.some((seen) => seen >= startOf(on) && seen < on)
        const came = (store: string, on: number) =>
          at(store, on) && isFirstOfPeriod(on) && first < startOf(on) ? 1 : 0
        expect(disagreement(books, `returning_${letter}`, came, kept)).toEqual([])
      }
    }),
    { numRuns: 100 },
  )
})

test('of the last 28 and 90 days, those count who were seen within and before them', () => {
  fc.assert(
    fc.property(life, (one) => {
      const books = foldCustomer(one, one.activityDays)
      const first = Math.min(...one.days)
      const isGone = (on: number) =>
        isWithin(one.merged, on) || (one.erased_on !== null && on >= one.erased_on)
      const at = (store: string, on: number) => homeOn(one.homes, on).store_id === store
      for (const days of [28, 90]) {
        const within = (on: number) => one.days.some((seen) => seen <= on && seen > on - days)
        const came = (store: string, on: number) =>
          at(store, on) && !isGone(on) && within(on) && first <= on - days ? 1 : 0
        expect(disagreement(books, `returning_${days}d`, came, levelOf)).toEqual([])
      }
    }),
    { numRuns: 100 },
  )
})

test('a second visit is decided after 60 days, in the book of the home of that day', () => {
  fc.assert(
    fc.property(life, (one) => {
      const books = foldCustomer(one, one.activityDays)
      const first = Math.min(...one.days)
      const isDecided = (store: string, on: number) =>
        on === first + 60 &&
        homeOn(one.homes, on).store_id === store &&
        (one.erased_on === null || one.erased_on > on)
      const due = (store: string, on: number) => (isDecided(store, on) ? 1 : 0)
      const cameAgain = one.days.some((seen) => seen > first && seen - first <= 60)
      const done = (store: string, on: number) => (cameAgain ? due(store, on) : 0)
      expect(disagreement(books, 'new60', due, kept)).toEqual([])
      expect(disagreement(books, 'second60', done, kept)).toEqual([])
      const present = one.homes.at(-1)?.store_id
      const last = (store: string, on: number) =>
        store === present && on === Math.max(...one.days) ? 1 : 0
      expect(disagreement(books, 'last_seen', last, kept)).toEqual([])
    }),
    { numRuns: 150 },
  )
})

/** The month of a day as text, and as a number to subtract. */
function monthText(on: number): string {
  return new Date(on * 86_400_000).toISOString().slice(0, 7)
}

function monthNumber(month: string): number {
  return 12 * Number(month.slice(0, 4)) + Number(month.slice(5))
}

test('a customer counts once in each month, for the store that won them and for the home', () => {
  fc.assert(
    fc.property(life, (one) => {
      const months = [...new Set(one.days.map(monthText))].sort()
      const [earliest] = [...one.history].sort((a, b) =>
        a.day === b.day ? (a.store_id < b.store_id ? -1 : 1) : a.day - b.day,
      )
      const home = one.homes.at(-1)?.store_id
      const wanted = months.flatMap((month) => {
        const k = monthNumber(month) - monthNumber(months[0] ?? '')
        return [
          `${earliest?.store_id} ${month}-01 cohort_acquired:${k}`,
          `${home} ${month}-01 cohort_homed:${k}`,
        ]
      })
      const found = [...foldCustomer(one, one.activityDays)].flatMap(([store, figures]) =>
        [...figures].flatMap(([key, amount]) => {
          const { day: on, metric } = parseFigureKey(key)
          const first = new Date(on * 86_400_000).toISOString().slice(0, 10)
          const name = `${store} ${first} ${metric}`
          return metric.startsWith('cohort') ? Array<string>(amount).fill(name) : []
        }),
      )
      expect(found.sort()).toEqual(wanted.sort())
    }),
    { numRuns: 150 },
  )
})

test('an erasure changes only what is dated from its day on', () => {
  fc.assert(
    fc.property(life, (one) => {
      fc.pre(one.erased_on !== null)
      const [before, after] = [
        foldCustomer({ ...one, erased_on: null }, one.activityDays),
        foldCustomer(one, one.activityDays),
      ]
      for (const store of STORES) {
        const past = (book: Figures | undefined) =>
          [...(book ?? [])]
            .filter(([key]) => Number(key.split('|')[2]) < (one.erased_on ?? 0))
            .sort(([a], [b]) => (a < b ? -1 : 1))
        expect(past(after.get(store))).toEqual(past(before.get(store)))
      }
    }),
    { numRuns: 100 },
  )
})

test('seen by scope, a customer stands in the book of the present home alone', () => {
  const one = {
    days: [],
    tagged: [],
    merged: [],
    erased_on: null,
    history: [row(FIRST_DAY, 'store-c')],
  }
  const moved = moveHome(newborn('store-a'), 'store-b', FIRST_DAY + 10)
  const books = foldCustomer({ ...one, homes: homeSpans(moved) }, 90)
  const seenIn = (store: string) =>
    [...(books.get(store)?.keys() ?? [])].filter((key) => key.includes('visitors'))
  expect(seenIn('store-a')).toEqual([])
  expect(seenIn('store-b').length).toBeGreaterThan(0)
})

test('homes follow one another, and one that had no day is left out', () => {
  const a = newborn('store-a')
  const b = moveHome(a, 'store-b', 10)
  expect(homeSpans(b).map(({ store_id, to }) => [store_id, to])).toEqual([
    ['store-a', 10],
    ['store-b', Infinity],
  ])
  expect(moveHome(b, 'store-b', 20)).toBe(b)
  expect(moveHome(b, 'store-a', 10)).toMatchObject({ home_store_id: 'store-a', homes: null })
  const late = moveHome(b, 'store-c', 5) // Heard of late, it begins when the home it ends began.
  expect(late.homes).toEqual([{ store_id: 'store-a', until: 10 }])
  expect(homeOn(homeSpans(late), 9).store_id).toBe('store-a')
  expect(homeOn(homeSpans(late), 10).store_id).toBe('store-c')
})
