// A sample of `npm run faults` that needs no root and little time: real kills, real cuts, real disk
// images. What it cannot show is volume: a fault that strikes once in a hundred kills, or between
// two bytes that are cut here, is for the command, whose figures stand in README.md.
import { expect, test } from 'vitest'
import { seededRandom } from '../demo/random.ts'
import { runCuts } from './cuts.ts'
import { Disk } from './disk.ts'
import { runKills } from './kills.ts'
import { runPower } from './power.ts'
import { findCompiler } from './tools.ts'

const SEED = '20261122'
/** Far more than the run takes, for machines that do much else. */
const TIMEOUT_MS = 400_000
const say = () => undefined

test(
  'the API is killed 12 times under load and loses or doubles nothing',
  async () => {
    const outcome = await runKills({ count: 12, seed: SEED, say })
    expect(outcome).toMatchObject({ ok: true, problems: [] })
  },
  TIMEOUT_MS,
)

test(
  'a push and a pull are cut at every fourth byte, and all converge',
  async () => {
    const outcome = await runCuts({ step: 4, exchanges: ['push', 'pull'], say })
    expect(outcome).toMatchObject({ ok: true, problems: [] })
  },
  TIMEOUT_MS,
)

test(
  'a part of the first download is cut at every 25th byte and comes whole',
  async () => {
    const outcome = await runCuts({ step: 25, exchanges: ['part'], say })
    expect(outcome).toMatchObject({ ok: true, problems: [] })
  },
  TIMEOUT_MS,
)

const hasCompiler = process.platform === 'linux' && findCompiler() !== null

test('power cuts lose nothing that was acknowledged', { timeout: TIMEOUT_MS }, async (context) => {
  if (!hasCompiler) context.skip('writes are recorded on Linux with a C compiler')
  const outcome = await runPower({ count: 150, seed: SEED, say })
  expect(outcome).toMatchObject({ ok: true, problems: [] })
})

test(
  'a disk that does not sync does lose what was acknowledged',
  async (context) => {
    if (!hasCompiler) context.skip('writes are recorded on Linux with a C compiler')
    const outcome = await runPower({ count: 60, seed: SEED, say, ignoresSync: true })
    expect(outcome.ok).toBe(false)
    expect(outcome.problems[0]).toMatch(/lost/)
  },
  TIMEOUT_MS,
)

test('a new file whose folder was not synced may be gone, one that was synced is not', () => {
  const disk = new Disk(new Map())
  const write = { kind: 'W' as const, path: 'log', offset: 0, data: Buffer.from('abc') }
  const nothing = { path: 'log', offset: 0, data: Buffer.alloc(0) }
  disk.take(write)
  disk.take({ ...nothing, kind: 'S' })
  const random = seededRandom(SEED)
  expect([...disk.image('none', random).keys()]).toEqual([])
  disk.take({ ...nothing, path: '', kind: 'D' })
  expect(disk.image('none', random).get('log')?.toString()).toBe('abc')
  disk.take({ ...write, offset: 5 })
  expect(disk.image('none', random).get('log')?.length).toBe(3)
  expect(disk.image('all', random).get('log')?.toString('latin1')).toBe('abc\0\0abc')
})
