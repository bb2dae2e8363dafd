import { expect, test } from 'vitest'
import { emptyEntry, readEntry, startEntry } from './new-entry.ts'

test('what was looked for in vain need not be typed again', () => {
  expect(startEntry('13812345678').form.phone).toBe('13812345678')
  expect(startEntry('王芳').form.name).toBe('王芳')
  expect(startEntry('').form).toEqual(emptyEntry().form)
})

test('the last four digits are no phone', () => {
  expect(startEntry('5678').form).toEqual(emptyEntry().form)
})

test('a draft comes back as it was, and one of another version is not trusted', () => {
  const entry = { ...startEntry('13812345678'), tagIds: ['tea'] }
  expect(readEntry(structuredClone(entry))).toEqual(entry)
  expect(readEntry({ form: 3 })).toBeNull()
  expect(readEntry(undefined)).toBeNull()
})
