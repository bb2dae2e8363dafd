// When a network comes back, every tablet of the chain comes with it. Nobody may see an error for
// that: those who are sent away come back when they were told to, and all are served.
import { expect, test, vi } from 'vitest'
import { must } from '#model/assert.ts'
import { Admission } from './admission.ts'
import { ApiError } from './errors.ts'

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** A pile of work that ends when it is told to. */
function gate() {
  const opens: (() => void)[] = []
  const wait = () => new Promise<void>((resolve) => opens.push(resolve))
  const open = () => must(opens.shift(), 'work that waits')()
  return { wait, open, count: () => opens.length }
}

test('5,000 at once are all served within two minutes by obeying what they are told', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] })
  const admission = new Admission({ atWork: 8, waiting: 200 })
  let [working, most] = [0, 0]
  const waits: number[] = []
  const work = async () => {
    most = Math.max(most, ++working)
    await sleep(40) // Eight at a time: 200 a second.
    working -= 1
  }
  const sync = async (device: string) => {
    for (;;)
      try {
        await admission.run(device, 'push', work)
        return performance.now()
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'busy') throw error
        waits.push(must(error.retryAfterMs, 'a time to come back'))
        await sleep(error.retryAfterMs ?? 0)
      }
  }
  const began = performance.now()
  const served = Promise.all(Array.from({ length: 5000 }, (_, n) => sync(`d${n}`)))
  await vi.runAllTimersAsync()
  const times = await served
  expect(times).toHaveLength(5000)
  expect(Math.max(...times) - began).toBeLessThan(120_000)
  expect(most).toBe(8)
  // Some are sent away again, because all of a wave come a little late; few more than once.
  expect(waits.length).toBeGreaterThan(4_700)
  expect(waits.length).toBeLessThan(15_000)
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(5_000)
  expect(Math.max(...waits)).toBeLessThanOrEqual(60_000)
  expect([admission.working, admission.waiting]).toEqual([0, 0])
  vi.useRealTimers()
})

test('who is sent away later comes back later, and no two in step', async () => {
  const admission = new Admission({ atWork: 1, waiting: 1 })
  const held = gate()
  const serving = [1, 2].map((n) => admission.run(`d${n}`, 'pull', held.wait))
  const waits: number[] = []
  for (let n = 0; n < 4000; n += 1)
    await admission.run(`e${n}`, 'pull', held.wait).catch((error: ApiError) => {
      waits.push(error.retryAfterMs ?? 0)
    })
  const mean = (some: number[]) => some.reduce((sum, ms) => sum + ms, 0) / some.length
  expect(waits).toHaveLength(4000)
  expect(mean(waits.slice(3000))).toBeGreaterThan(mean(waits.slice(0, 1000)) + 5_000)
  expect(new Set(waits.map(Math.round)).size).toBeGreaterThan(2_500)
  held.open()
  await serving[0]
  held.open()
  await serving[1]
})

test('a device has one push and one pull at work; its next one waits, others do not', async () => {
  const admission = new Admission({ atWork: 10, waiting: 10 })
  const held = gate()
  const order: string[] = []
  const run = (device: string, lane: 'push' | 'pull', name: string) =>
    admission.run(device, lane, async () => {
      order.push(name)
      await held.wait()
    })
  const first = run('a', 'push', 'a push')
  const second = run('a', 'push', 'a push again')
  const rest = [run('a', 'pull', 'a pull'), run('b', 'push', 'b push')]
  await sleep(0)
  expect(order).toEqual(['a push', 'a pull', 'b push'])
  held.open()
  await first
  expect(order.at(-1)).toBe('a push again')
  while (held.count() > 0) held.open()
  await Promise.all([second, ...rest])
})

test('a device that asks on and on does not fill the line', async () => {
  const admission = new Admission({ atWork: 1, waiting: 100 })
  const held = gate()
  const asked = Array.from({ length: 50 }, () => admission.run('a', 'push', held.wait))
  const outcomes = Promise.allSettled(asked)
  expect(admission.waiting).toBeLessThan(6)
  const other = admission.run('b', 'push', held.wait)
  for (let n = 0; n < 6; n += 1) {
    await sleep(0)
    if (held.count() > 0) held.open()
  }
  await other
  expect((await outcomes).filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
})

test('work that fails, and a client that hangs up, give their place back', async () => {
  const admission = new Admission({ atWork: 1, waiting: 5 })
  await expect(admission.run('a', 'push', () => Promise.reject(new Error('no')))).rejects.toThrow(
    'no',
  )
  const held = gate()
  const first = admission.run('a', 'push', held.wait)
  const gone = new AbortController()
  const second = admission.run('b', 'push', held.wait, gone.signal)
  const third = admission.run('c', 'push', held.wait)
  await sleep(0)
  gone.abort()
  held.open()
  await first
  await expect(second).rejects.toMatchObject({ code: 'busy' })
  await sleep(0)
  held.open()
  await third
  expect([admission.working, admission.waiting]).toEqual([0, 0])
})

test('nobody is kept waiting past the patience of a client', async () => {
  const admission = new Admission({ atWork: 1, waiting: 5, patienceMs: 10 })
  const held = gate()
  const first = admission.run('a', 'push', held.wait)
  const second = admission.run('b', 'push', held.wait)
  await sleep(20)
  held.open()
  await first
  await expect(second).rejects.toMatchObject({ code: 'busy' })
  expect([admission.working, admission.waiting]).toEqual([0, 0])
})

test('a body that trickles in takes no place from those who are served', async () => {
  const admission = new Admission({ atWork: 1, waiting: 1 })
  const held = gate()
  const bodies = [1, 2].map(() => admission.read(held.wait))
  await expect(admission.read(held.wait)).rejects.toMatchObject({ code: 'busy' })
  expect(await admission.run('a', 'push', () => 'served')).toBe('served')
  held.open()
  held.open()
  await Promise.all(bodies)
})
