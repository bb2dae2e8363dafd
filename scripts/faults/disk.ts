// A disk as a power cut may leave it. What was synced stays; of what was not, nothing, everything
// or any pieces may have reached the disk. A file's name is the folder's affair: without a sync of
// the folder a new file may be missing and a removed one may be back.
import type { Random } from '../demo/random.ts'
import type { DiskRecord } from './recording.ts'

/** Disks write sectors of this size whole, and no larger piece is promised. */
const SECTOR_BYTES = 512
const SURVIVING_SHARE = 0.6

/** Which of the unsynced changes have reached the disk. */
export type Survival = 'none' | 'pieces' | 'all'
export const SURVIVALS: readonly Survival[] = ['none', 'pieces', 'all']

type Change = { offset: number; data: Buffer } | { length: number }

/** A file's bytes. It grows by doubling, because a log is appended to thousands of times. */
class Content {
  #room: Buffer
  #length: number

  constructor(bytes: Buffer) {
    this.#room = Buffer.from(bytes)
    this.#length = bytes.length
  }

  get bytes(): Buffer {
    return this.#room.subarray(0, this.#length)
  }

  apply(change: Change): void {
    if ('length' in change) return this.#resize(change.length)
    const end = change.offset + change.data.length
    if (end > this.#length) this.#resize(end)
    change.data.copy(this.#room, change.offset)
  }

  #resize(length: number): void {
    if (length > this.#room.length) {
      const room = Buffer.alloc(length * 2)
      this.bytes.copy(room)
      this.#room = room
    }
    // What lies behind the end was never written, or is cut off: it reads as zeros from now on.
    this.#room.fill(0, Math.min(length, this.#length), Math.max(length, this.#length))
    this.#length = length
  }
}

interface Inode {
  synced: Content
  unsynced: Change[]
}

interface Naming {
  name: string
  inode: Inode | null
}

/** The pieces of a change that survive; a truncation happens whole or not at all. */
function survivors(change: Change, random: Random): Change[] {
  if ('length' in change) return random.chance(SURVIVING_SHARE) ? [change] : []
  const { offset, data } = change
  const pieces: Change[] = []
  for (let at = 0; at < data.length; at += SECTOR_BYTES)
    if (random.chance(SURVIVING_SHARE))
      pieces.push({ offset: offset + at, data: data.subarray(at, at + SECTOR_BYTES) })
  return pieces
}

function contentOf({ synced, unsynced }: Inode, survival: Survival, random: Random): Buffer {
  if (survival === 'none' || unsynced.length === 0) return synced.bytes
  const content = new Content(synced.bytes)
  const changes =
    survival === 'all' ? unsynced : unsynced.flatMap((change) => survivors(change, random))
  for (const change of changes) content.apply(change)
  return content.bytes
}

export class Disk {
  readonly #synced: Map<string, Inode>
  readonly #now: Map<string, Inode>
  #unsynced: Naming[] = []

  /** Starts with files that are safe on the disk, names included. */
  constructor(files: ReadonlyMap<string, Buffer>) {
    const inodes = [...files].map(([name, bytes]): [string, Inode] => [
      name,
      { synced: new Content(bytes), unsynced: [] },
    ])
    this.#synced = new Map(inodes)
    this.#now = new Map(inodes)
  }

  take({ kind, path, offset, data }: DiskRecord): void {
    if (kind === 'W') this.#inode(path).unsynced.push({ offset, data })
    else if (kind === 'T') this.#inode(path).unsynced.push({ length: offset })
    else if (kind === 'S') this.#sync(this.#inode(path))
    else if (kind === 'D') this.#syncNames()
    else {
      const inode = this.#now.get(path) ?? null
      this.#rename(path, null)
      if (kind === 'R') this.#rename(data.toString('utf8'), inode)
    }
  }

  #inode(name: string): Inode {
    const known = this.#now.get(name)
    if (known) return known
    const made: Inode = { synced: new Content(Buffer.alloc(0)), unsynced: [] }
    this.#rename(name, made)
    return made
  }

  #rename(name: string, inode: Inode | null): void {
    if (inode) this.#now.set(name, inode)
    else this.#now.delete(name)
    this.#unsynced.push({ name, inode })
  }

  #sync(inode: Inode): void {
    for (const change of inode.unsynced) inode.synced.apply(change)
    inode.unsynced = []
  }

  #syncNames(): void {
    for (const { name, inode } of this.#unsynced)
      if (inode) this.#synced.set(name, inode)
      else this.#synced.delete(name)
    this.#unsynced = []
  }

  /** The files after a power cut at this moment. The buffers are not to be written to. */
  image(survival: Survival, random: Random): Map<string, Buffer> {
    const names = new Map(survival === 'all' ? this.#now : this.#synced)
    if (survival === 'pieces')
      for (const { name, inode } of this.#unsynced) {
        if (!random.chance(SURVIVING_SHARE)) continue
        if (inode) names.set(name, inode)
        else names.delete(name)
      }
    const files = [...names].map(([name, inode]): [string, Buffer] => [
      name,
      contentOf(inode, survival, random),
    ])
    return new Map(files)
  }
}
