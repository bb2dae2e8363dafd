// A picture that is made small must stay the picture: the pixels are compared, whatever way the
// browser packed them.
import { deflateSync, inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { withPalette } from './palette.ts'

const WIDTH = 3
/** Rows of a picture, each with the filter that it is packed by. */
const ROWS = [0, 1, 2, 3, 4].map((filter, y) => ({
  filter,
  bytes: Array.from({ length: WIDTH * 3 }, (_, x) => (y * 40 + x * 7) % 256),
}))

function chunk(name: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  return Buffer.concat([length, Buffer.from(name, 'latin1'), data, Buffer.alloc(4)])
}

/** What the filters of PNG guess a byte to be, as its specification says. */
function guess(filter: number, left: number, above: number, corner: number): number {
  const base = left + above - corner
  const nearest = [left, above, corner].reduce((best, one) =>
    Math.abs(base - one) < Math.abs(base - best) ? one : best,
  )
  return [0, left, above, Math.floor((left + above) / 2), nearest][filter] ?? 0
}

function pngOf(): Buffer {
  const packed = ROWS.flatMap(({ filter, bytes }, y) => {
    const before = ROWS[y - 1]?.bytes ?? []
    const rest = bytes.map((byte, x) => {
      const at = (row: readonly number[], place: number) => row[place] ?? 0
      return byte - guess(filter, at(bytes, x - 3), at(before, x), at(before, x - 3))
    })
    return [filter, ...rest.map((byte) => byte & 255)]
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(WIDTH, 0)
  header.writeUInt32BE(ROWS.length, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const data = chunk('IDAT', deflateSync(Buffer.from(packed)))
  return Buffer.concat([
    Buffer.alloc(8),
    chunk('IHDR', header),
    data,
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function part(png: Buffer, name: string): Buffer {
  const at = png.indexOf(name)
  return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4))
}

test('a picture in a palette has the same pixels, however its rows were packed', () => {
  const small = withPalette(pngOf())
  const palette = part(small, 'PLTE')
  const rows = inflateSync(part(small, 'IDAT'))
  const pixels = ROWS.map((_, y) =>
    Array.from({ length: WIDTH }, (_pixel, x) => {
      const place = (rows[y * (WIDTH + 1) + x + 1] ?? 0) * 3
      return [...palette.subarray(place, place + 3)]
    }).flat(),
  )
  expect(pixels).toEqual(ROWS.map(({ bytes }) => bytes))
  expect(part(small, 'IHDR')[9]).toBe(3)
})
