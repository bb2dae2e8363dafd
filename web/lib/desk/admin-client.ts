import * as v from 'valibot'
import type { ReferenceKind } from '#model/kinds.ts'
import { type Fetch, read, write } from './request.ts'
import {
  type Account,
  AccountsShape,
  type Enrolment,
  EnrolmentShape,
  type WriteResult,
  WriteResultsShape,
} from './shapes.ts'
import { DeskError } from './trouble.ts'

// What headquarters writes: the chain's reference data, devices, PINs and accounts. Every function
// throws DeskError.

export interface ReferenceDraft {
  kind: ReferenceKind
  record_id: string
  type: 'create' | 'set'
  payload: Record<string, unknown>
}

/** An op that the ledger put in quarantine instead of applying. */
export class RefusedWrite extends Error {
  readonly result: WriteResult

  constructor(result: WriteResult) {
    super(result.reason ?? 'refused')
    this.name = 'RefusedWrite'
    this.result = result
  }
}

/** All rows of a kind; `shape` is that kind's of `ReferenceShapes`. */
export function getReference<T>(
  get: Fetch,
  kind: ReferenceKind,
  shape: v.GenericSchema<unknown, T>,
): Promise<T> {
  return read(get, `/api/admin/reference/${kind}`, shape)
}

/** Writes drafts as one act of the signed-in person. Throws RefusedWrite when one is refused. */
export async function writeReference(get: Fetch, drafts: readonly ReferenceDraft[]): Promise<void> {
  const results = await write(get, '/api/admin/write', { drafts }, WriteResultsShape)
  const refused = results.find((result) => (result.first ?? result.status) === 'quarantined')
  if (refused) throw new RefusedWrite(refused)
  if (results.length < drafts.length) throw new DeskError('shape', { problem: 'results' })
}

export function giveOutCode(get: Fetch, storeId: string, name: string): Promise<Enrolment> {
  return write(get, '/api/admin/enrolments', { store_id: storeId, name }, EnrolmentShape)
}

export async function revokeDevice(get: Fetch, deviceId: string): Promise<void> {
  const path = `/api/admin/devices/${encodeURIComponent(deviceId)}/revoke`
  await write(get, path, {}, v.unknown())
}

export async function setPin(get: Fetch, staffId: string, pin: string): Promise<void> {
  await write(get, '/api/admin/pins', { staff_id: staffId, pin }, v.unknown())
}

export async function openAccount(
  get: Fetch,
  staffId: string,
  email: string,
  password: string,
): Promise<void> {
  await write(get, '/api/admin/accounts', { staff_id: staffId, email, password }, v.unknown())
}

export function getAccounts(get: Fetch): Promise<Account[]> {
  return read(get, '/api/admin/accounts', AccountsShape)
}
