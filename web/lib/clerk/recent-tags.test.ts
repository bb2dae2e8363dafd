import { expect, test } from 'vitest'
import { readRecentTags, rememberTag } from './recent-tags.ts'

function keptInMemory() {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
}

test('the strip holds the eight tags used last, each once, the newest first', () => {
  const kept = keptInMemory()
  for (const id of ['a', 'b', 'c', 'a', 'd', 'e', 'f', 'g', 'h', 'i']) rememberTag(kept, id)
  expect(readRecentTags(kept)).toEqual(['i', 'h', 'g', 'f', 'e', 'd', 'a', 'c'])
})

test('a tablet that tagged nobody has an empty strip', () => {
  expect(readRecentTags(keptInMemory())).toEqual([])
})
