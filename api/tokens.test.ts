import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { hashCode, hashToken, makeCode, makeToken } from './tokens.ts'

test('a code read out on the telephone is the same code however it is typed', () => {
  const hash = hashCode('7K2QX-M0DF1')
  expect(hashCode('7k2qxm0df1')).toBe(hash)
  expect(hashCode(' 7K2QX MODFI ')).toBe(hash)
  expect(hashCode('7K2QX-MODFL')).toBe(hash)
  expect(hashCode('7K2QX-M0DF2')).not.toBe(hash)
})

test('a code has ten letters that cannot be mistaken for one another', () => {
  for (let round = 0; round < 200; round += 1)
    expect(makeCode(randomBytes)).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
})

test('every letter of a code is equally likely', () => {
  const counts = new Map<string, number>()
  for (let byte = 0; byte < 256; byte += 1) {
    const letter = makeCode((count) => new Uint8Array(count).fill(byte)).charAt(0)
    counts.set(letter, (counts.get(letter) ?? 0) + 1)
  }
  expect([...counts.values()]).toEqual(Array.from({ length: 32 }, () => 8))
})

test('a token has 256 bits and is not what is kept', () => {
  const token = makeToken(randomBytes)
  expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  expect(hashToken(token)).toMatch(/^[0-9a-f]{64}$/)
})
