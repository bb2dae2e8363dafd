// What is at stake: a customer who is there and is not found. The blocks are held against a plain
// look at every text.
import { expect, test } from 'vitest'
import { parseQuery, type Query, scoreMatch } from '#model/search-text.ts'
import { type PackedEntry, packEntry } from './entry.ts'
import { LookupIndex } from './lookup-index.ts'
import { customerRow } from './test-local.ts'

const NAMES = ['张伟', '单小红', 'Ann Lee', 'Bo 88', '李娜', 'Anna Leeds']
const STORE = '0197f000-0000-7000-8000-000000000001'

/** Numbers from 0 to below 1, the same ones for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48271) % 2147483647) / 2147483647
}

function someone(random: () => number, at: number): PackedEntry {
  const pick = (size: number) => Math.floor(random() * size)
  const fields = {
    name: NAMES[pick(NAMES.length)] ?? '',
    phone: `+86138${String(pick(1e8)).padStart(8, '0')}`,
    card: pick(3) === 0 ? `VIP-${pick(1e4)}` : null,
  }
  return packEntry(customerRow(STORE, fields), at)
}

/** By score, then by who was seen last; no two were seen at the same time. */
function plainly(packed: Iterable<PackedEntry>, query: Query, limit: number): string[] {
  const rated = [...packed].map(({ entry, text, digits }) => {
    return { entry, score: scoreMatch(query.digitsOnly ? digits : text, query) }
  })
  return rated
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (b.entry.last_at ?? 0) - (a.entry.last_at ?? 0))
    .slice(0, limit)
    .map(({ entry }) => entry.id)
}

test.each([1, 2, 3, 4, 5])('blocks give what a plain scan gives (seed %i)', (seed) => {
  const random = randomOf(seed)
  const index = new LookupIndex()
  const known = new Map<string, PackedEntry>()
  const anyone = () => [...known.keys()][Math.floor(random() * known.size)] ?? ''
  for (let round = 0; round < 12; round += 1) {
    for (let change = 0; change < 90; change += 1) {
      const at = round * 1_000 + change + 1
      const made = someone(random, at)
      const id = random() < 0.2 ? anyone() : made.entry.id
      if (random() < 0.15) {
        index.remove(id)
        known.delete(id)
      } else if (id !== '') {
        const packed = { ...made, entry: { ...made.entry, id } }
        index.put(packed)
        known.set(id, packed)
      }
    }
    const last4 = known.get(anyone())?.entry.phone?.slice(-4) ?? ''
    for (const typed of ['138', last4, '88', 'an', '张', 'xh', 'vip-1', '+86 138', 'lee\n']) {
      const query = parseQuery(typed)
      if (!query) continue
      const found = index.search(query, 40).map((entry) => entry.id)
      expect(found, typed).toEqual(plainly(known.values(), query, 40))
    }
  }
  expect(index.size).toBe(known.size)
})
