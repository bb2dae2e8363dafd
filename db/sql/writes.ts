import { type DiskFault, diskFaultOf } from './errors.ts'

/** Told what the disk said, or null when it takes writes again; only when that changed. */
export type TroubleListener = (trouble: DiskFault | null, before: DiskFault | null) => void

/** Whether the ledger can be written at the moment, and if not, why. */
export interface Writes {
  /** What the disk said to the last write; null while all is well. */
  readonly trouble: DiskFault | null
  /** Writes nothing in earnest. Ends the trouble when it comes through, throws when it does not. */
  probe(): Promise<void>
  /** However short a trouble is, its listener hears of it; returns how to stop. */
  onTrouble(listener: TroubleListener): () => void
}

/** Remembers what becomes of writes, so that whoever watches the server is told. */
export class WriteWatch {
  readonly #listeners = new Set<TroubleListener>()
  #trouble: DiskFault | null = null

  get trouble(): DiskFault | null {
    return this.#trouble
  }

  onTrouble(listener: TroubleListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Runs a write; a fault of the disk is noted and thrown on. */
  async watch<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write()
    } catch (error) {
      this.note(error)
      throw error
    }
  }

  note(error: unknown): DiskFault | null {
    const fault = diskFaultOf(error)
    if (fault) this.#become(fault)
    return fault
  }

  /** Only a write that reached the disk ends the trouble. */
  async probe(write: () => Promise<unknown>): Promise<void> {
    await this.watch(write)
    this.#become(null)
  }

  #become(trouble: DiskFault | null): void {
    const before = this.#trouble
    this.#trouble = trouble
    if (trouble !== before) for (const listener of this.#listeners) listener(trouble, before)
  }
}
