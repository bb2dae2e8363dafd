import { beginDownload, finishDownload, type OpenSet, storePart } from '#web/local/generations.ts'
import type { Local } from '#web/local/database.ts'
import { isStorageFault } from '#web/local/storage-fault.ts'
import type { Manifest } from '#model/protocol.ts'
import { type Transport, TransportError } from './transport.ts'

/** Parts asked for at once: the network's delay is paid a few times, not once per part. */
const PARTS_AT_ONCE = 4

async function sha256Of(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** One part, whole: what was cut or altered on the way counts as not received. */
async function fetchPart(
  transport: Transport,
  seq: number,
  part: Manifest['parts'][number],
): Promise<Uint8Array> {
  const bytes = await transport.part(seq, part.no)
  if ((await sha256Of(bytes)) !== part.sha256) throw new TransportError('offline', 'part')
  return bytes
}

/**
 * Fetches the store's parts, the most recent customers first, and stores each as it comes; what
 * was stored before an interruption is not fetched again. Throws TransportError.
 */
export async function download(local: Local, transport: Transport, feed: string): Promise<void> {
  const manifest = await transport.manifest()
  if (manifest.feed !== feed) throw new TransportError('other-device', 'feed')
  const open = await beginDownload(local, feed, manifest)
  if (!open) return
  const missing = new Set(open.missing)
  const parts = manifest.parts.filter((part) => missing.has(part.no))
  const coming: Promise<Uint8Array>[] = []
  for (const [index, part] of parts.entries()) {
    for (const next of parts.slice(coming.length, index + PARTS_AT_ONCE)) {
      const fetched = fetchPart(transport, manifest.seq, next)
      fetched.catch(() => undefined) // It is met again below, when its turn comes.
      coming.push(fetched)
    }
    const bytes = await coming[index]
    if (bytes) await store(local, open, part, bytes)
  }
  await finishDownload(local, feed)
}

/** A part that is whole and yet none is the server's fault, not the tablet's. */
async function store(
  local: Local,
  open: OpenSet,
  part: Manifest['parts'][number],
  bytes: Uint8Array,
): Promise<void> {
  try {
    await storePart(local, open, part, bytes)
  } catch (error) {
    throw isStorageFault(error) ? error : new TransportError('server', 'part')
  }
}
