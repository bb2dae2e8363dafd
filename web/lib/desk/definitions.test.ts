// What is at stake: a figure whose meaning cannot be looked up, or a link that leads to another.
import { expect, test } from 'vitest'
import { DEFINITION_IDS } from '#model/definitions.ts'
import { FLOW_LINES } from '#model/statement.ts'
import {
  definitionHref,
  definitionNamed,
  definitionNote,
  definitionWords,
  findDefinitions,
} from './definitions.ts'
import { messagesIn } from './words.ts'

const LANGUAGES = ['zh', 'en'] as const

function leaves(tree: object, path = ''): [string, unknown][] {
  const entries: [string, unknown][] = Object.entries(tree)
  return entries.flatMap(([key, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null
      ? leaves(value, `${path}${key}.`)
      : [[`${path}${key}`, value]],
  )
}

test('every definition has all its words in both languages', () => {
  for (const language of LANGUAGES)
    for (const id of DEFINITION_IDS) {
      const { recorded: _recorded, ...words } = definitionWords(id, messagesIn(language))
      for (const [part, text] of Object.entries(words))
        expect([id, part, text.trim() !== '']).toEqual([id, part, true])
      expect(definitionNote(id, messagesIn(language)).split('\n')).toHaveLength(4)
    }
})

test('a name on screen leads to its definition, and no two figures share one', () => {
  for (const language of LANGUAGES) {
    const say = messagesIn(language)
    const names = DEFINITION_IDS.map((id) => definitionWords(id, say).name)
    expect(new Set(names).size).toBe(names.length)
    for (const id of DEFINITION_IDS)
      expect(definitionNamed(definitionWords(id, say).name, say)).toBe(id)
    for (const line of FLOW_LINES) expect(definitionNamed(line, say)).toBe(line)
    for (const line of FLOW_LINES)
      expect(definitionNamed(say.statement.lines[line], say)).not.toBeNull()
    expect(definitionNamed('no such figure', say)).toBeNull()
  }
  expect(definitionHref('retention')).toBe('/desk/definitions#retention')
})

test('a definition is found by any of its words, in any order', () => {
  const say = messagesIn('en')
  const found = (text: string) => findDefinitions(text, say).map(({ id }) => id)
  expect(found('kaplan')).toEqual(['repeat_interval_open'])
  expect(found('visit 60-DAY second')).toContain('second_visit_rate')
  expect(found('')).toEqual(DEFINITION_IDS)
  expect(found('kaplan wilson')).toEqual([])
})

test('both languages say the same things of rhythm and definitions, with the same parts', () => {
  const own = (language: (typeof LANGUAGES)[number]) => {
    const { definitions, rhythm } = messagesIn(language)
    return leaves({ definitions, rhythm })
  }
  const parts = (language: (typeof LANGUAGES)[number]) =>
    own(language).map(([path, value]) => [path, typeof value === 'function' ? value.length : -1])
  expect(parts('en')).toEqual(parts('zh'))
  expect([...own('zh'), ...own('en')].filter(([, value]) => value === '')).toEqual([])
  const chinese = own('en').filter(
    ([, value]) => typeof value === 'string' && /\p{Script=Han}/u.test(value),
  )
  expect(chinese).toEqual([])
})
