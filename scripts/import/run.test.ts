// What a whole import must keep: nothing in silence, nothing twice, homes as decided. The files are
// small and hostile; foodmart.test.ts does the same with a whole chain.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CHAIN } from '#model/id.ts'
import { parseDay } from '#model/calendar.ts'
import { ensureDesk } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { rebuild } from '#sql/rebuild.ts'
import { listReference } from '#sql/reference.ts'
import { rollUp } from '#sql/rollup.ts'
import { setUpChain } from '#sql/setup.ts'
import { stateHash } from '#sql/state-hash.ts'
import { onBothEngines, openEmpty } from '#sql/test-ledger.ts'
import { writeDrafts } from '#sql/write.ts'
import { type Findings, openFindings } from './findings.ts'
import { idsOf } from './ids.ts'
import { parseMapping } from './mapping.ts'
import { type Outcome, runImport } from './run.ts'

const NOW = Date.UTC(2026, 10, 1)
const STORES = `id,name,state,zone\n0,Office,XX,\n1,One,WA,America/Los_Angeles\n2,Two,OR,\n`
const CUSTOMERS =
  'id,name,phone,born,mail,labels,since\n' +
  "c1,Ann Bee,'2065550101,1980-02-29,yes,skin:dry|vip,2020-05-01\n" +
  'c2,Bob Cee,\t(503) 555-0102,1990-02-30,no,skin:oily,\n' +
  'c3,王芳,123,,maybe,,2030-01-01\n' +
  'c4,Ann Bee,2065550101,,,,\n'
const VISITS =
  'day,store,customer,spend,units\n' +
  '2026-01-05,2,c1,10.005,2\n' +
  '2026-01-02,1,c1,5.00,1\n' +
  '2026-01-02,2,c2,abc,1\n' +
  '2026-01-03,1,,,\n'
const MAPPING = {
  source: 'till',
  chain: { name: 'Till', zone: 'America/New_York', currency: 'USD', country: 'US' },
  stores: {
    files: ['stores.csv'],
    id: 'id',
    head_office: '0',
    columns: { name: 'name', code: 'id', region: 'state', zone: 'zone' },
  },
  customers: {
    files: ['customers.csv'],
    id: 'id',
    columns: { name: 'name', phone: 'phone', birthday: 'born', created_at: 'since' },
    dates: { birthday: 'YYYY-MM-DD', created_at: 'YYYY-MM-DD' },
    tags: { column: 'labels', group_separator: ':', group: 'Other' },
    consents: [
      { column: 'mail', purpose: 'marketing', channel: 'email', granted: ['yes'], refused: ['no'] },
    ],
  },
  visits: {
    files: ['visits*.csv'],
    id: ['day', 'store', 'customer'],
    columns: { store: 'store', customer: 'customer', at: 'day', spend: 'spend', items: 'units' },
    dates: { at: 'YYYY-MM-DD' },
    anonymous: true,
  },
}

