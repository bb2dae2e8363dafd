// Our own client as the clerk's screens use it: the local database in the page, the sync in its
// worker, against the real API.
import type { Contender } from '../contender.ts'
import { browserDeps } from '#web/local/browser-deps.ts'
import type { Change } from '#web/local/changes.ts'
import { type Local, openLocal } from '#web/local/database.ts'
import { getDevice } from '#web/local/device.ts'
import { Lookup } from '#web/local/lookup.ts'
import { getPast } from '#web/local/past.ts'
import { getReference, outboxItems, recents, touchRecent } from '#web/local/read.ts'
import { readStatus } from '#web/local/status.ts'
import { logVisit } from '#web/local/write.ts'
import { startSync, syncNow } from '#web/sync/client.ts'
import { enrol } from '#web/sync/enrol.ts'

const QUIET_MS = 400
const POLL_MS = 2

interface Tablet {
  local: Local
  lookup: Lookup
}

let tablet: Tablet | null = null

function opened(): Tablet {
  if (!tablet) throw new Error('the database is not open')
  return tablet
}

function pause(ms: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, ms))
}

/** Resolves at the next change for which `isDone` holds. */
function untilChange(isDone: (change: Change) => boolean | Promise<boolean>): Promise<void> {
  const { local } = opened()
  return new Promise((resolve, reject) => {
    const end = local.changes.listen((change) => {
      Promise.resolve(isDone(change)).then((done) => {
        if (!done) return
        end()
        resolve()
      }, reject)
    })
  })
}

/** The parts tell twice: as they are stored, and when the last visits of theirs were read. */
async function isLastRead(local: Local): Promise<boolean> {
  for (const no of await local.parts.numbers()) if (!(await local.parts.lastOf(no))) return false
  return true
}

export const contender: Contender = {
  async open() {
    const local = await openLocal(browserDeps())
    tablet = { local, lookup: new Lookup(local) }
  },
  async enrol(code) {
    await enrol(opened().local, code)
  },
  prepareFind() {
    const { local, lookup } = opened()
    startSync(local)
    void lookup.load()
  },
  async bootstrap(on500, total) {
    const { local, lookup } = opened()
    await this.prepareFind?.()
    while (lookup.size < total) {
      if (lookup.size >= 500) on500()
      await pause(POLL_MS)
    }
    while ((await getDevice(local))?.first_download !== 'done') await pause(POLL_MS)
  },
  async settle() {
    const { local } = opened()
    const isAtRest = async () =>
      (await isLastRead(local)) && (await readStatus(local)).lastPullAt !== null
    while (!(await isAtRest())) await pause(50)
    await pause(QUIET_MS)
  },
  find: ({ text }, limit) => opened().lookup.search(text, limit),
  recents: () => recents(opened().local),
  touch: (id) => touchRecent(opened().local, id),
  async visitsOf(id) {
    return (await getPast(opened().local, id)).visits
  },
  async write(id) {
    const { local } = opened()
    return logVisit(local, { actor_id: await clerkId(), unlock_id: null }, id, 'buy')
  },
  async flush() {
    const { local } = opened()
    const isSent = async () => (await outboxItems(local)).length === 0
    const done = untilChange(async (change) => change.type === 'pulled' && (await isSent()))
    syncNow()
    if (await isSent()) return
    await done
  },
  async pull(isThere) {
    syncNow()
    while (!(await isThere())) await pause(POLL_MS)
  },
  async counts() {
    const { local } = opened()
    let visits = 0
    for (const no of await local.parts.numbers())
      for (const past of Object.values(await local.parts.past(no))) visits += past.visits.length
    return { customers: await countCustomers(local), visits }
  },
}

async function countCustomers({ parts }: Local): Promise<number> {
  let count = 0
  for (const no of await parts.numbers()) count += (await parts.customers(no)).length
  return count
}

let clerk: string | null = null

/** Any clerk of the store may write; the screens ask for the PIN before. */
async function clerkId(): Promise<string> {
  if (clerk !== null) return clerk
  const { staff } = await getReference(opened().local)
  const found = [...staff.values()].find((one) => one.role === 'clerk')
  if (!found) throw new Error('the store has no clerk')
  clerk = found.id
  return clerk
}
