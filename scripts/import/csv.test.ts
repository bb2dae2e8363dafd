// A chain's past comes from many tills: a row lost or misread here is a customer lost for good.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cleanCell, guessDelimiter, openCsv } from './csv.ts'
import type { Encoding } from './encoding.ts'
import { ImportError } from './import-error.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-csv-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// "姓名,电话" and "王芳,138" as GBK bytes; no encoder for GBK comes with the platform.
const GBK = Buffer.from('d0d5c3fb2cb5e7bbb00acdf5b7bc2c3133380a', 'hex')

async function read(bytes: string | Uint8Array, encoding: Encoding = 'auto', delimiter?: string) {
  const path = join(folder, 'file.csv')
  writeFileSync(path, bytes)
  const { header, rows } = await openCsv(path, { encoding, delimiter })
  const cells: string[][] = []
  for await (const row of rows) cells.push(row.cells)
  return { header, cells }
}

test('a byte order mark is not part of the first column', async () => {
  expect((await read('\uFEFFid,name\n1,Ann\n')).header).toEqual(['id', 'name'])
})

test('gzip is told by its content, whatever the file is called', async () => {
  expect((await read(gzipSync('id,name\n1,Ann\n'))).cells).toEqual([['1', 'Ann']])
})

test('GBK is understood without being told', async () => {
  expect(await read(GBK)).toEqual({ header: ['姓名', '电话'], cells: [['王芳', '138']] })
})

test('a character that falls between two chunks stays whole', async () => {
  const name = '熟'.repeat(50_000)
  expect((await read(`id,name\n1,a${name}\n`)).cells[0]?.[1]).toBe(`a${name}`)
})

test('text of another encoding than the mapping says stops the import', async () => {
  await expect(read(GBK, 'utf-8')).rejects.toThrow(ImportError)
})

test('a cut archive stops the import', async () => {
  const whole = gzipSync(`id\n${'1234567890\n'.repeat(5000)}`)
  await expect(read(whole.subarray(0, whole.length - 20))).rejects.toThrow()
})

test('quoted cells hold line breaks, delimiters and doubled quotes', async () => {
  const { cells } = await read('id,note\r\n1,"a\nb, ""c"""\r\n')
  expect(cells).toEqual([['1', 'a\nb, "c"']])
})

test('rows are numbered as a spreadsheet numbers them', async () => {
  const path = join(folder, 'rows.csv')
  writeFileSync(path, 'id\n1\n\n2\n')
  const numbers: number[] = []
  for await (const row of (await openCsv(path, { encoding: 'utf-8' })).rows) numbers.push(row.row)
  expect(numbers).toEqual([2, 3])
})

test('a quote that is never closed is a fault and not one long cell', async () => {
  await expect(read('id,name\n1,"Ann\n2,Bob\n')).rejects.toThrow(ImportError)
})

test('an empty file is a fault', async () => {
  await expect(read('')).rejects.toThrow('the file is empty')
})

test.each([
  ['a;b;c', ';'],
  ['a\tb', '\t'],
  ['a|b|c', '|'],
  ['a', ','],
])('the delimiter of %s is found', (header, delimiter) => {
  expect(guessDelimiter(header)).toBe(delimiter)
})

test.each([
  ['\t13800001111', '13800001111'],
  ["'+31612345678", '+31612345678'],
  ["'0123", '0123'],
  ["'=1+1", '=1+1'],
  ["'t Hooft", "'t Hooft"],
  ['\u3000王芳\u00a0', '王芳'],
  ['e\u0301', '\u00e9'],
])('the cell %j means %j', (text, meant) => {
  expect(cleanCell(text)).toBe(meant)
})
