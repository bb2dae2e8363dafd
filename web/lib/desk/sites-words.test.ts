// What is at stake: a fault that is told at another hour than it was, and a file of sites that
// says of a store what nobody promised.
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { dayFromCivil, instantOf } from '#model/calendar.ts'
import type { SiteRow } from '#model/report-sites.ts'
import { fieldOf, instantIn, sitesCsv } from './sites-words.ts'
import { messagesIn } from './words.ts'

test('a field for date and time speaks by the clock of the store, in summer time, too', () => {
  const july = dayFromCivil(2026, 7, 6)
  for (const zone of ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York']) {
    const at = instantOf(july, 14 * 60 + 30, zone)
    expect(instantIn('2026-07-06T14:30', zone)).toBe(at)
    expect(fieldOf(at, zone)).toBe('2026-07-06T14:30')
  }
  expect(instantIn('2026-01-06T12:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 0, 6, 11))
  for (const none of ['', '2026-02-30T10:00', 'yesterday'])
    expect(instantIn(none, 'Asia/Shanghai')).toBeNull()
})

const SITE: SiteRow = {
  ...{ store_id: 's1', name: '=湖滨', name_en: null, code: null, city: null, currency: 'CNY' },
  ...{ assessment: null, availability: { promised: 720, available: 700, lost: [] } },
  ...{ hours_assumed: true, zone: 'Asia/Shanghai', downtimes: [], review: null, as_of: null },
}

test('the file speaks the reader’s language, and says where hours are assumed', () => {
  const judged: SiteRow = {
    ...{ ...SITE, store_id: 's2', hours_assumed: false },
    review: { decided: 'keep', note: '' },
    assessment: {
      ...{ purpose: 'serve', visits: 40, peers: 6, kept: 1, advice: 'fix', why: 'one-weak' },
      evidence: [
        { measure: 'spend_per_visit', value: 12_050, peers: 10_000, z: -1.234, standing: 'weak' },
      ],
    },
  }
  const text = sitesCsv([SITE, judged], '2026-Q3', messagesIn('en'))
  const rows: Record<string, string>[] = parse(text, { bom: true, columns: true })
  expect(rows[0]).toMatchObject({
    ...{ Store: "'=湖滨", Quarter: '2026-Q3', 'Promised minutes': '720', 'Minutes kept': '700' },
    ...{ 'About the hours': 'No hours given; 9:00–21:00 assumed', Visits: '', Advice: '' },
  })
  expect(rows[1]).toMatchObject({
    ...{ 'About the hours': '', 'Measure 1: value': '120.5', 'Measure 1: median': '100' },
    ...{ 'Measure 1: deviation': '-1.23', 'Measure 2': '', 'Sites compared': '6' },
  })
  expect(sitesCsv([SITE], '2026-Q3', messagesIn('zh'))).toContain('承诺的分钟')
})
