import { createContext } from 'svelte'
import { businessDay } from '#model/calendar.ts'
import { clerkSession } from '#web/clerk-session.svelte.ts'
import { locale, t } from '#web/i18n/index.svelte.ts'
import type { SyncWords } from '#web/clerk/sync-words.ts'
import { getDevice, type LocalDevice } from '#web/local/device.ts'
import { live } from '#web/local/live.svelte.ts'
import { getReference, type Reference } from '#web/local/read.ts'
import type { LocalActor } from '#web/local/unlock.ts'
import { must } from '#model/assert.ts'
import type { Tablet } from './tablet.ts'

const TICK_MS = 10_000
const FALLBACK_ZONE = 'UTC'

/**
 * What every screen at the counter reads: the tablet's database, the chain's reference data, who
 * holds the tablet, and the time at the store. Made once, by the layout of the clerk's app.
 */
export class Counter {
  readonly local: Tablet['local']
  readonly lookup: Tablet['lookup']
  readonly #device
  readonly #reference
  #wallMs = $state(Date.now())
  // Derived, so that a list of rows is not asked about its days again every ten seconds.
  readonly #today = $derived(this.dayOf(this.now))

  constructor(tablet: Tablet) {
    this.local = tablet.local
    this.lookup = tablet.lookup
    this.#device = live<LocalDevice | null | undefined, null>(
      () => null,
      () => getDevice(tablet.local),
      undefined,
    )
    this.#reference = live<Reference | null, null>(
      () => null,
      () => getReference(tablet.local),
      null,
    )
    $effect(() => {
      const timer = setInterval(() => (this.#wallMs = Date.now()), TICK_MS)
      return () => clearInterval(timer)
    })
  }

  /** Undefined until it has been read; null on a device that belongs to no store. */
  get device(): LocalDevice | null | undefined {
    return this.#device.value
  }

  /**
   * Whether there is anybody to serve: from the first part of the first download on. Undefined
   * while the database has not been read, so that nobody is sent away from a screen by haste.
   */
  get hasCustomers(): boolean | undefined {
    const progress = this.device?.first_download
    if (this.device === undefined || this.reference === null) return undefined
    if (this.store === null || progress !== 'partial') return progress === 'done' && !!this.store
    return this.lookup.size > 0 || (this.lookup.ready ? false : undefined)
  }

  /** The server goes on with this device only when it is enrolled with a new code. */
  get mustEnrolAgain(): boolean {
    const trouble = this.device?.trouble
    return trouble === 'revoked' || trouble === 'signed-out' || trouble === 'fork'
  }

  /** Headquarters shut this device out. */
  get isRevoked(): boolean {
    return this.device?.trouble === 'revoked'
  }

  get reference(): Reference | null {
    return this.#reference.value
  }

  get store() {
    return this.reference?.store ?? null
  }

  /** The clerk who holds the tablet. Screens behind the lock always have one. */
  get actor(): LocalActor {
    return must(clerkSession.actor, 'a screen behind the lock is shown while nobody is unlocked')
  }

  get zone(): string {
    return this.store?.zone ?? FALLBACK_ZONE
  }

  get currency(): string {
    return this.store?.currency ?? 'CNY'
  }

  get country(): string {
    return this.store?.country ?? 'CN'
  }

  /** Server time as this tablet knows it, in ms; moves on every ten seconds. */
  get now(): number {
    return this.#wallMs + (this.device?.offset_ms ?? 0)
  }

  /** The store's business day of this moment. */
  get today(): number {
    return this.#today
  }

  /** The store's business day of an instant. */
  dayOf(at: number): number {
    return businessDay(at, this.zone, this.store?.cutoff_minutes ?? 0)
  }

  get words(): SyncWords {
    return { messages: t(), locale: locale(), zone: this.zone, now: this.now }
  }

  isOwn(storeId: string): boolean {
    return storeId === this.device?.store_id
  }

  storeName(storeId: string): string {
    const store = this.reference?.stores.get(storeId)
    if (!store) return t().clerk.find.elsewhere
    return (locale() === 'en' && store.name_en) || store.name
  }

  staffName(staffId: string): string {
    return this.reference?.staff.get(staffId)?.name ?? t().clerk.timeline.someone
  }

  labelOf = (record: { label: string; label_en?: string | undefined }): string =>
    (locale() === 'en' && record.label_en) || record.label

  tagName(tagId: string): string {
    const tag = this.reference?.tags.get(tagId)
    return tag ? this.labelOf(tag) : t().common.unknown
  }
}

export const [getCounter, setCounter] = createContext<Counter>()
