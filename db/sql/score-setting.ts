import * as v from 'valibot'
import { eq } from 'drizzle-orm'
import { CHAIN } from '#model/id.ts'
import type { OpResult } from '#model/protocol.ts'
import type { Weights } from '#model/score/components.ts'
import { SCORE_SETTING_ID, ScoreSetting } from '#model/score-setting.ts'
import { listDeskRecords } from './desk-records.ts'
import type { Ledger } from './ledger.ts'
import { type Writer, writeDrafts } from './write.ts'

/** The weights that headquarters set, who did, and when. */
export interface SetWeights {
  weights: Weights
  at: number
  by_name: string
}

/** What is set for the chain; null while nobody set anything. */
export async function readScoreSetting(ledger: Ledger): Promise<SetWeights | null> {
  const records = await listDeskRecords(ledger, 'score_setting')
  const record = records.find(({ id }) => id === SCORE_SETTING_ID)
  const read = v.safeParse(ScoreSetting, record?.fields)
  if (!record || !read.success) return null
  const { staff } = ledger.t
  const { weights, by } = read.output
  const [person] = await ledger.db.select({ name: staff.name }).from(staff).where(eq(staff.id, by))
  return { weights, at: record.stamps['weights']?.[0] ?? 0, by_name: person?.name ?? '' }
}

/** Sets the chain's weights as an op of the desk, in the name of its writer. */
export async function setScoreWeights(
  ledger: Ledger,
  writer: Writer,
  weights: Weights,
  now: number,
): Promise<OpResult[]> {
  const type = (await readScoreSetting(ledger)) ? 'set' : 'create'
  const payload = { weights: { ...weights }, by: writer.actor_id }
  const record = { kind: 'score_setting', record_id: SCORE_SETTING_ID }
  return writeDrafts(ledger, writer, [{ ...record, store_id: CHAIN, type, payload }], now)
}