let folder: string
let ledger: Ledger

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-run-'))
  ledger = await openLedger(':memory:', nodePorts)
  write({ stores: STORES, customers: CUSTOMERS, visits: VISITS })
})
afterEach(async () => {
  await ledger.close()
  rmSync(folder, { recursive: true, force: true })
})

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.csv`), text)
}

async function load(
  mapping: unknown = MAPPING,
  into: Ledger | null = ledger,
): Promise<{ outcome: Outcome; findings: Findings; reasons: string[] }> {
  const findings = openFindings(join(folder, 'rejects.txt'))
  const job = { folder, mapping: parseMapping(mapping, 'test'), ledger: into, findings }
  const outcome = await runImport({ ...job, now: () => NOW, onRow: () => undefined })
  await findings.close()
  if (into) while ((await rollUp(into)) > 0);
  const reasons = [...findings.counts].map(([key, count]) => `${key} ${count}`).sort()
  return { outcome, findings, reasons }
}

async function customer(externalId: string): Promise<Record<string, unknown> | undefined> {
  const rows = await ledger.db.select().from(ledger.t.customer)
  return rows.find((row) => row.id === idsOf('till').record('customer', externalId))
}

const [storeOne, storeTwo] = ['1', '2'].map((key) => idsOf('till').record('store', key))

test('an empty installation becomes the chain that the mapping names', async () => {
  const { outcome } = await load()
  expect(outcome.isNewChain).toBe(true)
  const stores = await listReference(ledger, 'store')
  const byName = Object.fromEntries(stores.map((store) => [String(store['name']), store]))
  expect(byName['Till']).toMatchObject({ type: 'head-office', code: '0' })
  expect(byName['Till']?.['region_id']).toBeUndefined()
  expect(byName['One']).toMatchObject({ zone: 'America/Los_Angeles', currency: 'USD' })
  expect(byName['Two']).toMatchObject({ zone: 'America/New_York', cutoff_minutes: 240 })
  const regions = (await listReference(ledger, 'region')).map((region) => region['name'])
  expect(regions.sort()).toEqual(['OR', 'WA'])
})

test('a home is where the first visit happened, else the head office', async () => {
  await load()
  const homes = [await customer('c1'), await customer('c2')].map((row) => row?.['store_id'])
  expect(homes).toEqual([storeOne, storeTwo])
  const [office] = (await listReference(ledger, 'store')).filter((s) => s['type'] === 'head-office')
  expect(await customer('c3')).toMatchObject({ store_id: office?.id })
})

test('a home that the source names comes before the first visit', async () => {
  const customers = { ...MAPPING.customers, columns: { name: 'name', home: 'born' }, dates: {} }
  write({ customers: 'id,name,born,mail,labels\nc1,Ann,2,,\nc2,Bob,9,,\n' })
  const { reasons } = await load({ ...MAPPING, customers })
  const homes = await ledger.db.select().from(ledger.t.customer)
  expect(homes.map((row) => row.store_id)).toEqual([storeTwo, storeTwo])
  expect(reasons).toContain('warning customer unknown-store 1')
})

test('bad fields are left out with a warning and the row is kept', async () => {
  const { reasons, findings } = await load()
  expect(reasons).toEqual([
    'duplicate customer same-name-and-phone 1',
    'warning customer date 1',
    'warning customer future 1',
    'warning customer phone 1',
    'warning visit money 1',
  ])
  expect(await customer('c2')).toMatchObject({ birthday: null, phone: '+15035550102' })
  expect(await customer('c3')).toMatchObject({ phone: null, pinyin: 'wangfang' })
  expect(findings.countOf('reject')).toBe(0)
  const listed = readFileSync(join(folder, 'rejects.txt'), 'utf8')
  expect(listed).toContain('customers.csv,3,warning,customer,born,1990-02-30,date')
})

test('rows that cannot be kept are rejected with file, row, column and reason', async () => {
  write({
    customers:
      'id,name,phone,born,mail,labels,since\nc1,,,,,,\n,Ann,,,,,\nc2,Bob,,,,,\nc2,B,,,,,\nc3,C\n',
    visits:
      'day,store,customer,spend,units\n2026-01-05,9,c2,1,1\n2026-02-30,1,c2,1,1\n' +
      '2027-01-01,1,c2,1,1\n2026-01-05,1,c9,1,1\n2026-01-06,1,c2,1,1\n2026-01-06,1,c2,2,2\n',
  })
  const { reasons, findings } = await load()
  expect(reasons).toEqual([
    'reject customer columns 1',
    'reject customer empty 2',
    'reject customer same-id 1',
    'reject visit date 1',
    'reject visit future 1',
    'reject visit same-id 1',
    'reject visit unknown-customer 1',
    'reject visit unknown-store 1',
  ])
  expect(findings.first).toContainEqual({
    file: 'visits.csv',
    row: 2,
    severity: 'reject',
    kind: 'visit',
    column: 'store',
    value: '9',
    reason: 'unknown-store',
  })
})

test('spend is exact and a visit without an amount has none', async () => {
  await load()
  const visits = await ledger.db.select().from(ledger.t.visit)
  const spends = visits.map((visit) => visit.spend_minor).sort()
  expect(spends).toEqual([1001, 500, null, null])
  const tally = visits.find((visit) => visit.customer_id === null)
  expect(tally).toMatchObject({ count: 1, store_id: storeOne, day: parseDay('2026-01-03') })
})

test('tags and consents come with their words and count from the day of enrolment', async () => {
  await load()
  const groups = await listReference(ledger, 'tag_group')
  expect(groups.map((group) => group['label']).sort()).toEqual(['Other', 'skin'])
  expect(await ledger.db.select().from(ledger.t.tagging)).toHaveLength(3)
  expect(await customer('c1')).toMatchObject({
    consents: [{ purpose: 'marketing', channel: 'email', state: 'granted', proof: 'import till' }],
  })
  expect(await customer('c2')).toMatchObject({ consents: [{ state: 'refused' }] })
  expect(await customer('c3')).toMatchObject({ consents: [] })
})

onBothEngines('a second import changes nothing, in whatever order rows stand', async (engine) => {
  const own = await openEmpty(engine)
  try {
    await load(MAPPING, own)
    const before = await stateHash(own)
    const ops = (await own.db.select().from(own.t.op)).length
    const turn = (text: string) => {
      const [header = '', ...rows] = text.trimEnd().split('\n')
      return `${[header, ...rows.reverse()].join('\n')}\n`
    }
    write({ stores: turn(STORES), customers: turn(CUSTOMERS), visits: turn(VISITS) })
    const { outcome } = await load(MAPPING, own)
    expect(await stateHash(own)).toBe(before)
    expect((await own.db.select().from(own.t.op)).length).toBe(ops)
    expect(outcome.facts.tally('visit')).toMatchObject({ applied: 0, known: 4, refused: 0 })
    expect(outcome.facts.tally('customer')).toMatchObject({ applied: 0, known: 4 })
    expect(await rebuild(own, { write: false })).toEqual([])
  } finally {
    await own.close()
  }
})

test('what comes later is added, and a home does not move to an earlier visit', async () => {
  await load()
  write({ 'visits-2': `day,store,customer,spend,units\n2025-12-24,2,c1,9.99,1\n` })
  const { outcome } = await load()
  expect(outcome.facts.tally('visit')).toMatchObject({ applied: 1, known: 4 })
  expect(await customer('c1')).toMatchObject({ store_id: storeOne })
})

test('a dry run finds the same and writes nothing', async () => {
  const dry = await load(MAPPING, null)
  expect(await listReference(ledger, 'store')).toEqual([])
  const real = await load()
  expect(dry.reasons).toEqual(real.reasons)
  expect(dry.outcome.rows).toEqual(real.outcome.rows)
  expect(dry.outcome.facts.tally('visit').planned).toBe(4)
})

test('an existing chain is added to, its stores are found by code or name', async () => {
  const setup = { chain_name: 'Shop', zone: 'UTC', currency: 'CNY', country: 'CN' }
  const { staff_id } = await setUpChain(ledger, { ...setup, admin_name: 'Admin' }, NOW)
  const record_id = nodePorts.uuid()
  const store = { name: 'North', code: 'N1', region_id: null, zone: 'Asia/Shanghai' }
  const payload = { ...store, currency: 'CNY', country: 'CN' }
  const draft = { store_id: CHAIN, kind: 'store', record_id, type: 'create' as const, payload }
  const session = await ensureDesk(ledger)
  await writeDrafts(ledger, { session, actor_id: staff_id, unlock_id: null }, [draft], NOW)
  write({ members: '会员卡号,姓名,门店\n\t001,王芳,N1\n\t002,李雷,North\n\t003,韩梅,X\n' })
  const customers = {
    files: ['members.csv'],
    id: '会员卡号',
    columns: { name: '姓名', card: '会员卡号', home: '门店' },
  }
  const { outcome } = await load({ source: 'members', customers })
  expect(outcome.isNewChain).toBe(false)
  const found = await ledger.db.select().from(ledger.t.customer)
  expect(
    found
      .filter((row) => row.store_id === record_id)
      .map((row) => row.card)
      .sort(),
  ).toEqual(['001', '002'])
})

test('without a chain, and without one in the mapping, nothing is begun', async () => {
  const { chain: _chain, ...rest } = MAPPING
  await expect(load(rest)).rejects.toThrow('there is no chain yet')
  expect(await listReference(ledger, 'staff')).toEqual([])
})

test('a missing file or column is named', async () => {
  rmSync(join(folder, 'visits.csv'))
  await expect(load()).rejects.toThrow('there is no file visits*.csv')
  write({ visits: 'day,shop\n' })
  await expect(load()).rejects.toThrow('there is no column "store" among: day, shop')
})
