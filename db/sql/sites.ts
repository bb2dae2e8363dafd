import { mayReadStore, type Scope } from '#model/access.ts'
import { DAY_MS } from '#model/calendar.ts'
import { isStale } from '#model/compare.ts'
import { CHAIN } from '#model/id.ts'
import type { DeskKind } from '#model/kinds.ts'
import { type Period, periodBefore } from '#model/period.ts'
import type { ReferenceRecord } from '#model/reference.ts'
import type { SiteRow, SitesReport, ToldDowntime } from '#model/report-sites.ts'
import { ADVICE, PURPOSES, type Purpose } from '#model/site.ts'
import { assessSites, isWeak, type SiteAssessment, type SiteFacts } from '#model/site-assessment.ts'
import { type Availability, availabilityOf } from '#model/site-hours.ts'
import { asOfStores, coverageOf } from './as-of.ts'
import { derivedId } from './derived-id.ts'
import { listDeskRecords } from './desk-records.ts'
import { namesOf } from './fleet-scope.ts'
import type { Ledger } from './ledger.ts'
import { readOrg, type StoreColumns, todayAt } from './reports.ts'
import { sumsOfPeriod } from './sums.ts'
import { type TimedDraft, type Writer, writeDrafts } from './write.ts'

type Days = Pick<Period, 'from' | 'to'>

interface Known {
  purposes: Map<string, Purpose>
  downtimes: Map<string, ToldDowntime[]>
  reviews: Map<string, NonNullable<SiteRow['review']>>
}

const textOf = ({ fields }: ReferenceRecord, field: string) => String(fields[field] ?? '')

async function readKnown(ledger: Ledger, quarter: string): Promise<Known> {
  const known: Known = { purposes: new Map(), downtimes: new Map(), reviews: new Map() }
  for (const record of await listDeskRecords(ledger, 'site_purpose')) {
    const purpose = PURPOSES.find((name) => name === record.fields['purpose'])
    if (purpose) known.purposes.set(textOf(record, 'store_id'), purpose)
  }
  const downtimes = await listDeskRecords(ledger, 'downtime')
  const people = downtimes.map((record) => textOf(record, 'withdrawn_by')).filter(Boolean)
  const names = await namesOf(ledger, 'staff', people)
  for (const record of downtimes) {
    const store = textOf(record, 'store_id')
    const [from, to] = [Number(record.fields['from']), Number(record.fields['to'])]
    const withdrawn = withdrawalOf(record, names)
    const told = { id: record.id, from, to, reason: textOf(record, 'reason'), withdrawn }
    if (from < to) known.downtimes.set(store, [...(known.downtimes.get(store) ?? []), told])
  }
  for (const record of await listDeskRecords(ledger, 'site_review')) {
    const decided = ADVICE.find((name) => name === record.fields['decided'])
    if (decided && textOf(record, 'quarter') === quarter)
      known.reviews.set(textOf(record, 'store_id'), { decided, note: textOf(record, 'note') })
  }
  return known
}

function withdrawalOf(record: ReferenceRecord, names: ReadonlyMap<string, string>) {
  const reason = textOf(record, 'withdrawn')
  if (reason === '') return null
  const by_name = names.get(textOf(record, 'withdrawn_by')) ?? ''
  return { reason, by_name, at: record.stamps['withdrawn']?.[0] ?? 0 }
}

interface Sites {
  stores: readonly StoreColumns[]
  known: Known
  /** Up to when the figures of each are whole; null: no tablet, so nothing is awaited. */
  words: ReadonlyMap<string, number | null>
}

/** Facts of every store with a purpose. */
async function factsOf(
  ledger: Ledger,
  { stores, known, words }: Sites,
  quarter: Period,
  { now: instant, today }: { now: number; today: number },
): Promise<SiteFacts[]> {
  const days = passed(quarter, today)
  const before = periodBefore(quarter)
  const sums = await sumsOfPeriod(ledger, quarter, 'tagged:any', today)
  const earlier = await sumsOfPeriod(ledger, before, 'tagged:any', today)
  return stores.flatMap((store): SiteFacts[] => {
    const purpose = known.purposes.get(store.id)
    if (!purpose) return []
    const now = sums.get(store.id)
    const then = earlier.get(store.id)
    return [
      {
        ...{ store_id: store.id, purpose, currency: store.currency },
        visits: (now?.identified ?? 0) + (now?.anonymous ?? 0),
        visitors: now?.visitors ?? 0,
        new: now?.new ?? 0,
        returning: now?.returning ?? 0,
        spend_minor: now?.spend ?? 0,
        sales: now?.sales ?? 0,
        // A quarter that runs is not compared with a whole one.
        visits_before: then && quarter.to <= today ? then.identified + then.anonymous : null,
        availability: availability(store, known, days),
        stale: isStale(words.get(store.id) ?? null, quarter, instant),
      },
    ]
  })
}

function passed(quarter: Period, today: number): Days {
  return { from: quarter.from, to: Math.max(quarter.from, Math.min(quarter.to, today + 1)) }
}

function availability(store: StoreColumns, known: Known, { from, to }: Days): Availability {
  const { zone } = store
  const place = { zone, hours: store.hours ?? undefined }
  const first = Math.max(from, store.opened_on ?? from)
  const stand = (known.downtimes.get(store.id) ?? []).filter((one) => one.withdrawn === null)
  return availabilityOf(place, stand, first, to)
}

