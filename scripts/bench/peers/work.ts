// The work that every contender does, seeded: a store with its customers and their visits, what is
// looked up, edited and written offline. Same ids, names and times for all of them.
import { readName } from '#sql/ports.ts'
import { type Random, seededRandom, uuid7 } from '../../demo/random.ts'

export const CUSTOMERS = 20_000
export const VISITS = 100_000
export const EDITS = 500
export const OFFLINE_WRITES = 2_000
export const SAMPLES = 200
/** Customers that a look-up shows. */
export const SHOWN = 20

const DAY_MS = 86_400_000
const DAYS = 365
const TAGS = 12
const TAGS_EACH = 3
const SURNAMES = [...'王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹']
const GIVEN = [...'伟芳娜秀英敏静丽强磊洋艳勇杰婷明慧建华玲平刚桂兰鑫波辉鹏飞雪琳']

/** A customer as peers keep it; ours keeps the same facts in its own shape. */
export interface WorkCustomer {
  id: string
  name: string
  py: string
  ini: string
  phone: string
  last4: string
  birthday: string
  gender: 'f' | 'm'
  tier: string
  tags: string[]
  at: number
}

export interface WorkVisit {
  id: string
  c: string
  at: number
  purpose: 'buy' | 'browse' | 'service'
  spend: number
  items: number
}

/** One look-up and what must be among its answers, when no more than SHOWN customers answer. */
export interface Query {
  kind: 'last4' | 'py'
  text: string
  expected: string[]
  /** All customers who answer, also those beyond SHOWN. */
  answers: number
}

export interface Edit {
  id: string
  phone: string
  last4: string
}

/** One history and the visits it must hold, the latest first. */
export interface HistoryWanted {
  id: string
  visits: string[]
}

export interface Work {
  base: number
  tags: string[]
  customers: WorkCustomer[]
  visits: WorkVisit[]
  queries: Query[]
  /** Look-ups of the reopened app: one customer each, found by the last digits. */
  reopenQuery: Query
  histories: HistoryWanted[]
  /** Whose visits are written offline. */
  writers: string[]
  edits: Edit[]
}

/** Visits of the year before `base`, in the order they happened. */
export function makeWork(base: number): Work {
  const random = seededRandom('peers')
  const tags = Array.from({ length: TAGS }, (_, at) => uuid7(base - 2 * DAYS * DAY_MS + at, random))
  const customers = makeCustomers(base, tags, random.fork('customers'))
  const visits = makeVisits(base, customers, random.fork('visits'))
  const sample = random.fork('sample')
  const queries = makeQueries(customers, sample)
  const some = () => sample.pick(customers).id
  const edits = makeEdits(customers, sample)
  const reopenQuery = queryOf('last4', sample.pick(customers).last4, customers)
  const writers = Array.from({ length: OFFLINE_WRITES }, some)
  const histories = makeHistories(visits, sample)
  return { base, tags, customers, visits, queries, reopenQuery, histories, writers, edits }
}

function makeCustomers(base: number, tags: readonly string[], random: Random): WorkCustomer[] {
  return Array.from({ length: CUSTOMERS }, (_, index): WorkCustomer => {
    const at = base - DAYS * DAY_MS - random.whole(0, DAYS) * DAY_MS - index
    const second = random.chance(0.7) ? random.pick(GIVEN) : ''
    const name = `${random.pick(SURNAMES)}${random.pick(GIVEN)}${second}`
    const { pinyin, initials } = readName(name)
    const phone = `+86138${String((index * 7919 + 13) % 100_000_000).padStart(8, '0')}`
    const month = String(random.whole(1, 12)).padStart(2, '0')
    const first = random.whole(0, TAGS - 1)
    return {
      id: uuid7(at, random),
      name,
      py: pinyin,
      ini: initials,
      phone,
      last4: phone.slice(-4),
      birthday: `${month}-${String(random.whole(10, 28))}`,
      gender: random.chance(0.6) ? 'f' : 'm',
      tier: random.pick(['gold', 'silver', 'basic']),
      tags: Array.from({ length: TAGS_EACH }, (_, n) => tags[(first + n * 4) % TAGS] ?? ''),
      at,
    }
  })
}

function makeVisits(base: number, customers: readonly WorkCustomer[], random: Random): WorkVisit[] {
  return Array.from({ length: VISITS }, (_, index): WorkVisit => {
    const at = base - Math.floor(((VISITS - index) / VISITS) * DAYS * DAY_MS)
    return {
      id: uuid7(at, random),
      c: random.pick(customers).id,
      at,
      purpose: random.pick(['buy', 'buy', 'browse', 'service'] as const),
      spend: random.whole(1_000, 90_000),
      items: random.whole(1, 9),
    }
  })
}

function queryOf(kind: Query['kind'], text: string, customers: readonly WorkCustomer[]): Query {
  const found = customers.filter((one) =>
    kind === 'last4' ? one.last4 === text : one.py.startsWith(text),
  )
  const expected = found.length <= SHOWN ? found.map((one) => one.id) : []
  return { kind, text, expected, answers: found.length }
}

/** Half by the last four digits, half by three to eight letters of the name's sound. */
function makeQueries(customers: readonly WorkCustomer[], random: Random): Query[] {
  return Array.from({ length: SAMPLES }, (_, index) => {
    const { last4, py } = random.pick(customers)
    if (index % 2 === 0) return queryOf('last4', last4, customers)
    return queryOf('py', py.slice(0, random.whole(3, 8)), customers)
  })
}

function makeHistories(visits: readonly WorkVisit[], random: Random): HistoryWanted[] {
  const byCustomer = Map.groupBy(visits, (visit) => visit.c)
  const ids = [...byCustomer.keys()]
  return Array.from({ length: SAMPLES }, () => {
    const id = random.pick(ids)
    const own = [...(byCustomer.get(id) ?? [])].sort((a, b) => b.at - a.at)
    return { id, visits: own.map((visit) => visit.id) }
  })
}

/** New phones outside the range of the old ones. */
function makeEdits(customers: readonly WorkCustomer[], random: Random): Edit[] {
  const chosen = new Set<string>()
  while (chosen.size < EDITS) chosen.add(random.pick(customers).id)
  return [...chosen].map((id, index) => {
    const phone = `+86139${String((index * 15_485_863 + 4_000_037) % 100_000_000).padStart(8, '0')}`
    return { id, phone, last4: phone.slice(-4) }
  })
}
