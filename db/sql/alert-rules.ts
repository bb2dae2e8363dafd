import type { AlertRule, KnownRule } from '#model/alert-rule.ts'
import type { Scope } from '#model/access.ts'
import { acceptance, decisionsOf, isAutomatic } from '#model/alerts/automatic.ts'
import { lastWeek } from '#model/alerts/derive.ts'
import { replayRule, weeksToReplay } from '#model/alerts/replay.ts'
import { WEEK_DAYS } from '#model/alerts/week-figures.ts'
import { CHAIN } from '#model/id.ts'
import type { AlertPlace, ReplayReport, RulesReport } from '#model/report-alerts.ts'
import { weekFigures } from './alert-figures.ts'
import { alertPlaces, readHandled, readRules } from './alerts.ts'
import type { Ledger } from './ledger.ts'
import { readOrg, todayAt } from './reports.ts'
import { type Writer, writeDrafts } from './write.ts'

// Rules: what there are, what one would have said, and writing one.

const REPLAYED_SHOWN = 500

/** A rule may name places that its reader does not know of. */
function cutTo<R extends Pick<AlertRule, 'scope_kind' | 'scope_ids'>>(
  scope: Scope,
  places: readonly AlertPlace[],
  rule: R,
): R {
  if (scope.all || rule.scope_kind === 'format') return rule
  const known = new Set(places.flatMap((place) => [place.store_id, place.region_id ?? []].flat()))
  return { ...rule, scope_ids: rule.scope_ids.filter((one) => known.has(one)) }
}

export async function rulesReport(ledger: Ledger, scope: Scope): Promise<RulesReport> {
  const org = await readOrg(ledger)
  const handled = await readHandled(ledger)
  const places = [...(await alertPlaces(ledger, scope)).values()]
  const rules = (await readRules(ledger)).map((rule) => {
    const taken = acceptance(decisionsOf(handled.filter((alert) => alert.rule_id === rule.id)))
    return {
      ...cutTo(scope, places, rule),
      ...taken,
      is_automatic: rule.may_automate && isAutomatic(taken),
    }
  })
  const formats = org.stores.flatMap(({ type, format }) =>
    type !== 'head-office' && format !== null ? [format] : [],
  )
  const regions = org.regions
    .filter(({ id }) => scope.all || id === scope.region_id)
    .map(({ id, name, name_en }) => ({ id, name, name_en }))
  return { rules, regions, formats: [...new Set(formats)].sort(), stores: places }
}

const finite = (limit: number) => (Number.isFinite(limit) ? limit : null)

/** What a rule would have said in the last 52 weeks, and what people said of what it did say. */
export async function replayReport(
  ledger: Ledger,
  scope: Scope,
  rule: AlertRule,
  ruleId: string | null,
  now: number,
): Promise<ReplayReport> {
  const today = todayAt(await readOrg(ledger), now)
  const count = weeksToReplay(rule)
  const first = lastWeek(today) - (count - 1) * WEEK_DAYS
  const figures = (await weekFigures(ledger, [rule.metric], first, count)).get(rule.metric)
  const places = await alertPlaces(ledger, scope)
  const replay = figures
    ? replayRule(rule, figures)
    : { from: first, to: lastWeek(today), stores: 0, alerts: [] }
  const seen = replay.alerts.flatMap(({ store_id, low, high, ...alert }) => {
    const place = places.get(store_id)
    return place ? [{ ...alert, ...place, low: finite(low), high: finite(high) }] : []
  })
  const judged = (verdict: string) => seen.filter((alert) => alert.verdict === verdict).length
  const handled = (await readHandled(ledger)).filter(
    (alert) => alert.rule_id === ruleId && places.has(alert.store_id),
  )
  return {
    ...{ from: replay.from, to: replay.to, stores: replay.stores, fired: seen.length },
    ...{ right: judged('right'), wrong: judged('wrong'), pending: judged('pending') },
    said_right: handled.filter((alert) => alert.state === 'resolved').length,
    said_false: handled.filter((alert) => alert.state === 'false').length,
    alerts: seen.slice(0, REPLAYED_SHOWN),
  }
}

/**
 * Writes a rule as an op of the desk; an id that is not on the books makes a new one. Switching on
 * dates it; a rule that stays on keeps its day. Null when the op was refused.
 */
export async function writeRule(
  ledger: Ledger,
  writer: Writer,
  ruleId: string,
  rule: AlertRule,
  now: number,
): Promise<KnownRule | null> {
  const before = (await readRules(ledger)).find(({ id }) => id === ruleId)
  const today = todayAt(await readOrg(ledger), now)
  const since =
    rule.state === 'on' ? ((before?.state === 'on' ? before.since : null) ?? today) : null
  const payload = { ...rule, since }
  const type = before ? ('set' as const) : ('create' as const)
  const draft = { store_id: CHAIN, kind: 'alert_rule', record_id: ruleId, type, payload }
  const [result] = await writeDrafts(ledger, writer, [draft], now)
  return result?.status === 'applied' ? { ...payload, id: ruleId } : null
}