/** Every site of the reader's scope in a quarter, judged beside all stores of its purpose. */
export async function sitesReport(
  ledger: Ledger,
  scope: Scope,
  quarter: Period,
  now: number,
): Promise<SitesReport> {
  const org = await readOrg(ledger)
  const today = todayAt(org, now)
  const stores = org.stores.filter((row) => row.type === 'store')
  const known = await readKnown(ledger, quarter.text)
  const words = await asOfStores(ledger)
  const sites = { stores, known, words }
  const facts = await factsOf(ledger, sites, quarter, { now, today })
  const past = await factsOf(ledger, sites, periodBefore(quarter), { now, today })
  const weak = assessSites(past, new Set())
    .filter(isWeak)
    .map((one) => one.store_id)
  const assessed = new Map(
    assessSites(facts, new Set(weak)).map((one) => [one.store_id, one] as const),
  )
  const days = passed(quarter, today)
  const rows = stores
    .filter((store) => mayReadStore(scope, store.id, store.region_id))
    .map((store): SiteRow => {
      const { id, name, name_en, code, city, currency } = store
      const told = (known.downtimes.get(id) ?? []).filter((one) => isWithin(one, days))
      return {
        ...{ store_id: id, name, name_en, code, city, currency },
        assessment: strip(assessed.get(id)),
        availability: availability(store, known, days),
        hours_assumed: store.hours === null,
        zone: store.zone,
        downtimes: told.toSorted((a, b) => b.from - a.from),
        review: known.reviews.get(id) ?? null,
        as_of: words.get(id) ?? null,
      }
    })
  const ids = rows.map((row) => row.store_id)
  const coverage = coverageOf(words, ids, quarter, now)
  return { quarter: quarter.text, from: days.from, to: days.to - 1, coverage, rows }
}

/** Roughly: a day more on either side does no harm to a list. */
function isWithin(one: { from: number; to: number }, { from, to }: Days) {
  return one.to > (from - 1) * DAY_MS && one.from < (to + 1) * DAY_MS
}

function strip(one: SiteAssessment | undefined): SiteRow['assessment'] {
  if (!one) return null
  const { store_id: _id, ...rest } = one
  return rest
}

/** What people write about sites: one record per store, per store and quarter, or per fault. */
export type SiteWord =
  | {
      kind: 'site_purpose'
      payload: { store_id: string; purpose: Purpose; note?: string | undefined }
    }
  | {
      kind: 'site_review'
      payload: { store_id: string; quarter: string; decided: string; note?: string | undefined }
    }
  | {
      kind: 'downtime'
      payload: { store_id: string; from: number; to: number; reason: string }
    }

/** A request that is repeated because its answer was lost names the same record. */
function idOf(ledger: Ledger, { kind, payload }: SiteWord): string {
  if (kind === 'downtime') {
    const { store_id, from, to, reason } = payload
    return derivedId(ledger, `${kind}|${store_id}|${from}|${to}|${reason}`)
  }
  const quarter = kind === 'site_review' ? payload.quarter : ''
  return derivedId(ledger, `${kind}|${payload.store_id}|${quarter}`)
}

/** Writes it; says why not when the ledger refuses. What stood there before is replaced. */
export async function writeSite(
  ledger: Ledger,
  writer: Writer,
  word: SiteWord,
  now: number,
): Promise<string | null> {
  const record_id = idOf(ledger, word)
  const kind: DeskKind = word.kind
  const known = await listDeskRecords(ledger, kind)
  const before = known.find((record) => record.id === record_id)
  if (before && kind === 'downtime')
    return textOf(before, 'withdrawn') === ''
      ? null
      : setWithdrawn(ledger, writer, before.id, '', now)
  const isKnown = before !== undefined
  const draft: TimedDraft = isKnown
    ? { store_id: CHAIN, kind, record_id, type: 'set', payload: changeable(word) }
    : { store_id: CHAIN, kind, record_id, type: 'create', payload: word.payload }
  const [result] = await writeDrafts(ledger, writer, [draft], now)
  return result?.status === 'applied' ? null : (result?.reason ?? 'malformed')
}

/** The fields that a record is named by stay. */
function changeable({ payload }: SiteWord): Record<string, unknown> {
  const named = ['store_id', 'quarter']
  const fields = Object.entries(payload).filter(([field]) => !named.includes(field))
  return { note: '', ...Object.fromEntries(fields) }
}

/** The store that a fault was told of; null when there is no such fault. */
export async function storeOfDowntime(ledger: Ledger, id: string): Promise<string | null> {
  const known = await listDeskRecords(ledger, 'downtime')
  const record = known.find((one) => one.id === id)
  return record ? textOf(record, 'store_id') : null
}

/**
 * Takes a fault back that was told in error, in the writer's name; told again it stands again. The
 * ops of both stay. Says why not when the ledger refuses.
 */
export async function withdrawDowntime(
  ledger: Ledger,
  writer: Writer,
  { id, reason }: { id: string; reason: string },
  now: number,
): Promise<string | null> {
  return setWithdrawn(ledger, writer, id, reason, now)
}

async function setWithdrawn(
  ledger: Ledger,
  writer: Writer,
  record_id: string,
  withdrawn: string,
  now: number,
): Promise<string | null> {
  const payload = { withdrawn, withdrawn_by: writer.actor_id }
  const draft: TimedDraft = { store_id: CHAIN, kind: 'downtime', record_id, type: 'set', payload }
  const [result] = await writeDrafts(ledger, writer, [draft], now)
  return result?.status === 'applied' ? null : (result?.reason ?? 'malformed')
}
