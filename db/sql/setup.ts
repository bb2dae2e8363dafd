import type { Actor, Session } from '#model/access.ts'
import { CHAIN } from '#model/id.ts'
import { addDeviceState } from './device-state.ts'
import { deviceDraft } from './devices.ts'
import { LedgerError } from './errors.ts'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { type TimedDraft, writeDraftsIn } from './write.ts'

export interface ChainSetup {
  chain_name: string
  zone: string
  currency: string
  country: string
  admin_name: string
  /** Minutes after midnight at which the head office's business day begins; 240 by default. */
  cutoff_minutes?: number
  /** Ids to use instead of new ones, for a chain that an importer derives. */
  head_office_id?: string
  head_office_name?: string
}

export interface ChainFounded {
  staff_id: string
  head_office_id: string
}

export async function isEmpty(ledger: Ledger, db: Db = ledger.db): Promise<boolean> {
  const stores = await db.select({ id: ledger.t.store.id }).from(ledger.t.store).limit(1)
  return stores.length === 0
}

function chainDraft(kind: string, recordId: string, payload: Record<string, unknown>): TimedDraft {
  return { store_id: CHAIN, kind, record_id: recordId, type: 'create', payload }
}

function firstDrafts(setup: ChainSetup, ids: ChainFounded & { desk_id: string }): TimedDraft[] {
  const { zone, currency, country, cutoff_minutes } = setup
  return [
    chainDraft('staff', ids.staff_id, {
      name: setup.admin_name,
      role: 'admin',
      store_ids: [ids.head_office_id],
    }),
    chainDraft('store', ids.head_office_id, {
      name: setup.head_office_name ?? setup.chain_name,
      type: 'head-office',
      region_id: null,
      zone,
      currency,
      country,
      ...(cutoff_minutes === undefined ? {} : { cutoff_minutes }),
    }),
    deviceDraft(ids.desk_id, { name: 'Desk', at: CHAIN, role: 'desk' }),
  ]
}

/**
 * Founds the chain on an empty ledger: the head office (its name is the chain's), the desk's
 * device, the first administrator. Throws LedgerError `not-empty` when a chain is there.
 */
export async function setUpChain(
  ledger: Ledger,
  setup: ChainSetup,
  now: number,
): Promise<ChainFounded> {
  const { uuid } = ledger.ports
  const founded = { staff_id: uuid(), head_office_id: setup.head_office_id ?? uuid() }
  const desk_id = uuid()
  const session: Session = {
    device_id: desk_id,
    book: CHAIN,
    role: 'desk',
    revoked: false,
    actor_id: null,
  }
  const founder: Actor = {
    id: founded.staff_id,
    role: 'admin',
    store_ids: [],
    region_id: null,
    active: true,
  }
  await ledger.tx(async (db) => {
    if (!(await isEmpty(ledger, db)))
      throw new LedgerError('not-empty', 'a chain is set up already')
    await addDeviceState(ledger, db, CHAIN, desk_id)
    const writer = { session, actor_id: founded.staff_id, unlock_id: null, founder }
    const results = await writeDraftsIn(
      ledger,
      db,
      writer,
      firstDrafts(setup, { ...founded, desk_id }),
      now,
    )
    const refused = results.find((result) => result.status !== 'applied')
    if (refused) throw new Error(`setup was refused: ${refused.reason} ${refused.detail ?? ''}`)
  })
  return founded
}
