/** Scope of figures that belong to the book itself: the customer's home store. */
export const HOME = 'home'

/** Amounts by key; see `figureKey`. */
export type Figures = Map<string, number>

/** Figures per book, by the book's store id. */
export type Books = Map<string, Figures>

/** `d`: changes and counts by day; `m`: openings of stocks by month. */
export type FigureTable = 'd' | 'm'

export function figureKey(table: FigureTable, scope: string, day: number, metric: string): string {
  return `${table}|${scope}|${day}|${metric}`
}

/** A figure's place. */
export interface FigureKey {
  table: FigureTable
  scope: string
  day: number
  metric: string
}

export function parseFigureKey(key: string): FigureKey {
  const [table, scope = '', day, metric = ''] = key.split('|')
  return { table: table === 'm' ? 'm' : 'd', scope, day: Number(day), metric }
}

export function addFigure(figures: Figures, key: string, amount: number): void {
  if (amount === 0) return
  const sum = (figures.get(key) ?? 0) + amount
  if (sum === 0) figures.delete(key)
  else figures.set(key, sum)
}

/** What has to be added to go from `before` to `after`; no zero is kept. */
export function differenceOf(before: Figures, after: Figures): Figures {
  const difference: Figures = new Map(after)
  for (const [key, amount] of before) addFigure(difference, key, -amount)
  return difference
}
