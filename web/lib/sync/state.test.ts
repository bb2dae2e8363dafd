// What is at stake: a status that hides waiting work, or whose reading slows down every write.
// The database must be there before anything that uses it is loaded.
import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import { openTestLocal } from '#web/local/test-local.ts'
import { tally } from '#web/local/write.ts'
import { syncState, watchStatus } from './state.svelte.ts'

const WRITES = 60
const PATIENCE = { timeout: 4_000 }

test('the status follows many writes in a row, and is not read for each of them', async () => {
  // A browser's word for what nobody caught; Node has none.
  vi.stubGlobal('reportError', (fault: unknown) => expect.fail(String(fault)))
  const { local, actor } = await openTestLocal()
  const transactions = vi.spyOn(local.db, 'transaction')
  const unwatch = watchStatus(local)
  await vi.waitFor(() => expect(syncState).toMatchObject({ known: true, waiting: 0 }), PATIENCE)
  for (let write = 0; write < WRITES; write += 1) await tally(local, actor, 1)
  await vi.waitFor(() => expect(syncState.waiting).toBe(WRITES), PATIENCE)
  const readings = transactions.mock.calls.filter(([mode]) => String(mode) === 'r')
  expect(readings.length).toBeLessThan(WRITES / 2)
  expect(syncState.oldestWaitingAt).toBe(local.deps.now())
  unwatch()
  local.close()
})
