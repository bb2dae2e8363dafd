import { and, eq, isNotNull } from 'drizzle-orm'
import type { MergeSpan } from '#model/customer.ts'
import type { Answer, Message } from './network.ts'
import type { Serve } from './rule.ts'
import { PUSH } from './wire.ts'
import type { World } from './world.ts'

const NEVER = 8.64e15

/** Changes from when on entries about records that are part of others are the others'. */
async function redate(world: World, atOf: (id: string, span: MergeSpan, index: number) => number) {
  const { ledger } = world.server
  const { customer } = ledger.t
  await ledger.tx(async (db) => {
    for (const { store_id, id, merges } of await db
      .select()
      .from(customer)
      .where(isNotNull(customer.merges))) {
      const redated = (merges ?? []).map((span, i) => ({ ...span, at: atOf(id, span, i) }))
      const isRow = and(eq(customer.store_id, store_id), eq(customer.id, id))
      await db.update(customer).set({ merges: redated }).where(isRow)
    }
  })
}

/** While a push is taken no merge leads anywhere: what it says of a record stays there. */
export async function followNobody(world: World, message: Message, next: Serve): Promise<Answer> {
  if (message.path !== PUSH) return next(message)
  const times = new Map<string, number>()
  await redate(world, (id, { at }, index) => {
    times.set(`${id} ${index}`, at)
    return NEVER
  })
  const answer = await next(message)
  await redate(world, (id, { at }, index) => times.get(`${id} ${index}`) ?? at)
  return answer
}
