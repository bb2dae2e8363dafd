// One sync cycle, as a state machine:
//
//            ┌─ push: oldest batch → answers → next batch … ─┐
//   lock ────┤                                               ├──► trouble, when to come again
//            └─ pull: pages of all feeds … → complete ───────┘
//                      └─ a feed without parts → download ─┘
//
// The pull waits a moment for the push, so that a quick push is confirmed at once, and never
// longer: a push that hangs or fails stops nothing. Ops are answered for by pushes, and leave what
// the screens show as "on its way" only by a complete pull.
import { BATCH_MAX_OPS } from '#model/limits.ts'
import type { Pull, PullReply } from '#model/protocol.ts'
import { applyPage, readFeeds } from '#web/local/apply-page.ts'
import { clerkKeysAt, saveClerkKeys } from '#web/local/clerk-keys.ts'
import type { Local } from '#web/local/database.ts'
import { getDevice, type LocalDevice } from '#web/local/device.ts'
import { pruneDrafts } from '#web/local/drafts.ts'
import { readLastVisits, wantsRepack } from '#web/local/generations.ts'
import {
  acknowledge,
  type Measured,
  pruneAcked,
  takeCounter,
  takePush,
  waitingOps,
} from '#web/local/outbox.ts'
import type { StorageReport } from '#web/local/read.ts'
import { setTrouble } from '#web/local/trouble.ts'
import { pruneVisitors } from '#web/local/visitors.ts'
import { batchOf } from './batch.ts'
import { download } from './download.ts'
import { readHealth } from './health.ts'
import { DONE, FORK, gravestOf, type Leg, leg } from './leg.ts'
import type { CycleOutcome } from './schedule.ts'
import { type Transport, TransportError } from './transport.ts'

export type Phase = 'idle' | 'sending' | 'receiving' | 'first-download'

export interface EngineDeps {
  local: Local
  transport: Transport
  appVersion: string
  storage(): Promise<StorageReport>
  sleep(ms: number): Promise<void>
  /** Runs work unless another tab is at it. Only thrift depends on it: two at once are safe. */
  exclusively(work: () => Promise<void>): Promise<void>
  /** Told of every change, to show it. */
  onPhase(phase: Phase): void
}

const PULL_WAITS_FOR_PUSH_MS = 2_000
const PULL_LIMIT = 1_000
const CLERKS_EVERY_MS = 10 * 60_000
const TIDY_EVERY_MS = 6 * 3_600_000
/** A server whose answers lead nowhere this often is in trouble. */
const MAX_IDLE_ROUNDS = 3

export class Engine {
  readonly #deps: EngineDeps
  #tidiedAt = -Infinity
  /** An op was written since the cycle began: what can wait is put off. */
  #isHurried = false

  constructor(deps: EngineDeps) {
    this.#deps = deps
    deps.local.changes.listen((change) => {
      if (change.type === 'written') this.#isHurried = true
    })
  }

