import { CHAIN } from '#model/id.ts'
import type { ReferenceRow } from '#model/reference.ts'
import { ensureImporter } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { listReference } from '#sql/reference.ts'
import { isEmpty, setUpChain } from '#sql/setup.ts'
import { type Writer, writeDrafts } from '#sql/write.ts'
import type { Ids } from './ids.ts'
import { ImportError } from './import-error.ts'
import type { Mapping } from './mapping.ts'

const ADMIN_NAME = 'Administrator'

/** The chain that an import adds to, and who writes what. */
export interface ChainAccess {
  headOffice: ReferenceRow
  /** True when this run made the chain. */
  isNew: boolean
  /** The importer's device in an administrator's name, for regions, stores and tags. */
  admin: Writer
  /** The importer's device in its own name, for customers and visits. */
  importer: Writer
}

async function makeChain(ledger: Ledger, mapping: Mapping, now: number): Promise<void> {
  const { chain } = mapping
  if (!chain)
    throw new ImportError(
      'there is no chain yet: give the mapping a "chain", or make one on the first-run page',
    )
  const { name, ...clock } = chain
  await setUpChain(ledger, { ...clock, chain_name: name, admin_name: ADMIN_NAME }, now)
}

async function findAdmin(ledger: Ledger): Promise<string> {
  const staff = await listReference(ledger, 'staff')
  const admin = staff.find((one) => one['role'] === 'admin' && one['state'] !== 'left')
  if (!admin) throw new ImportError('the chain has no active administrator to import for')
  return admin.id
}

async function findHeadOffice(ledger: Ledger): Promise<ReferenceRow> {
  const stores = await listReference(ledger, 'store')
  const found = stores.find((store) => store['type'] === 'head-office')
  if (!found) throw new ImportError('the chain has no head office')
  return found
}

/** Who imported customers and visits stands on them: a person of its own for each source. */
async function ensureImportStaff(
  ledger: Ledger,
  admin: Writer,
  source: string,
  ids: Ids,
  now: number,
): Promise<string> {
  const record_id = ids.record('staff', 'importer')
  const payload = { name: `Import ${source}`, role: 'clerk', store_ids: [] }
  const op_id = ids.op('staff', 'create', 'importer')
  const draft = { store_id: CHAIN, kind: 'staff', record_id, payload, op_id }
  await writeDrafts(ledger, admin, [{ ...draft, type: 'create' }], now)
  return record_id
}

/** Finds the chain, or makes it of the mapping's when the installation is empty. */
export async function openChain(
  ledger: Ledger,
  mapping: Mapping,
  ids: Ids,
  now: number,
): Promise<ChainAccess> {
  const isNew = await isEmpty(ledger)
  if (isNew) await makeChain(ledger, mapping, now)
  const adminId = await findAdmin(ledger)
  const session = await ensureImporter(ledger, adminId, now)
  const admin: Writer = { session, actor_id: adminId, unlock_id: null }
  const staffId = await ensureImportStaff(ledger, admin, mapping.source, ids, now)
  return {
    headOffice: await findHeadOffice(ledger),
    isNew,
    admin,
    importer: { ...admin, actor_id: staffId },
  }
}
