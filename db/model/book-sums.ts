import { type Books, figureKey, type Figures, type FigureTable } from './figures.ts'

type Days = Map<number, number>

/** Amounts by day of one metric, while they are summed. */
type Metric = Record<FigureTable, Days>

type Scopes = Map<string, Map<string, Metric>>

/** Adds an amount on a day. */
export type Add = (day: number, amount: number) => void

/** The sums of one book, to which whatever is added counts `sign` times. */
export class BookSum {
  readonly #scopes: Scopes
  readonly #sign: number

  constructor(scopes: Scopes, sign: number) {
    this.#scopes = scopes
    this.#sign = sign
  }

  /** Adds to one metric; it is looked up once for however many days. */
  of(table: FigureTable, scope: string, name: string): Add {
    const days = this.#metric(scope, name)[table]
    const sign = this.#sign
    return (day, amount) => void days.set(day, (days.get(day) ?? 0) + sign * amount)
  }

  #metric(scope: string, name: string): Metric {
    let metrics = this.#scopes.get(scope)
    if (!metrics) this.#scopes.set(scope, (metrics = new Map<string, Metric>()))
    let metric = metrics.get(name)
    if (!metric) metrics.set(name, (metric = { d: new Map(), m: new Map() }))
    return metric
  }
}

/**
 * Sums of several folds. What they have in common cancels as numbers, and only the rest is written
 * out as figures: spelling out keys is what a fold costs.
 */
export class BookSums {
  readonly #books = new Map<string, Scopes>()

  book(storeId: string, sign: 1 | -1): BookSum {
    let scopes = this.#books.get(storeId)
    if (!scopes) this.#books.set(storeId, (scopes = new Map()))
    return new BookSum(scopes, sign)
  }

  /** Every book that was touched; no zero is kept. */
  books(): Books {
    return new Map([...this.#books].map(([storeId, scopes]) => [storeId, figuresOf(scopes)]))
  }
}

function figuresOf(scopes: Scopes): Figures {
  const figures: Figures = new Map()
  for (const [scope, metrics] of scopes)
    for (const [name, { d, m }] of metrics) {
      for (const [day, amount] of d)
        if (amount !== 0) figures.set(figureKey('d', scope, day, name), amount)
      for (const [day, amount] of m)
        if (amount !== 0) figures.set(figureKey('m', scope, day, name), amount)
    }
  return figures
}
