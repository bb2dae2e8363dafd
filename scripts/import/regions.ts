import { CHAIN } from '#model/id.ts'
import type { ReferenceRow } from '#model/reference.ts'
import type { Ids } from './ids.ts'
import type { ImportDraft } from './sink.ts'

const ORIGIN = { file: 'stores', row: 1 }

export interface RegionPlan {
  ids: Map<string, string>
  drafts: ImportDraft[]
}

/** Finds each region by its name or makes it. */
export function planRegions(
  names: readonly string[],
  known: readonly ReferenceRow[],
  ids: Ids,
): RegionPlan {
  const byName = new Map(known.map((region) => [String(region['name']), region.id]))
  const missing = names.filter((name) => !byName.has(name))
  for (const name of missing) byName.set(name, ids.record('region', name))
  const drafts = missing.map((name): ImportDraft => ({
    origin: ORIGIN,
    store_id: CHAIN,
    kind: 'region',
    record_id: ids.record('region', name),
    type: 'create',
    payload: { name, order: known.length + missing.indexOf(name) },
    op_id: ids.op('region', 'create', name),
  }))
  return { ids: byName, drafts }
}
