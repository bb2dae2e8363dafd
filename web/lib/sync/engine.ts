// One sync cycle, as a state machine:
//
//            ┌─ push: oldest batch → answers → next batch … ─┐
//   lock ────┤                                               ├──► trouble, when to come again
//            └─ pull: pages of all feeds … → complete ───────┘
//                      └─ a feed without parts → download ─┘
//
// The pull waits a moment for the push, so that a quick push is confirmed at once, and never
// longer: a push that hangs or fails stops nothing. Ops are answered for by pushes, and leave what
// the screens show as "on its way" only by a complete pull. A device that cannot go on under its
// name gets another, and goes through all of it once more.
import { reopen } from '#web/local/database.ts'
import { getDevice, type LocalDevice, wasRemoved } from '#web/local/device.ts'
import { hasUnconfirmed } from '#web/local/outbox.ts'
import type { Trouble } from '#web/local/tables.ts'
import { setTrouble } from '#web/local/trouble.ts'
import type { Asking } from './asking.ts'
import { DONE, gravestOf, type Leg, leg } from './leg.ts'
import { leave, tellEmptied } from './leaving.ts'
import { pullAll } from './pulling.ts'
import { pushAll } from './pushing.ts'
import { recover, renewName } from './renewal.ts'
import type { CycleOutcome } from './schedule.ts'
import { Tidy } from './tidy.ts'

export type { Phase } from './asking.ts'

export interface EngineDeps extends Asking {
  sleep(ms: number): Promise<void>
  /** Runs work unless another tab is at it. Only thrift depends on it: two at once are safe. */
  exclusively(work: () => Promise<void>): Promise<void>
  /** Told at the end of each cycle, for when the database cannot keep it. */
  onTrouble?(trouble: Trouble | null, detail: string | null): void
}

const PULL_WAITS_FOR_PUSH_MS = 2_000
/** The second under a new name; the third should a copy of this very database be at it too. */
const MAX_ROUNDS = 3
/** The database is a newer app's: this one hands in what waits, and is to be updated. */
const TOO_OLD: Leg = { trouble: 'update', retryAfterMs: null, detail: 'newer' }

export class Engine {
  readonly #deps: EngineDeps
  readonly #tidy = new Tidy()
  /** An op was written since the cycle began: what can wait is put off. */
  #isHurried = false
  /** The server does not know this browser: it waits to be enrolled. */
  #isStranger = false

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
    const { local, onPhase, onTrouble } = this.#deps
    this.#isHurried = false
    const legs: Leg[] = []
    const done = await leg(async () => {
      legs.push(...(await this.#rounds()))
      return DONE
    })
    onPhase('idle')
    const { trouble, detail = null } = gravestOf([...legs, done])
    if (detail === 'closed') await reopen(local)
    await setTrouble(local, trouble, detail)
    onTrouble?.(trouble, detail)
    const waits = [...legs, done].flatMap(({ retryAfterMs }) => retryAfterMs ?? [])
    return { ok: trouble === null, retryAfterMs: waits.length > 0 ? Math.max(...waits) : null }
  }

  async #rounds(): Promise<Leg[]> {
    const { local } = this.#deps
    let legs: Leg[] = []
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const device = await getDevice(local)
      if (!device) {
        legs = [await this.#recover()]
        if (legs[0]?.trouble !== null || this.#isStranger) return legs
        continue
      }
      legs = await this.#exchange(device)
      const fault = legs.find((one) => one.nameFault)?.nameFault
      if (!fault) return legs
      const renewed = await leg(() => renewName(this.#deps, device, fault))
      if (renewed.trouble !== null) return [...legs.filter((one) => !one.nameFault), renewed]
    }
    return legs
  }

  /** Push and pull of one device, as it is called now. */
  async #exchange(device: LocalDevice): Promise<Leg[]> {
    const { local, sleep } = this.#deps
    const pushing = leg(() => pushAll(this.#deps, device.device_id))
    if (local.isNewer) return [await pushing, TOO_OLD]
    const tooLong = sleep(PULL_WAITS_FOR_PUSH_MS).then(() => null)
    const isQuick = (await Promise.race([pushing, tooLong])) !== null
    const pulled = await leg(async () => {
      const end = await pullAll(this.#deps, device)
      if (end === DONE) await this.#tidy.run(this.#deps, device.store_id, () => this.#isHurried)
      return end
    })
    const pushed = await pushing
    if (pulled.trouble === 'revoked')
      return [pushed, pulled, await leg(() => leave(this.#deps, device.device_id))]
    if (isQuick || pulled !== DONE || !(await hasUnconfirmed(local))) return [pushed, pulled]
    // The push ended behind the pull: without another one its work stays "on its way".
    return [pushed, await leg(() => pullAll(this.#deps, device))]
  }

  /** Looks whether a database without a device was one before. */
  async #recover(): Promise<Leg> {
    const told = await leg(() => tellEmptied(this.#deps))
    if (told.trouble !== null) return told
    if (this.#isStranger || (await wasRemoved(this.#deps.local))) {
      this.#isStranger = true
      return DONE
    }
    return leg(async () => {
      const found = await recover(this.#deps)
      this.#isStranger = found === null
      return found ?? DONE
    })
  }
}
