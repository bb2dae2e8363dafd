// The badge is the only thing most clerks ever read about sync. A green check over unsent work
// would be the worst word it could say, so that is pinned for every state beside it.
import { expect, test } from 'vitest'
import { zh } from '#web/i18n/zh.ts'
import { sayWhen, syncMark, type SyncFacts } from './sync-words.ts'

const now = Date.UTC(2026, 10, 21, 6, 32) // 14:32 in Shanghai
const words = { messages: zh, locale: 'zh', zone: 'Asia/Shanghai', now } as const
const calm: SyncFacts = {
  online: true,
  phase: 'idle',
  waiting: 0,
  oldestWaitingAt: null,
  refused: 0,
  lastPullAt: now - 30_000,
  receiving: null,
  trouble: null,
}
const say = (facts: Partial<SyncFacts>) => syncMark({ ...calm, ...facts }, words)

test('all good is one quiet check with the time of the last success', () => {
  expect(say({})).toEqual({ shape: 'check', tone: 'ok', label: '已是最新 · 14:31' })
})

test('there is no green while anything is unsent, whatever else is true', () => {
  for (const online of [true, false])
    for (const phase of ['idle', 'sending', 'receiving', 'first-download'] as const)
      for (const trouble of [null, 'offline', 'server', 'sign-in-page'] as const) {
        const mark = say({ online, phase, trouble, waiting: 3, oldestWaitingAt: now })
        expect(mark.tone).not.toBe('ok')
        expect(mark.shape).not.toBe('check')
      }
})

test('what waits turns amber after four hours and red after a day', () => {
  const hourMs = 3_600_000
  const toneAfter = (hours: number) =>
    say({ waiting: 1, oldestWaitingAt: now - hours * hourMs }).tone
  expect([1, 5, 25].map(toneAfter)).toEqual(['neutral', 'warn', 'bad'])
})

test('offline is neutral and says that work goes on', () => {
  expect(say({ online: false })).toMatchObject({ tone: 'neutral', label: zh.sync.tablet.offline })
  expect(say({ online: false, waiting: 3 }).label).toBe('离线 · 3 条待上传')
})

test('what a person must look at comes before everything else', () => {
  expect(say({ refused: 2, waiting: 5, online: false }).label).toBe('2 条未被接受')
  expect(say({ trouble: 'revoked', refused: 2 }).label).toBe('设备已停用')
})

test('receiving shows how far, and a tablet that never finished is not up to date', () => {
  const receiving = { done: 320, total: 1240 }
  expect(say({ phase: 'first-download', receiving }).label).toBe('接收中 320/1,240')
  expect(say({ lastPullAt: null }).label).toBe('首次同步未完成')
})

test('data that stopped coming is dated', () => {
  const yesterday = Date.UTC(2026, 10, 20, 10, 5)
  expect(say({ lastPullAt: yesterday })).toMatchObject({
    tone: 'warn',
    label: '数据停在昨天 18:05',
  })
  expect(sayWhen(Date.UTC(2026, 10, 2, 1, 0), words)).toBe('11月2日 09:00')
})
