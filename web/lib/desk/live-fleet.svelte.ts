import type { SyncReport } from '#model/report.ts'
import type { SyncView } from './address.ts'
import { arrange, type DeviceRow, hasMoved, holdPlaces } from './devices.ts'
import { DeskError } from './trouble.ts'

export const REFRESH_MS = 15_000

/**
 * The fleet, read again every 15 seconds while the page is looked at. Rows hold their places: a
 * refresh changes what they say, and whoever reads decides when they are put in order again.
 */
export class LiveFleet {
  report = $state.raw<SyncReport>()
  trouble = $state.raw<DeskError>()
  paused = $state(false)
  #order = $state.raw<readonly string[]>([])
  readonly #load: () => Promise<SyncReport>

  constructor(load: () => Promise<SyncReport>) {
    this.#load = load
  }

  /** Takes a report that was read elsewhere and puts the rows in order. */
  begin(report: SyncReport, view: SyncView): void {
    this.report = report
    this.trouble = undefined
    this.arrange(view)
  }

  arrange(view: SyncView): void {
    this.#order = arrange(this.report?.devices ?? [], view).map((device) => device.device_id)
  }

  get rows(): DeviceRow[] {
    return holdPlaces(this.#order, this.report?.devices ?? [])
  }

  isMoved(view: SyncView): boolean {
    return hasMoved(this.#order, arrange(this.report?.devices ?? [], view))
  }

  async refresh(): Promise<void> {
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
    const timer = setInterval(tick, REFRESH_MS)
    document.addEventListener('visibilitychange', tick)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', tick)
    }
  }
}
