import * as v from 'valibot'
import type { HomeProposalsReport } from '#model/report.ts'
import { type Fetch, read, write } from './request.ts'

// Whose home should be another: what the rule proposes, and a manager's answers. Throws DeskError.

type Shape<T> = v.GenericSchema<unknown, T>

const text = v.string()
const number = v.number()

const HomeProposalsShape: Shape<HomeProposalsReport> = v.object({
  rows: v.array(
    v.object({
      customer_id: text,
      name: text,
      home_store_id: text,
      to_store_id: text,
      visits: v.array(v.object({ day: number, store_id: text })),
    }),
  ),
  total: number,
  stores: v.array(v.object({ id: text, name: text, name_en: v.nullable(text) })),
  as_of: v.nullable(v.number()),
  computed_at: v.number(),
})

const ReasonsShape = v.object({ reasons: v.array(v.nullable(text)) })

export type HomeProposalRow = HomeProposalsReport['rows'][number]

export function getHomeProposals(get: Fetch): Promise<HomeProposalsReport> {
  return read(get, '/api/desk/home-proposals', HomeProposalsShape)
}

/** Moves the customers, or keeps them where they are. Gives how many the ledger refused. */
export async function answerHomes(
  get: Fetch,
  rows: readonly HomeProposalRow[],
  verdict: 'move' | 'keep',
): Promise<number> {
  const answers = rows.map(({ customer_id, home_store_id, to_store_id }) => {
    return { customer_id, home_store_id, to_store_id: verdict === 'move' ? to_store_id : null }
  })
  const { reasons } = await write(get, '/api/desk/home-proposals', { answers }, ReasonsShape)
  return reasons.filter((reason) => reason !== null).length
}
