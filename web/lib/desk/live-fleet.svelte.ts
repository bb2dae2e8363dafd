import { untrack } from 'svelte'
import type { SyncReport } from '#model/report.ts'
import type { SyncView } from './address.ts'
import { arrange, type DeviceRow, hasMoved, holdPlaces } from './devices.ts'
import { DeskError } from './trouble.ts'

export const REFRESH_MS = 15_000
/** News may come many times a second; the page is read again this often at most. */
const NEWS_EVERY_MS = 2_000

/** Opens the stream of news and calls back with each; the answer closes it. */
export type OpenNews = (onNews: () => void) => () => void

/**
 * The fleet, read again on news and every 15 seconds while the page is looked at. Rows hold their
 * places: a
 * refresh changes what they say, and whoever reads decides when they are put in order again.
 */
export class LiveFleet {
  report = $state.raw<SyncReport>()
  trouble = $state.raw<DeskError>()
  paused = $state(false)
  #order = $state.raw<readonly string[]>([])
  #view = $state.raw<SyncView>({ state: null, find: null, q: '' })
  readonly #load: () => Promise<SyncReport>
  readonly #openNews: OpenNews
  #readAt = 0

  constructor(load: () => Promise<SyncReport>, openNews: OpenNews = () => () => undefined) {
    this.#load = load
    this.#openNews = openNews
  }

  /** Takes a report that was read elsewhere and puts the rows in order. */
  begin(report: SyncReport): void {
    this.report = report
    this.trouble = undefined
    untrack(() => this.arrange())
  }

  /** What is looked for; puts the rows in order. */
  show(view: SyncView): void {
    this.#view = view
    untrack(() => this.arrange())
  }

  arrange(): void {
    const devices = arrange(this.report?.devices ?? [], this.#view)
    this.#order = devices.map((device) => device.device_id)
  }

  get rows(): DeviceRow[] {
    return holdPlaces(this.#order, this.report?.devices ?? [])
  }

  get isMoved(): boolean {
    return hasMoved(this.#order, arrange(this.report?.devices ?? [], this.#view))
  }

  async refresh(): Promise<void> {
    this.#readAt = performance.now()
    try {
      this.report = await this.#load()
      this.trouble = undefined
    } catch (error) {
      if (!(error instanceof DeskError)) throw error
      this.trouble = error // What was read before stays in sight, and its age with it.
    }
  }

  /** Starts the clock; the answer stops it. A page in the background reads nothing. */
  run(): () => void {
    const tick = () => {
      if (!this.paused && document.visibilityState === 'visible') void this.refresh()
    }
    let soon: ReturnType<typeof setTimeout> | undefined
    const hear = () => {
      const waitMs = NEWS_EVERY_MS - (performance.now() - this.#readAt)
      soon ??= setTimeout(() => ((soon = undefined), tick()), Math.max(0, waitMs))
    }
    const closeNews = this.#openNews(hear)
    const timer = setInterval(tick, REFRESH_MS)
    document.addEventListener('visibilitychange', tick)
    return () => {
      closeNews()
      clearTimeout(soon)
      clearInterval(timer)
      document.removeEventListener('visibilitychange', tick)
    }
  }
}
