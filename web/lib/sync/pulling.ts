// The other direction of a cycle: pages of all feeds, until none has more. A feed whose parts are
// not here is downloaded first.
import type { Pull, PullReply } from '#model/protocol.ts'
import { applyPage, readFeeds } from '#web/local/apply-page.ts'
import { clerkKeysAt, saveClerkKeys } from '#web/local/clerk-keys.ts'
import type { Local } from '#web/local/database.ts'
import type { LocalDevice } from '#web/local/device.ts'
import { finishErasures } from '#web/local/erased.ts'
import { acknowledge, takeCounter } from '#web/local/outbox.ts'
import { type Asking, MAX_IDLE_ROUNDS, measured } from './asking.ts'
import { download } from './download.ts'
import { readHealth } from './health.ts'
import { DONE, type Leg, unnamed } from './leg.ts'
import { TransportError } from './transport.ts'

const PULL_LIMIT = 1_000
const CLERKS_EVERY_MS = 10 * 60_000
/** A set of parts may go stale while it is fetched; a feed that never gets whole is trouble. */
const MAX_DOWNLOADS = 4

type Device = Pick<LocalDevice, 'device_id' | 'store_id'>

export async function pullAll(asking: Asking, { device_id, store_id }: Device): Promise<Leg> {
  const { local, transport, onPhase } = asking
  await fetchClerks(asking, CLERKS_EVERY_MS)
  let downloads = 0
  for (let idleRounds = 0; idleRounds < MAX_IDLE_ROUNDS && downloads < MAX_DOWNLOADS;) {
    const feeds = await cursorsOf(local)
    const body = { device_id, health: await readHealth(asking), feeds, limit: PULL_LIMIT }
    const answer = await measured(asking, () => transport.pull(body))
    const fork = await takeCounter(local, device_id, answer.reply, answer)
    if (fork) return unnamed(fork)
    const pages = await takePages(local, answer.reply, feeds)
    idleRounds = pages.isProgress ? 0 : idleRounds + 1
    // Whoever was added at the desk wants to unlock this tablet now.
    if (pages.isStaffNew) await fetchClerks(asking, 0)
    if (pages.more) {
      onPhase('receiving')
    } else if ((await readFeeds(local.db))[store_id]?.whole) {
      await acknowledge(local, device_id, answer.reply.last_n)
      await finishErasures(local)
      return DONE
    } else {
      onPhase('first-download')
      await download(local, transport, store_id)
      downloads += 1
      idleRounds = 0
    }
  }
  return { trouble: 'server', retryAfterMs: null }
}

/** Who may unlock the tablet. A failure stops nothing: the pull will say what is wrong. */
async function fetchClerks({ local, transport }: Asking, maxAgeMs: number): Promise<void> {
  const at = await clerkKeysAt(local)
  const age = at === null ? Infinity : Math.abs(local.deps.now() - at)
  if (age < maxAgeMs) return
  try {
    await saveClerkKeys(local, await transport.clerks())
  } catch (error) {
    if (!(error instanceof TransportError)) throw error
  }
}

/** Where the device stands in every feed that may be pulled. */
async function cursorsOf(local: Local): Promise<Pull['feeds']> {
  const feeds = Object.entries(await readFeeds(local.db)).filter(([, state]) => state.whole)
  return Object.fromEntries(feeds.map(([feed, { cursor, epoch }]) => [feed, { cursor, epoch }]))
}

interface PagesTaken {
  more: boolean
  isProgress: boolean
  isStaffNew: boolean
}

/** Applies the pages of the feeds that were asked for; a feed without a page has nothing yet. */
async function takePages(
  local: Local,
  reply: PullReply,
  asked: Pull['feeds'],
): Promise<PagesTaken> {
  const taken: PagesTaken = { more: false, isProgress: false, isStaffNew: false }
  for (const [feed, { cursor }] of Object.entries(asked)) {
    const page = reply.feeds[feed]
    if (!page) continue
    const outcome = await applyPage(local, feed, page)
    const isMoved = outcome === 'applied' && page.cursor !== cursor
    taken.more ||= outcome === 'ignored' || page.more
    taken.isProgress ||= outcome === 'reset' || isMoved
    taken.isStaffNew ||= isMoved && page.rows.some((row) => row.kind === 'staff')
  }
  return taken
}