  /** Sends what waits and receives what is new. Throws only on a bug. */
  async cycle(): Promise<CycleOutcome> {
    let outcome: CycleOutcome = { ok: true, retryAfterMs: null }
    await this.#deps.exclusively(async () => {
      outcome = await this.#cycle()
    })
    return outcome
  }

  async #cycle(): Promise<CycleOutcome> {
    const { local, onPhase, sleep } = this.#deps
    const device = await getDevice(local)
    if (!device || device.trouble === 'fork') return { ok: true, retryAfterMs: null }
    this.#isHurried = false
    const pushing = leg(() => this.#push(device))
    await Promise.race([pushing, sleep(PULL_WAITS_FOR_PUSH_MS)])
    const pulled = await leg(() => this.#pull(device))
    const legs = [await pushing, pulled]
    onPhase('idle')
    const trouble = gravestOf(legs)
    await setTrouble(local, trouble)
    const waits = legs.flatMap(({ retryAfterMs }) => retryAfterMs ?? [])
    return { ok: trouble === null, retryAfterMs: waits.length > 0 ? Math.max(...waits) : null }
  }

  async #push({ device_id }: LocalDevice): Promise<Leg> {
    const { local, transport, appVersion, storage, onPhase } = this.#deps
    let maxOps = BATCH_MAX_OPS
    for (let idleRounds = 0; idleRounds < MAX_IDLE_ROUNDS;) {
      const ops = batchOf(await waitingOps(local, maxOps), maxOps)
      const [first] = ops
      if (!first) return DONE
      onPhase('sending')
      const epoch = (await getDevice(local))?.epoch ?? null
      const body = { device_id, epoch, health: await readHealth(local, appVersion, storage), ops }
      const answer = await this.#measured(() => transport.push(body)).catch((error: unknown) => {
        if (isTooLarge(error) && ops.length > 1) return null
        throw error
      })
      if (answer === null) {
        maxOps = Math.floor(ops.length / 2)
        continue
      }
      if ((await takePush(local, device_id, answer.reply, answer)) === 'fork') return FORK
      const [next] = await waitingOps(local, 1)
      idleRounds = next?.n === first.n ? idleRounds + 1 : 0
    }
    return { trouble: 'server', retryAfterMs: null }
  }

  async #pull(device: LocalDevice): Promise<Leg> {
    const { local, transport, appVersion, storage, onPhase } = this.#deps
    const { device_id, store_id } = device
    await this.#fetchClerks(CLERKS_EVERY_MS)
    for (let idleRounds = 0; idleRounds < MAX_IDLE_ROUNDS;) {
      const feeds = await cursorsOf(local)
      const body = {
        device_id,
        health: await readHealth(local, appVersion, storage),
        feeds,
        limit: PULL_LIMIT,
      }
      const answer = await this.#measured(() => transport.pull(body))
      if ((await takeCounter(local, device_id, answer.reply, answer)) === 'fork') return FORK
      const pages = await takePages(local, answer.reply, feeds)
      idleRounds = pages.isProgress ? 0 : idleRounds + 1
      // Whoever was added at the desk wants to unlock this tablet now.
      if (pages.isStaffNew) await this.#fetchClerks(0)
      if (pages.more) {
        onPhase('receiving')
      } else if ((await readFeeds(local.db))[store_id]?.whole) {
        await acknowledge(local, answer.reply.last_n)
        await this.#tidy(store_id)
        return DONE
      } else {
        onPhase('first-download')
        await download(local, transport, store_id)
        idleRounds = 0
      }
    }
    return { trouble: 'server', retryAfterMs: null }
  }

  /** Who may unlock the tablet. A failure stops nothing: the pull will say what is wrong. */
  async #fetchClerks(maxAgeMs: number): Promise<void> {
    const { local, transport } = this.#deps
    const at = await clerkKeysAt(local)
    const age = at === null ? Infinity : Math.abs(local.deps.now() - at)
    if (age < maxAgeMs) return
    try {
      await saveClerkKeys(local, await transport.clerks())
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
    }
  }

  /** Work that no screen waits for, after everything else is done. */
  async #tidy(storeId: string): Promise<void> {
    const { local, transport } = this.#deps
    await readLastVisits(local, storeId, () => !this.#isHurried)
    if (local.deps.now() - this.#tidiedAt < TIDY_EVERY_MS || this.#isHurried) return
    this.#tidiedAt = local.deps.now()
    await pruneAcked(local)
    await pruneDrafts(local)
    await pruneVisitors(local)
    if (await wantsRepack(local, storeId)) await download(local, transport, storeId)
  }

  async #measured<T extends { server_now: number }>(
    ask: () => Promise<T>,
  ): Promise<Measured & { reply: T }> {
    const { now } = this.#deps.local.deps
    const askedAt = now()
    const reply = await ask()
    return { reply, server_now: reply.server_now, askedAt, answeredAt: now() }
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof TransportError && error.fault === 'too-large'
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
