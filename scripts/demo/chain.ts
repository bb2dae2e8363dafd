import { STARTERS } from '#model/alerts/starters.ts'
import { DAY_MS, instantOf } from '#model/calendar.ts'
import { CHAIN } from '#model/id.ts'
import type { Role } from '#model/staff.ts'
import { ensureDesk } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { setUpChain } from '#sql/setup.ts'
import { type TimedDraft, type Writer, writeDrafts } from '#sql/write.ts'
import {
  CHAIN_NAME,
  COUNTRY,
  CURRENCY,
  type Format,
  FORMATS,
  REGIONS,
  RULES,
  type StorePlan,
  TAG_GROUPS,
  ZONE,
} from './chain.data.ts'
import { chineseName, type Gender } from './names.ts'
import { type Random, uuid7 } from './random.ts'

export interface DemoPerson {
  id: string
  name: string
  role: Role
}

export interface DemoStore {
  id: string
  plan: StorePlan
  format: Format
  region_id: string
  /** The store's first day in the demo's time. */
  firstDay: number
  clerks: DemoPerson[]
}

export interface DemoTagGroup {
  required: boolean
  share: number
  most: number
  tags: { id: string; weight: number }[]
}

/** Days of the demo's visits: `first` to `last`, both included; `last` is yesterday. */
export interface Span {
  first: number
  last: number
}

export interface DemoChain {
  span: Span
  stores: DemoStore[]
  tagGroups: DemoTagGroup[]
  admin: DemoPerson
  regional: DemoPerson[]
  headquarters: DemoPerson[]
  /** The desk's device in the administrator's name. */
  desk: Writer
}

const RULES_ON_DAYS = 182
const OFFICE_MINUTES = 9 * 60
const ADMIN_NAME = '管理员 Admin'
const HEADQUARTERS_PEOPLE = 2
const REGIONAL_FIRST: Gender[] = ['f', 'm', 'f']

/** Collects the chain's reference records on the day on which they were made. */
class Drafts {
  readonly list: TimedDraft[] = []
  readonly #random: Random
  readonly #at: number

  constructor(random: Random, at: number) {
    this.#random = random
    this.#at = at
  }

  create(kind: string, payload: Record<string, unknown>): string {
    const record_id = uuid7(this.#at, this.#random)
    const draft = { store_id: CHAIN, kind, record_id, payload, at: this.#at }
    this.list.push({ ...draft, type: 'create', received_at: this.#at })
    return record_id
  }

  person(role: Role, gender: Gender, store_ids: string[], region_id: string | null): DemoPerson {
    const name = chineseName(this.#random, gender)
    return { id: this.create('staff', { name, role, store_ids, region_id }), name, role }
  }
}

function draftStore(drafts: Drafts, plan: StorePlan, region_id: string, span: Span): DemoStore {
  const format = FORMATS[plan.format]
  const { name, name_en, code, city, openedDaysAgo, clerks: fewer } = plan
  const openedOn = openedDaysAgo === undefined ? null : span.last + 1 - openedDaysAgo
  const id = drafts.create('store', {
    ...{ name, name_en, code, city, region_id, format: format.label },
    ...{ zone: ZONE, currency: CURRENCY, country: COUNTRY },
    hours: Array.from({ length: 7 }, () => [...format.open]),
    ...(openedOn === null ? {} : { opened_on: openedOn }),
  })
  const people = Array.from({ length: fewer ?? format.clerks }, (_, index) =>
    drafts.person('clerk', index % 3 === 1 ? 'm' : 'f', [id], null),
  )
  const manager = drafts.person('store-manager', code.endsWith('3') ? 'm' : 'f', [id], null)
  const firstDay = Math.max(span.first, openedOn ?? span.first)
  return { id, plan, format, region_id, firstDay, clerks: [...people, manager] }
}

function draftTags(drafts: Drafts): DemoTagGroup[] {
  return TAG_GROUPS.map(({ label, label_en, required, share, most, tags }, order) => {
    const group_id = drafts.create('tag_group', { label, label_en, required, order })
    return {
      required,
      share,
      most,
      tags: tags.map(([zh, en, weight], place) => ({
        id: drafts.create('tag', { group_id, label: zh, label_en: en, order: place }),
        weight,
      })),
    }
  })
}

function draftChain(drafts: Drafts, span: Span) {
  const stores: DemoStore[] = []
  const regional: DemoPerson[] = []
  for (const [order, region] of REGIONS.entries()) {
    const { name, name_en } = region
    const region_id = drafts.create('region', { name, name_en, order })
    stores.push(...region.stores.map((plan) => draftStore(drafts, plan, region_id, span)))
    regional.push(drafts.person('regional', REGIONAL_FIRST[order] ?? 'f', [], region_id))
  }
  const headquarters = Array.from({ length: HEADQUARTERS_PEOPLE }, (_, index) =>
    drafts.person('hq', index === 0 ? 'f' : 'm', [], null),
  )
  return { stores, regional, headquarters, tagGroups: draftTags(drafts) }
}

/** Headquarters switches rules on in its own words, half a year before the last day. */
function draftRules(random: Random, { first, last }: Span): TimedDraft[] {
  const since = Math.max(first, last - RULES_ON_DAYS)
  const drafts = new Drafts(random, instantOf(since, OFFICE_MINUTES, ZONE))
  for (const [starter, name] of RULES)
    drafts.create('alert_rule', { ...STARTERS[starter], name, task: '', state: 'on', since })
  return drafts.list
}

/** Founds the chain a month before its first visit. The ledger must be empty. */
export async function foundChain(ledger: Ledger, random: Random, span: Span): Promise<DemoChain> {
  const at = instantOf(span.first, 0, ZONE) - 30 * DAY_MS
  const setup = { chain_name: CHAIN_NAME, zone: ZONE, currency: CURRENCY, country: COUNTRY }
  const { staff_id } = await setUpChain(ledger, { ...setup, admin_name: ADMIN_NAME }, at)
  const session = await ensureDesk(ledger)
  const desk: Writer = { session, actor_id: staff_id, unlock_id: null }
  const drafts = new Drafts(random, at)
  const made = draftChain(drafts, span)
  const rules = draftRules(random, span)
  const results = await writeDrafts(ledger, desk, [...drafts.list, ...rules], at)
  const refused = results.find((result) => result.status !== 'applied')
  if (refused) throw new Error(`the demo chain was refused: ${JSON.stringify(refused)}`)
  return { span, desk, admin: { id: staff_id, name: ADMIN_NAME, role: 'admin' }, ...made }
}
