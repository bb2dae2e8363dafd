import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { ImportError } from './import-error.ts'

export const ENCODINGS = ['auto', 'utf-8', 'gbk', 'shift_jis', 'windows-1252'] as const
export type Encoding = (typeof ENCODINGS)[number]

// Told by content: exports are often renamed, and a browser may have unpacked them on the way.
async function isGzip(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}

/** The file's bytes, unpacked when it is gzip. A damaged archive makes the stream fail. */
export async function openBytes(path: string): Promise<Readable> {
  const packed = createReadStream(path)
  if (!(await isGzip(path))) return packed
  // The error, if any, reaches the reader through the destroyed stream.
  return pipeline(packed, createGunzip(), () => undefined)
}

async function isUtf8(path: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const bytes = await openBytes(path)
  try {
    for await (const chunk of bytes) decoder.decode(chunk, { stream: true })
    decoder.decode()
    return true
  } catch (error) {
    // The decoder says no with a TypeError; anything else is a fault of the file or the disk.
    if (error instanceof TypeError) return false
    throw error
  }
}

/** UTF-8 when every byte of the file agrees, else GBK: Chinese tills write nothing else. */
export async function detectEncoding(path: string): Promise<Encoding> {
  return (await isUtf8(path)) ? 'utf-8' : 'gbk'
}

/** The file's text in pieces. A byte that the encoding does not know stops it: never a "?". */
export async function* decodeText(path: string, encoding: Encoding): AsyncGenerator<string> {
  const label = encoding === 'auto' ? await detectEncoding(path) : encoding
  const decoder = new TextDecoder(label, { fatal: true })
  try {
    for await (const chunk of await openBytes(path)) yield decoder.decode(chunk, { stream: true })
    yield decoder.decode()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new ImportError(`${path}: the text is not ${label}; set "encoding" in the mapping`)
  }
}
