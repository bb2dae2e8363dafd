import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const BUCKETS = 256
const BUFFER_CHARS = 64 * 1024

function bucketOf(key: string): number {
  let hash = 0
  for (let at = 0; at < key.length; at += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0
  return (hash >>> 0) % BUCKETS
}

/**
 * Sorts more records than memory holds: they are dealt into files by their key, so that records of
 * one key come back together. A source's visits come by day; written by customer they cost a third,
 * because a customer's whole past is folded once and not once a visit.
 */
export class Spool<T> {
  readonly #folder = mkdtempSync(join(tmpdir(), 'regulars-import-'))
  readonly #buffers = new Map<number, string[]>()
  readonly #chars = new Map<number, number>()
  readonly #used = new Set<number>()

  /** `record` must survive JSON. */
  add(key: string, record: T): void {
    const bucket = bucketOf(key)
    const line = JSON.stringify(record)
    const buffer = this.#buffers.get(bucket)
    if (buffer) buffer.push(line)
    else this.#buffers.set(bucket, [line])
    const chars = (this.#chars.get(bucket) ?? 0) + line.length
    this.#chars.set(bucket, chars)
    if (chars > BUFFER_CHARS) this.#flush(bucket)
  }

  /** The records, one bucket after the other. */
  *buckets(): Generator<T[]> {
    for (const bucket of [...this.#buffers.keys()]) this.#flush(bucket)
    for (const bucket of [...this.#used].sort((a, b) => a - b)) {
      const lines = readFileSync(this.#path(bucket), 'utf8').trimEnd().split('\n')
      // What is read is what `add` wrote.
      yield lines.map((line) => JSON.parse(line) as T)
    }
  }

  /** Deletes the files; they hold what the source holds. */
  close(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #flush(bucket: number): void {
    const buffer = this.#buffers.get(bucket)
    this.#buffers.delete(bucket)
    this.#chars.delete(bucket)
    if (!buffer) return
    this.#used.add(bucket)
    appendFileSync(this.#path(bucket), `${buffer.join('\n')}\n`)
  }

  #path(bucket: number): string {
    return join(this.#folder, String(bucket))
  }
}
