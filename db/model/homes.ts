import type { Customer, FormerHome } from './customer.ts'

// A customer has one home at a time. Homes are dated facts: figures of a day belong to the home of
// that day, so a move changes nothing about the days before it.

/** A home and its days: from `from` on, up to the day before `to`. */
export interface HomeSpan {
  store_id: string
  from: number
  to: number
}

type Homed = Pick<Customer, 'home_store_id' | 'homes'>

/** Every home that leads to the customer: the present one, and those before it. */
export function homesOf({ home_store_id, homes }: Homed): string[] {
  return [home_store_id, ...(homes ?? []).map((former) => former.store_id)]
}

/** The homes one after another; the first has no beginning and the last has no end. */
export function homeSpans({ home_store_id, homes }: Homed): HomeSpan[] {
  let from = -Infinity
  const former = (homes ?? []).map(({ store_id, until }) => {
    const span = { store_id, from, to: until }
    from = until
    return span
  })
  return [...former, { store_id: home_store_id, from, to: Infinity }]
}

export function homeOn(spans: readonly HomeSpan[], day: number): HomeSpan {
  const [first] = spans
  const span = spans.find(({ from, to }) => from <= day && day < to) ?? first
  if (!span) throw new RangeError('a customer without a home')
  return span
}

/**
 * The customer with the home `storeId` from `day` on. Whatever was known before stays: a move that
 * is heard of late begins no earlier than the home which it ends. The present home changes nothing.
 */
export function moveHome(customer: Customer, storeId: string, day: number): Customer {
  if (storeId === customer.home_store_id) return customer
  const known = customer.homes ?? []
  const until = Math.max(day, known.at(-1)?.until ?? day)
  const homes: FormerHome[] = [...known, { store_id: customer.home_store_id, until }]
  return { ...customer, home_store_id: storeId, homes: withoutEmpty(homes, storeId) }
}

/** A home that began and ended on one day had no day; one that went on never ended. */
function withoutEmpty(homes: readonly FormerHome[], present: string): FormerHome[] | null {
  const lasting: FormerHome[] = []
  for (const home of homes)
    if (home.until > (lasting.at(-1)?.until ?? -Infinity)) lasting.push(home)
  const apart = lasting.filter(
    ({ store_id }, index) => (lasting[index + 1]?.store_id ?? present) !== store_id,
  )
  return apart.length === 0 ? null : apart
}
