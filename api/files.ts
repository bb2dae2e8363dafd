import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

type Bytes = Uint8Array<ArrayBuffer>

/** One file of the built app, with its packed forms where the build made them. */
export interface StaticFile {
  type: string
  etag: string
  body: Bytes
  br: Bytes | null
  gzip: Bytes | null
}

/** The built app by URL path, whole in memory: what is not listed here cannot be asked for. */
export type StaticFiles = ReadonlyMap<string, StaticFile>

/** Reads the built app. A folder that is not there gives no files: the API works without pages. */
export async function loadFiles(folder: string): Promise<StaticFiles> {
  const contents = new Map<string, Bytes>()
  for (const path of await listFiles(folder)) {
    const url = `/${relative(folder, path).split(sep).join('/')}`
    contents.set(url, new Uint8Array(await readFile(path)))
  }
  const files = new Map<string, StaticFile>()
  for (const [url, body] of contents) {
    const type = TYPES[extname(url)]
    if (type === undefined) continue // Packed forms, and whatever is no part of the app.
    const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    const br = contents.get(`${url}.br`) ?? null
    files.set(url, { type, etag, body, br, gzip: contents.get(`${url}.gz`) ?? null })
  }
  return files
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
