// The other direction of a cycle: pages of all feeds, until none has more. A feed whose parts are
// not here is downloaded first.
import type { FeedPage, Pull, PullReply } from '#model/protocol.ts'
import { applyPage, readFeeds } from '#web/local/apply-page.ts'
import { clerkKeysAt, saveClerkKeys } from '#web/local/clerk-keys.ts'
import type { Local } from '#web/local/database.ts'
import type { LocalDevice } from '#web/local/device.ts'
import { finishErasures } from '#web/local/erased.ts'
import { acknowledge, takeCounter } from '#web/local/outbox.ts'
import type { FeedState } from '#web/local/tables.ts'
import { type Asking, MAX_IDLE_ROUNDS, measured } from './asking.ts'
import { download } from './download.ts'
import { readHealth } from './health.ts'
import { DONE, type Leg, unnamed } from './leg.ts'
import { TransportError } from './transport.ts'

const PULL_LIMIT = 1_000
const CLERKS_EVERY_MS = 10 * 60_000
/** A set of parts may go stale while it is fetched; a feed that never gets whole is trouble. */
const MAX_DOWNLOADS = 4

type Feeds = Awaited<ReturnType<typeof readFeeds>>
type Device = Pick<LocalDevice, 'device_id' | 'store_id'>

export async function pullAll(asking: Asking, { device_id, store_id }: Device): Promise<Leg> {
  const { local, transport, onPhase } = asking
  await fetchClerks(asking, CLERKS_EVERY_MS)
  let downloads = 0
  for (let idleRounds = 0; idleRounds < MAX_IDLE_ROUNDS && downloads < MAX_DOWNLOADS;) {
    const before = await readFeeds(local.db)
    const feeds = cursorsOf(before)
    const body = { device_id, health: await readHealth(asking), feeds, limit: PULL_LIMIT }
    const answer = await measured(asking, () => transport.pull(body))
    const fork = await takeCounter(local, device_id, answer.reply, answer)
    if (fork) return unnamed(fork)
    const pages = await takePages(local, answer.reply, before)
    idleRounds = pages.isProgress ? 0 : idleRounds + 1
    // Whoever was added at the desk wants to unlock this tablet now.
    if (pages.isStaffNew) await fetchClerks(asking, 0)
    if (pages.more) {
      onPhase('receiving')
    } else if (pages.after[store_id]?.whole) {
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
function cursorsOf(feeds: Feeds): Pull['feeds'] {
  const whole = Object.entries(feeds).filter(([, state]) => state.whole)
  return Object.fromEntries(whole.map(([feed, { cursor, epoch }]) => [feed, { cursor, epoch }]))
}

interface PagesTaken {
  more: boolean
  isProgress: boolean
  isStaffNew: boolean
  /** Where the device stands now. */
  after: Feeds
}

/** Applies the pages of the feeds that were asked for; a feed without a page has nothing yet. */
async function takePages(local: Local, reply: PullReply, before: Feeds): Promise<PagesTaken> {
  const taken = { more: false, isProgress: false, isStaffNew: false }
  const quiet: [feed: string, state: FeedState][] = []
  for (const [feed, state] of Object.entries(before)) {
    const page = reply.feeds[feed]
    if (!state.whole || !page) continue
    if (isNothingNew(state, page)) {
      quiet.push([feed, state])
      continue
    }
    const outcome = await applyPage(local, feed, page)
    const isMoved = outcome === 'applied' && page.cursor !== state.cursor
    taken.more ||= outcome === 'ignored' || page.more
    taken.isProgress ||= outcome === 'reset' || isMoved
    taken.isStaffNew ||= isMoved && page.rows.some((row) => row.kind === 'staff')
  }
  const after = await readFeeds(local.db)
  // Another tab may have begun the feed anew meanwhile: then the answer was to another question.
  const isMoot = quiet.some(([feed, state]) => !standsAs(after[feed], state))
  return { ...taken, more: taken.more || isMoot, after }
}

/** Most pages by far: they need no transaction. */
function isNothingNew(state: FeedState, page: FeedPage): boolean {
  const isAtRest = !state.sweep && !page.reset && !page.more && page.rows.length === 0
  const { cursor, epoch } = state
  return isAtRest && page.from === cursor && page.cursor === cursor && page.epoch === epoch
}

function standsAs(one: FeedState | undefined, { gen, cursor, whole }: FeedState): boolean {
  return one?.gen === gen && one.cursor === cursor && one.whole === whole
}
