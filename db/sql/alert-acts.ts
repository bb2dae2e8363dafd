import type { Scope } from '#model/access.ts'
import { type Alert, readAlert } from '#model/alert.ts'
import { afterAct, type AlertAct, UNTOUCHED } from '#model/alerts/states.ts'
import { CHAIN } from '#model/id.ts'
import { alertBook, alertPlaces, foundAlerts } from './alerts.ts'
import { seenOps } from './append.ts'
import { lockDevice } from './device-state.ts'
import type { Ledger } from './ledger.ts'
import { loadReferences } from './reference.ts'
import { readOrg, todayAt } from './reports.ts'
import { retried } from './retried.ts'
import { type Writer, writeDraftsIn } from './write.ts'

/** `unknown`: no such alert in the reader's scope; `transition`: it stands elsewhere by now. */
export type ActOutcome = 'done' | 'unknown' | 'transition' | 'refused'

/**
 * Takes an alert some steps on, in the writer's name. What others did meanwhile is read under the
 * lock of the desk's device, so two people who act at once do not overwrite each other.
 */
export async function actOnAlert(
  ledger: Ledger,
  writer: Writer,
  scope: Scope,
  alertId: string,
  asked: Pick<AlertAct, 'to' | 'note' | 'task'>,
  now: number,
): Promise<ActOutcome> {
  const book = await alertBook(ledger, todayAt(await readOrg(ledger), now))
  const places = await alertPlaces(ledger, scope)
  const found = foundAlerts(book, places).find(({ row }) => row.id === alertId)
  if (!found) return 'unknown'
  const { rule, store_id, first_day, is_automatic, state, task_state, task_text } = found.row
  const act = { ...asked, at: now, by: writer.actor_id }
  const op_id = ledger.ports.uuid()
  return retried(() =>
    ledger.tx(async (db): Promise<ActOutcome> => {
      await lockDevice(ledger, db, writer.session)
      // The try before was committed, and nobody heard of it.
      const first = (await seenOps(ledger, db, [{ store_id: CHAIN, op_id }])).get(op_id)
      if (first) return first.status === 'applied' ? 'done' : 'refused'
      const [record] = await loadReferences(ledger, db, 'alert', [alertId], true)
      const known = record ? readAlert({ ...record.fields, id: alertId }) : null
      // Nobody did anything yet: then it stands where its rule put it.
      const begun = { ...UNTOUCHED, state, task_state, task_text }
      const before = known ?? (record ? null : begun)
      const after = before && afterAct(before, act, is_automatic)
      if (!after) return 'transition'
      const fields: Alert = { rule_id: rule.id, store_id, first_day, ...after }
      const draft = known
        ? { type: 'set' as const, payload: { ...after } }
        : { type: 'create' as const, payload: { ...fields } }
      const address = { store_id: CHAIN, kind: 'alert', record_id: alertId, op_id }
      const [result] = await writeDraftsIn(ledger, db, writer, [{ ...address, ...draft }], now)
      return result?.status === 'applied' ? 'done' : 'refused'
    }),
  )
}
