// What is at stake: a screen that goes on showing what was true. A live query must follow every
// table it read, also those it reads after a part was unpacked outside the database.
import 'fake-indexeddb/auto'
import { liveQuery } from 'dexie'
import { expect, test } from 'vitest'
import { getPast } from './past.ts'
import { getCustomer, recents, touchRecent } from './read.ts'
import { readStatus } from './status.ts'
import { customerRow, downloadParts, MORNING, openTestLocal, visitAt } from './test-local.ts'
import { addTag, logVisit } from './write.ts'

/** The answers of a live query so far; `next` waits for one more. */
function follow<T>(query: () => Promise<T>) {
  const answers: T[] = []
  const subscription = liveQuery(query).subscribe((answer) => answers.push(answer))
  const next = async () => {
    const known = answers.length
    for (let wait = 0; wait < 200 && answers.length === known; wait += 1)
      await new Promise((resolve) => setTimeout(resolve, 5))
    await new Promise((resolve) => setTimeout(resolve, 30))
    return answers.at(-1)
  }
  return { next, end: () => subscription.unsubscribe() }
}

async function withPackedCustomer() {
  const tablet = await openTestLocal()
  const customer = customerRow(tablet.store)
  const visit = visitAt(tablet.store, customer.id, MORNING - 86_400_000)
  await downloadParts(tablet, [customer], { [customer.id]: { visits: [visit], history: [] } })
  return { ...tablet, customer }
}

test('a past that lies in a part follows a visit written now', async () => {
  const { local, actor, customer } = await withPackedCustomer()
  const past = follow(() => getPast(local, customer.id))
  expect((await past.next())?.visits).toHaveLength(1)
  await logVisit(local, actor, customer.id, 'buy')
  expect((await past.next())?.visits).toHaveLength(2)
  past.end()
})

test('a packed customer follows a tag, and the status follows the outbox', async () => {
  const { local, actor, customer, tag } = await withPackedCustomer()
  const shown = follow(() => getCustomer(local, customer.id))
  const status = follow(() => readStatus(local))
  expect((await shown.next())?.row.taggings).toHaveLength(0)
  await addTag(local, actor, customer.id, tag)
  expect((await shown.next())?.row.taggings).toHaveLength(1)
  expect(await readStatus(local)).toMatchObject({ waiting: 1 })
  shown.end()
  status.end()
})

test('recent customers follow what is opened', async () => {
  const { local, customer } = await withPackedCustomer()
  const list = follow(() => recents(local))
  expect(await list.next()).toEqual([])
  await touchRecent(local, customer.id)
  expect(await list.next()).toMatchObject([{ id: customer.id }])
  list.end()
})
