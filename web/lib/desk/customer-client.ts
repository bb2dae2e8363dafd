import * as v from 'valibot'
import { type Fetch, write } from './request.ts'

// What the desk does to one customer as a whole. Every function throws DeskError.

/** Somebody at home in a store, as a list names them; the server follows whoever has moved on. */
export interface NamedCustomer {
  id: string
  name: string
  home_store_id: string
}

const anything = v.unknown()

function pathOf({ home_store_id, id }: NamedCustomer): string {
  return `${encodeURIComponent(home_store_id)}/${encodeURIComponent(id)}`
}

/** Gives the customer another home from today on. */
export async function moveCustomer(
  get: Fetch,
  customer: NamedCustomer,
  to_store_id: string,
): Promise<void> {
  await write(get, `/api/desk/customers/${pathOf(customer)}/transfer`, { to_store_id }, anything)
}

/** Forgets the person, because they asked for it. Headquarters only; nothing brings them back. */
export async function eraseCustomer(get: Fetch, customer: NamedCustomer): Promise<void> {
  const body = { cause: 'request' }
  await write(get, `/api/admin/customers/${pathOf(customer)}/erase`, body, anything)
}
