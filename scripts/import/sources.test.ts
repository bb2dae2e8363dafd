// The mappings that come with the product, on files as their systems write them.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { setUpChain } from '#sql/setup.ts'
import { openFindings } from './findings.ts'
import { readMapping } from './mapping.ts'
import { runImport } from './run.ts'

const NOW = Date.UTC(2026, 10, 1)
const KNOCKS = fileURLToPath(new URL('../../../shared/data/knocks100', import.meta.url))
const hasKnocks = existsSync(KNOCKS)
if (!hasKnocks) console.log('skipped: ../shared/data/knocks100 is not there')

function mappingOf(name: string) {
  return readMapping(fileURLToPath(new URL(`../mappings/${name}.json`, import.meta.url)))
}

/** GBK bytes of a text; the platform only decodes, so its decoder is turned round. */
function encodeGbk(text: string): Buffer {
  const decoder = new TextDecoder('gbk')
  const bytes = new Map<string, number[]>()
  for (let high = 0x81; high <= 0xfe; high += 1)
    for (let low = 0x40; low <= 0xfe; low += 1)
      bytes.set(decoder.decode(Uint8Array.of(high, low)), [high, low])
  return Buffer.from([...text].flatMap((sign) => bytes.get(sign) ?? [sign.charCodeAt(0)]))
}

test('a Chinese member export in GBK, with TABs before its numbers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-members-'))
  const ledger = await openLedger(':memory:', nodePorts)
  try {
    const setup = { chain_name: '店', zone: 'Asia/Shanghai', currency: 'CNY', country: 'CN' }
    await setUpChain(ledger, { ...setup, admin_name: 'Admin' }, NOW)
    const text =
      '会员卡号,姓名,性别,生日,手机号码,余额(元),创建时间\r\n' +
      '\t80001,单雄信,男,\t1990-5-1,\t160 1234 5678,12.50,\t2024-11-2 09:30:00\r\n' +
      '\t80002,欧阳娜,女,,\t,0.00,\t2024-11-3 18:05:09\r\n'
    writeFileSync(join(folder, 'members.csv'), encodeGbk(text))
    const findings = openFindings(null)
    const job = { folder, mapping: mappingOf('members-zh'), ledger, findings }
    await runImport({ ...job, now: () => NOW, onRow: () => undefined })
    expect(findings.counts.size).toBe(0)
    const rows = await ledger.db.select().from(ledger.t.customer).orderBy(ledger.t.customer.card)
    expect(rows).toMatchObject([
      {
        card: '80001',
        name: '单雄信',
        initials: 'sxx',
        gender: 'm',
        birthday: '05-01',
        phone: '+8616012345678',
        attributes: { '余额(元)': '12.50' },
        created_at: Date.UTC(2024, 10, 2, 1, 30),
      },
      { card: '80002', name: '欧阳娜', gender: 'f', birthday: null, phone: null },
    ])
  } finally {
    await ledger.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

test.skipIf(!hasKnocks)(
  '30 of 21,971 members look alike, by name and postal code',
  async () => {
    interface Expected {
      customers: number
      same_name_and_postal_extra_rows: number
    }
    const expected = JSON.parse(readFileSync(join(KNOCKS, 'expected.json'), 'utf8')) as Expected
    const findings = openFindings(null)
    const job = { folder: KNOCKS, mapping: mappingOf('knocks100'), ledger: null, findings }
    const outcome = await runImport({ ...job, now: () => NOW, onRow: () => undefined })
    expect(outcome.rows.customers).toBe(expected.customers)
    expect(findings.countOf('duplicate')).toBe(expected.same_name_and_postal_extra_rows)
    expect(findings.countOf('reject') + findings.countOf('warning')).toBe(0)
  },
  120_000,
)
