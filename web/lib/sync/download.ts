import {
  beginDownload,
  finishDownload,
  type OpenSet,
  readPart,
  type ReadyPart,
  storeParts,
} from '#web/local/generations.ts'
import type { Local } from '#web/local/database.ts'
import { isStorageFault } from '#web/local/storage-fault.ts'
import type { Manifest } from '#model/protocol.ts'
import { type Transport, TransportError } from './transport.ts'

/** Parts asked for at once: the network's delay is paid a few times, not once per part. */
const PARTS_AT_ONCE = 6

async function sha256Of(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** One part, whole and unpacked: what was cut or altered on the way counts as not received. */
async function fetchPart(
  transport: Transport,
  seq: number,
  part: Manifest['parts'][number],
): Promise<ReadyPart> {
  const bytes = await transport.part(seq, part.no)
  if ((await sha256Of(bytes)) !== part.sha256) throw new TransportError('offline', 'part')
  return orServersFault(readPart(part, bytes))
}

/** A part that is whole and yet none is the server's fault, not the tablet's. */
async function orServersFault<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw isStorageFault(error) ? error : new TransportError('server', 'part')
  }
}

/** Parts in their order, fetched ahead of being taken. */
class Coming {
  readonly #fetch: (part: Manifest['parts'][number]) => Promise<ReadyPart>
  readonly #parts: Manifest['parts']
  readonly #asked: Promise<ReadyPart>[] = []
  readonly #here = new Set<number>()
  #taken = 0

  constructor(
    parts: Manifest['parts'],
    fetch: (part: Manifest['parts'][number]) => Promise<ReadyPart>,
  ) {
    this.#parts = parts
    this.#fetch = fetch
  }

  /** The next part and those behind it that are here too; none when all were taken. */
  async take(): Promise<ReadyPart[]> {
    this.#ask()
    const first = this.#asked[this.#taken]
    if (!first) return []
    const ready = [await first]
    // The very first stands alone: with it the tablet can be used.
    if (this.#taken > 0)
      for (let at = this.#taken + 1; this.#here.has(at); at += 1) {
        const next = await this.#asked[at]
        if (next) ready.push(next)
      }
    this.#taken += ready.length
    this.#ask()
    return ready
  }

  #ask(): void {
    const from = this.#asked.length
    for (const part of this.#parts.slice(from, this.#taken + PARTS_AT_ONCE)) {
      const place = this.#asked.length
      const fetched = this.#fetch(part)
      const note = () => this.#here.add(place)
      fetched.then(note, () => undefined) // A failure is met when its turn comes.
      this.#asked.push(fetched)
    }
  }
}

/**
 * Fetches the store's parts, the most recent customers first, and stores each as it comes, those
 * that came together in one go; what was stored before an interruption is not fetched again.
 * Throws TransportError.
 */
export async function download(local: Local, transport: Transport, feed: string): Promise<void> {
  const manifest = await transport.manifest()
  if (manifest.feed !== feed) throw new TransportError('other-device', 'feed')
  const open = await beginDownload(local, feed, manifest)
  if (!open) return
  await storeAll(local, transport, manifest, open)
  await finishDownload(local, feed)
}

async function storeAll(local: Local, transport: Transport, manifest: Manifest, open: OpenSet) {
  const missing = new Set(open.missing)
  const parts = manifest.parts.filter((part) => missing.has(part.no))
  const coming = new Coming(parts, (part) => fetchPart(transport, manifest.seq, part))
  for (let ready = await coming.take(); ready.length > 0; ready = await coming.take())
    await orServersFault(storeParts(local, open, ready))
}
