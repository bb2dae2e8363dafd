import type { Local } from '#web/local/database.ts'
import type { ShownVisit } from '#web/local/past.ts'
import { getCustomer, todayVisits } from '#web/local/read.ts'

export interface TodayLine {
  visit: ShownVisit
  customerId: string
  /** Null when the customer is no longer on this tablet. */
  name: string | null
}

/** Today's latest visits of customers with a name, the latest first. */
export async function listToday(local: Local, limit: number): Promise<TodayLine[]> {
  const visits = (await todayVisits(local)).filter((visit) => visit.customer_id !== null)
  return Promise.all(
    visits.slice(0, limit).map(async (visit) => {
      const customerId = visit.customer_id ?? ''
      const customer = await getCustomer(local, customerId)
      return { visit, customerId, name: customer?.row.name ?? null }
    }),
  )
}
