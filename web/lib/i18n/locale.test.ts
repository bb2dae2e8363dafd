import { expect, test } from 'vitest'
import { locale, setLocale, startLocale, t } from './index.svelte.ts'

function openMemory(entries: [string, string][] = []) {
  const kept = new Map(entries)
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
}

test('the language of the device is taken until somebody chooses', () => {
  startLocale(openMemory(), ['en-US'])
  expect([locale(), t().common.undo]).toEqual(['en', 'Undo'])
})

test('a choice changes the words at once and is there the next time', () => {
  const preferences = openMemory()
  startLocale(preferences, ['en-US'])
  setLocale('zh')
  expect(t().sync.tablet.upToDate('14:32')).toBe('已是最新 · 14:32')
  startLocale(preferences, ['en-US'])
  expect(locale()).toBe('zh')
})
