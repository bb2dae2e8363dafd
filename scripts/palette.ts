import { deflateSync, inflateSync } from 'node:zlib'

// A PNG with at most 256 colours: a page of text and lines is a third of its size then. Reads what
// Chromium writes: 8 bits a channel, RGB or RGBA, not interlaced.

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const HEADER_BYTES = 13
const COLOURS_MAX = 256

interface Picture {
  width: number
  height: number
  /** Red, green and blue of each pixel as one number. */
  colours: Uint32Array
}

/** The chunks of a PNG, those of one name joined. */
function chunksOf(png: Buffer): Map<string, Buffer> {
  const chunks = new Map<string, Buffer>()
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at)
    const name = png.toString('latin1', at + 4, at + 8)
    const data = png.subarray(at + 8, at + 8 + length)
    chunks.set(name, Buffer.concat([chunks.get(name) ?? Buffer.alloc(0), data]))
    at += length + 12
  }
  return chunks
}

/** The neighbour that a pixel is most like: left, above, or above left. */
function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner
  const [a, b, c] = [left, above, corner].map((one) => Math.abs(guess - one))
  if ((a ?? 0) <= (b ?? 0) && (a ?? 0) <= (c ?? 0)) return left
  return (b ?? 0) <= (c ?? 0) ? above : corner
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left
  if (filter === 2) return above
  if (filter === 3) return (left + above) >> 1
  return filter === 4 ? paeth(left, above, corner) : 0
}

function readPng(png: Buffer): Picture {
  const chunks = chunksOf(png)
  const header = chunks.get('IHDR') ?? Buffer.alloc(HEADER_BYTES)
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const step = header[9] === 6 ? 4 : 3
  const raw = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0))
  const stride = width * step
  const bytes = new Uint8Array(stride * height)
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)] ?? 0
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x
      const left = x < step ? 0 : (bytes[at - step] ?? 0)
      const above = y === 0 ? 0 : (bytes[at - stride] ?? 0)
      const corner = x < step || y === 0 ? 0 : (bytes[at - stride - step] ?? 0)
      bytes[at] = (raw[at + y + 1] ?? 0) + predicted(filter, left, above, corner)
    }
  }
  const colours = new Uint32Array(width * height)
  for (let at = 0; at < colours.length; at += 1) {
    const [red = 0, green = 0, blue = 0] = bytes.subarray(at * step, at * step + 3)
    colours[at] = (red << 16) | (green << 8) | blue
  }
  return { width, height, colours }
}

function distance(a: number, b: number): number {
  const apart = (shift: number) => ((a >> shift) & 255) - ((b >> shift) & 255)
  return apart(16) ** 2 + apart(8) ** 2 + apart(0) ** 2
}

/** The commonest colours: of a screen, all but some edges of letters. */
function commonest(colours: Uint32Array): number[] {
  const counts = new Map<number, number>()
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, COLOURS_MAX)
    .map(([colour]) => colour)
}

function crc(bytes: Buffer): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return (sum ^ 0xffffffff) >>> 0
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc(named))
  return Buffer.concat([length, named, check])
}

/** The same picture in its commonest 256 colours; any other goes to the nearest of them. */
export function withPalette(png: Buffer): Buffer {
  const { width, height, colours } = readPng(png)
  const palette = commonest(colours)
  const places = new Map(palette.map((colour, place) => [colour, place]))
  const placeOf = (colour: number): number => {
    const known = places.get(colour)
    if (known !== undefined) return known
    let best = 0
    for (const [place, one] of palette.entries())
      if (distance(colour, one) < distance(colour, palette[best] ?? 0)) best = place
    places.set(colour, best)
    return best
  }
  const rows = Buffer.alloc((width + 1) * height)
  for (const [at, colour] of colours.entries())
    rows[at + Math.floor(at / width) + 1] = placeOf(colour)
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  const bytes = palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255])
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(bytes)),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
