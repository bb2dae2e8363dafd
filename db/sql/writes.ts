import { type DiskFault, diskFaultOf } from './errors.ts'

/** Whether the ledger can be written at the moment, and if not, why. */
export interface Writes {
  /** What the disk said to the last write; null while all is well. */
  readonly trouble: DiskFault | null
  /** Writes nothing in earnest. Ends the trouble when it comes through, throws when it does not. */
  probe(): Promise<void>
}

/** Remembers what becomes of writes, so that whoever watches the server is told. */
export class WriteWatch {
  trouble: DiskFault | null = null

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
    this.trouble = fault ?? this.trouble
    return fault
  }

  /** Only a write that reached the disk ends the trouble. */
  async probe(write: () => Promise<unknown>): Promise<void> {
    await this.watch(write)
    this.trouble = null
  }
}
