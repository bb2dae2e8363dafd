import { createHash } from 'node:crypto'
import { closeSync, createReadStream, fsyncSync, openSync } from 'node:fs'
import { DAY_MS } from '#model/calendar.ts'

// Files and folders of backups, whatever is in them.

/** A backup that cannot be made, or not be relied on; the message is for the operator. */
export class BackupError extends Error {
  override name = 'BackupError'
}

/** SHA-256 of a file in lower-case hex, read in pieces. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}

/** Waits until a file, or the names in a folder, are on the disk. */
export function syncToDisk(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** The name of a moment, in UTC: `2026-11-02T02-00-00Z`. Names sort as times do. */
export function folderName(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}Z`
}

/** The moment of a backup's folder in ms, or null when the name is no such folder's. */
export function timeOfFolder(name: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/.test(name)) return null
  const [date, time] = [name.slice(0, 11), name.slice(11).replaceAll('-', ':')]
  const at = Date.parse(date + time)
  return Number.isNaN(at) ? null : at
}

/** How many hours, days, weeks and months back one backup of each is kept. */
export interface Keep {
  hourly: number
  daily: number
  weekly: number
  monthly: number
}

export const KEEP: Keep = { hourly: 24, daily: 7, weekly: 4, monthly: 12 }

const HOUR_MS = 3_600_000

/** In UTC; weeks begin on Monday. */
const SPANS: Record<keyof Keep, (at: number) => string> = {
  hourly: (at) => String(Math.floor(at / HOUR_MS)),
  daily: (at) => String(Math.floor(at / DAY_MS)),
  weekly: (at) => String(Math.floor((at / DAY_MS + 3) / 7)),
  monthly: (at) => new Date(at).toISOString().slice(0, 7),
}

/**
 * The folders that need not be kept: all but the newest one of each of the last hours, days, weeks
 * and months that have one. The newest stays; other names are never among them.
 */
export function outdated(names: readonly string[], keep: Keep): string[] {
  const known = names.flatMap((name) => {
    const at = timeOfFolder(name)
    return at === null ? [] : [{ name, at }]
  })
  known.sort((a, b) => b.at - a.at)
  const kept = new Set(known.slice(0, 1).map((one) => one.name))
  for (const span of ['hourly', 'daily', 'weekly', 'monthly'] as const) {
    const newest = new Map<string, string>()
    for (const { name, at } of known) {
      const key = SPANS[span](at)
      if (!newest.has(key)) newest.set(key, name)
    }
    for (const name of [...newest.values()].slice(0, keep[span])) kept.add(name)
  }
  return known.map((one) => one.name).filter((name) => !kept.has(name))
}
