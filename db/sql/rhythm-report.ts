import type { Scope } from '#model/access.ts'
import type {
  AliveFigures,
  RhythmCustomers,
  RhythmFigures,
  RhythmReport,
  ScopeHead,
  StoreLine,
} from '#model/report-rhythm.ts'
import { RFM_GROUPS, type RfmGroup } from '#model/rhythm/rfm-group.ts'
import {
  addRhythms,
  repeatFigures,
  rhythmOfCustomer,
  type RhythmSums,
} from '#model/rhythm/store-rhythm.ts'
import { survivalOfGaps } from '#model/stats/kaplan-meier.ts'
import { asOfStores } from './as-of.ts'
import type { Ledger } from './ledger.ts'
import { namesOf } from './names-of.ts'
import { type Place, placesOf, readOrg, todayAt } from './reports.ts'
import { chainRhythm, storeModel, type StoreRhythm, storeRhythms } from './rhythm-store.ts'
import { storesOf } from './statement-report.ts'

// The rhythm of a scope as the desk reads it. A store is read from its book; a region and the chain
// are the sum of their stores, as long as these are not too many to be read for one question.

/** A scope of more stores says so, and its stores are looked at one by one. */
export const RHYTHM_STORES_MAX = 100
const BUDGET_MS = 1500
const ROWS_MAX = 500

export function headOf(place: Place, today: number, now: number): ScopeHead {
  const { scope, level, name, name_en, currency, as_of } = place
  return { scope, level, name, name_en, currency, today, as_of, computed_at: now }
}

function aliveFigures(sums: RhythmSums, fits: readonly StoreRhythm['fit'][]): AliveFigures {
  const fitted = fits.filter((fit) => 'params' in fit)
  const [refused] = fits.flatMap((fit) => ('refused' in fit ? [fit.refused] : []))
  const isFitted = fitted.length > 0
  return {
    basis: isFitted ? 'fitted' : (refused ?? 'too-few-customers'),
    own: fitted.reduce((sum, { own }) => sum + own, 0),
    lent: Math.max(0, ...fitted.map(({ lent }) => lent)),
    repeaters: sums.modelled_repeaters,
    share: sums.modelled_repeaters === 0 ? null : sums.alive / sums.modelled_repeaters,
    customers: sums.modelled,
    expected: isFitted ? sums.expected : null,
  }
}

/** Spend of stores of several currencies is not added up. */
function groupsOf({ currency }: Pick<Place, 'currency'>, { groups }: RhythmSums) {
  const told: RhythmFigures['groups'] = { ...groups }
  if (currency !== null) return told
  for (const group of RFM_GROUPS) told[group] = { ...groups[group], spend_minor: null }
  return told
}

function figuresOf(
  place: Pick<Place, 'currency'>,
  parts: readonly StoreRhythm[],
  sums: RhythmSums,
): RhythmFigures {
  const alive = aliveFigures(
    sums,
    parts.map((part) => part.fit),
  )
  const groups = groupsOf(place, sums)
  return { customers: sums.customers, groups, repeat: repeatFigures(sums), alive }
}

/** The rhythm of a scope. Null when there is no such scope for the reader. */
export async function rhythmReport(
  ledger: Ledger,
  scope: Scope,
  scopeId: string,
  now: number,
): Promise<RhythmReport | null> {
  const org = await readOrg(ledger)
  const places = placesOf(org, scope, await asOfStores(ledger))
  const place = places.find((one) => one.scope === scopeId)
  const ids = storesOf(places, scopeId)
  if (!place || !ids) return null
  const today = todayAt(org, now)
  const chain = await chainRhythm(ledger, today)
  const isReadable = ids.length <= RHYTHM_STORES_MAX
  const found = isReadable
    ? await storeRhythms(ledger, ids, chain, BUDGET_MS)
    : new Map<string, StoreRhythm>()
  const parts = [...found.values()]
  const sums = addRhythms(parts.map((part) => part.sums))
  const lines = places.flatMap((one): StoreLine[] => {
    const part = place.level === 'store' ? undefined : found.get(one.scope)
    // A head office has no customers of its own, as a rule.
    if (!part || (one.scope === org.head?.id && part.sums.customers === 0)) return []
    const { scope: id, name, name_en, as_of } = one
    return [{ scope: id, name, name_en, as_of, ...figuresOf(one, [part], part.sums) }]
  })
  return {
    ...headOf(place, today, now),
    figures: isReadable ? figuresOf(place, parts, sums) : null,
    breaks: chain.breaks,
    several_currencies: chain.several_currencies,
    survival: survivalOfGaps(sums.gaps),
    stores: lines,
    stores_counted: found.size,
    stores_total: ids.length,
    stores_max: RHYTHM_STORES_MAX,
  }
}

/** The customers of one RFM group of a store. Null when there is no such store for the reader. */
export async function rhythmCustomers(
  ledger: Ledger,
  scope: Scope,
  storeId: string,
  group: RfmGroup,
  now: number,
): Promise<RhythmCustomers | null> {
  const org = await readOrg(ledger)
  const places = placesOf(org, scope, new Map())
  const place = places.find((one) => one.scope === storeId && one.level === 'store')
  if (!place) return null
  const today = todayAt(org, now)
  const chain = await chainRhythm(ledger, today)
  const { histories, fit } = await storeModel(ledger, storeId, chain)
  const rules = { today, breaks: chain.breaks, model: 'params' in fit ? fit.params : null }
  const all = [...histories]
    .map(([customer_id, visits]) => ({ customer_id, ...rhythmOfCustomer(visits, rules) }))
    .filter((one) => one.group === group)
    .sort(
      (a, b) =>
        (b.facts.spendMinor ?? 0) - (a.facts.spendMinor ?? 0) ||
        (a.customer_id < b.customer_id ? -1 : 1),
    )
  const shown = all.slice(0, ROWS_MAX)
  const readable = new Set(places.map((one) => one.scope))
  const names = await namesOf(
    ledger,
    shown.map(({ customer_id }) => ({ store_id: storeId, customer_id })),
    readable,
  )
  const rows = shown.map(({ customer_id, facts, alive }) => ({
    customer_id,
    name: names.get(customer_id) ?? null,
    last_day: facts.daysSince === null ? null : today - facts.daysSince,
    visit_days: facts.visitDays,
    spend_minor: facts.spendMinor,
    alive,
  }))
  return { scope: storeId, group, rows, total: all.length }
}
