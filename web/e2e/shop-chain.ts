import { CHAIN } from '#model/id.ts'
import type { Draft } from '#model/op.ts'
import type { TimedDraft } from '#sql/write.ts'

/** Who works in the test chain, in the order of `chainDrafts().people`. */
export const PEOPLE: {
  name: string
  role: string
  store: number | null
  pin?: string
  email?: string
  password?: string
}[] = [
  { name: '王芳', role: 'clerk', store: 0, pin: '258036' },
  { name: '李娜', role: 'clerk', store: 0, pin: '147029' },
  { name: '陈静', role: 'clerk', store: 1, pin: '369014' },
  { name: '总部', role: 'hq', store: null, email: 'hq@example.com', password: 'headquarters-1' },
  {
    name: '区域经理',
    role: 'regional',
    store: null,
    email: 'region@example.com',
    password: 'regional-first-1',
  },
]

const NAMES = ['张伟', '王秀英', '李敏', '单雄信', '曾国藩', '刘洋', 'Anna Berg', 'Tom Lee']
const DAY_MS = 86_400_000

function create(kind: string, record_id: string, payload: Record<string, unknown>): Draft {
  return { store_id: CHAIN, kind, record_id, type: 'create', payload }
}

/** Two regions with a store each, five people, a group of tags. */
export function chainDrafts(uuid: () => string, place: Record<string, unknown>) {
  const regions = [uuid(), uuid()]
  const stores = [uuid(), uuid()]
  const people = PEOPLE.map(uuid)
  const [group, tags] = [uuid(), [uuid(), uuid(), uuid()]]
  const drafts = [
    ...regions.map((id, i) => create('region', id, { name: ['东区', '西区'][i], order: i })),
    ...stores.map((id, i) =>
      create('store', id, { name: ['人民路店', '湖滨店'][i], region_id: regions[i], ...place }),
    ),
    ...people.map((id, i) => {
      const { name, role, store } = PEOPLE[i] ?? { name: '', role: '', store: null }
      const region = role === 'regional' ? { region_id: regions[0] } : {}
      const store_ids = store === null ? [] : [stores[store]]
      return create('staff', id, { name, role, store_ids, ...region })
    }),
    create('tag_group', group, { label: '偏好', label_en: 'Likes', required: true }),
    ...tags.map((id, i) =>
      create('tag', id, {
        group_id: group,
        label: ['绿茶', '咖啡', '素食'][i],
        label_en: ['Green tea', 'Coffee', 'Vegetarian'][i],
        order: i,
      }),
    ),
  ]
  return { regions, stores, people, tags, drafts }
}

const CUSTOMERS = 40

/** Forty customers per store, or more in the first, with three visits each in the last month. */
export function customerDrafts(
  uuid: () => string,
  stores: string[],
  now: number,
  first = CUSTOMERS,
): TimedDraft[] {
  return stores.flatMap((store_id, s) =>
    Array.from({ length: s === 0 ? first : CUSTOMERS }, (_, i): TimedDraft[] => {
      const record_id = uuid()
      const phone = `+86138${String(s)}${String(1_000_000 + i * 7919).slice(-7)}`
      const payload = { name: NAMES[i % NAMES.length], phone, home_store_id: store_id }
      const draft = { store_id, kind: 'customer', record_id, type: 'create' as const, payload }
      const visits = [25, 14, 3 + (i % 5)].map((daysAgo): TimedDraft => {
        const visit = { customer_id: record_id, home_store_id: store_id, purpose: 'buy' }
        return {
          store_id,
          kind: 'visit',
          record_id: uuid(),
          type: 'visit',
          payload: { ...visit, spend_minor: 1000 * (i + 1) },
          at: now - daysAgo * DAY_MS,
        }
      })
      return [{ ...draft, at: now - 30 * DAY_MS }, ...visits]
    }).flat(),
  )
}
