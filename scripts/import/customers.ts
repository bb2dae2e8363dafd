import { dayText } from '#model/calendar.ts'
import type { Consent } from '#model/consent.ts'
import { CustomerCreate } from '#model/customer.ts'
import { type Complain, fitPayload, present } from './fields.ts'
import type { CustomerTable } from './mapping.ts'
import { readPhone } from './phone.ts'
import type { StoreRef } from './stores.ts'
import type { TableRow } from './table.ts'
import { dateReader, dayReader } from './when.ts'

export type ConsentWord = Pick<Consent, 'purpose' | 'channel' | 'state'>

/** A customer row in our words; null values are absent. */
export interface CustomerRecord {
  row: TableRow
  payload: Record<string, unknown>
  name: string
  phone: string | null
  created_at: number | null
  consents: ConsentWord[]
}

const TEXTS = ['name', 'card', 'email', 'gender', 'tier', 'note']

/** What reading a customer needs to know, and where complaints go. */
interface Reading {
  table: CustomerTable
  readBirthday: ReturnType<typeof dayReader>
  readCreated: ReturnType<typeof dateReader>
  now: number
  complain: Complain
}

function phoneOf(row: TableRow, field: string, home: StoreRef, complain: Complain): string | null {
  const text = row.field(field)
  if (text === '') return null
  const phone = readPhone(text, row.field('phone_country') || home.country)
  if (phone === null) complain(row, field, 'phone', 'warning')
  return phone
}

function birthdayOf(row: TableRow, { readBirthday, complain }: Reading): string | null {
  const text = row.field('birthday')
  if (text === '') return null
  const day = readBirthday(text)
  if (day === null) complain(row, 'birthday', 'date', 'warning')
  return day === null ? null : dayText(day).slice(5)
}

function createdAt(row: TableRow, home: StoreRef, reading: Reading): number | null {
  const text = row.field('created_at')
  if (text === '') return null
  const at = reading.readCreated(text, home.zone)
  if (at !== null && at <= reading.now) return at
  reading.complain(row, 'created_at', at === null ? 'date' : 'future', 'warning')
  return null
}

function readCustomer(row: TableRow, home: StoreRef, reading: Reading): CustomerRecord | null {
  const { table, complain } = reading
  const phone = phoneOf(row, 'phone', home, complain)
  const draft = {
    ...present(row, TEXTS),
    phone,
    phone_alt: phoneOf(row, 'phone_alt', home, complain),
    birthday: birthdayOf(row, reading),
    attributes: attributesOf(row, table),
    home_store_id: home.id,
  }
  const set = Object.entries(draft).filter(([, value]) => value !== null)
  const payload = fitPayload(
    CustomerCreate,
    Object.fromEntries(set),
    ['name', 'home_store_id'],
    (field, reason, severity) => complain(row, field, reason, severity),
  )
  if (!payload) return null
  const created_at = createdAt(row, home, reading)
  const consents = consentsOf(row, table)
  return { row, payload, name: row.field('name'), phone, created_at, consents }
}

/** Reads customer rows of one mapping; fields that do not fit are left out with a warning. */
export function customerReader(
  table: CustomerTable,
  complain: Complain,
  now: number,
): (row: TableRow, home: StoreRef) => CustomerRecord | null {
  const readBirthday = dayReader(table.dates['birthday'] ?? 'YYYY-MM-DD')
  const readCreated = dateReader(table.dates['created_at'] ?? 'iso')
  const reading = { table, readBirthday, readCreated, now, complain }
  return (row, home) => readCustomer(row, home, reading)
}

function attributesOf(row: TableRow, table: CustomerTable): Record<string, string> | null {
  const kept = Object.entries(table.attributes)
    .map(([name, column]) => [name, row.cell(column)] as const)
    .filter(([, text]) => text !== '')
  return kept.length > 0 ? Object.fromEntries(kept) : null
}

/** A text that is neither a yes nor a no of the mapping says nothing: no default consents. */
function consentsOf(row: TableRow, table: CustomerTable): ConsentWord[] {
  return table.consents.flatMap(({ column, purpose, channel, granted, refused }): ConsentWord[] => {
    const text = row.cell(column)
    if (granted.includes(text)) return [{ purpose, channel, state: 'granted' }]
    if (refused.includes(text)) return [{ purpose, channel, state: 'refused' }]
    return []
  })
}
