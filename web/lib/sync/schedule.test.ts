// What is at stake: a tablet that stops asking, or a thousand that ask at once. Time is passed in,
// so that hours are played in no time.
import { expect, test } from 'vitest'
import { type CycleOutcome, Schedule } from './schedule.ts'

const OK: CycleOutcome = { ok: true, retryAfterMs: null }
const FAILED: CycleOutcome = { ok: false, retryAfterMs: null }

/** A schedule on a clock of its own; `outcomes` are given in turn, the last one for ever. */
function onClock(outcomes: CycleOutcome[], random = () => 0.5) {
  const state = {
    now: 0,
    due: null as { at: number; call: () => void } | null,
    runs: [] as number[],
  }
  const schedule = new Schedule(
    () => {
      state.runs.push(state.now)
      const outcome = outcomes[Math.min(state.runs.length, outcomes.length) - 1] ?? OK
      return Promise.resolve(outcome)
    },
    {
      now: () => state.now,
      random,
      after(delayMs, call) {
        const timer = { at: state.now + delayMs, call }
        state.due = timer
        return () => {
          if (state.due === timer) state.due = null
        }
      },
    },
  )
  const play = async (untilMs: number) => {
    while (state.due && state.due.at <= untilMs) {
      const { at, call } = state.due
      state.due = null
      state.now = at
      call()
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
    state.now = untilMs
  }
  return { schedule, state, play }
}

test('after a success it comes again within 30 to 60 seconds, for ever', async () => {
  const { schedule, state, play } = onClock([OK])
  schedule.wake('nudge')
  await play(10 * 60_000)
  expect(state.runs).toHaveLength(14)
})

test('a write is sent at once', async () => {
  const { schedule, state, play } = onClock([OK])
  schedule.wake('nudge')
  await play(10_000)
  schedule.wake('written')
  await play(10_001)
  expect(state.runs).toEqual([0, 10_000])
})

test('what happens during a cycle asks for exactly one more', async () => {
  const { schedule, state } = onClock([OK])
  schedule.wake('nudge')
  state.due?.call()
  schedule.wake('written')
  schedule.wake('written')
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(state.due?.at).toBe(0)
})

test('a nudge while a cycle fails is tried at once, and only once', async () => {
  const { schedule, state } = onClock([FAILED], () => 0.999)
  schedule.wake('nudge')
  for (const pauses of [(ms: number) => ms === 0, (ms: number) => ms > 1_000]) {
    const { due } = state
    state.due = null
    due?.call()
    schedule.wake('nudge')
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect((state.due as { at: number } | null)?.at).toSatisfy(pauses)
  }
})

test('failures space the attempts out, up to a minute', async () => {
  const { schedule, state, play } = onClock([FAILED], () => 0.999)
  schedule.wake('nudge')
  await play(10 * 60_000)
  const pauses = state.runs.slice(1).map((at, index) => at - (state.runs[index] ?? 0))
  expect(pauses[0]).toBeLessThan(2_000)
  expect(pauses.slice(0, 5).every((pause, index) => pause > 2 ** index * 1_900)).toBe(true)
  expect(Math.max(...pauses)).toBeLessThan(60_000)
})

test('a write does not hammer a server that fails, a person may', async () => {
  const { schedule, state, play } = onClock([FAILED], () => 0.999)
  schedule.wake('nudge')
  await play(100)
  schedule.wake('written')
  await play(1_000)
  expect(state.runs).toHaveLength(1)
  schedule.wake('nudge')
  await play(1_001)
  expect(state.runs).toHaveLength(2)
})

test('a server that asks to wait is obeyed, whoever asks', async () => {
  const { schedule, state, play } = onClock([{ ok: false, retryAfterMs: 40_000 }, OK])
  schedule.wake('nudge')
  await play(1_000)
  schedule.wake('nudge')
  schedule.wake('written')
  await play(39_000)
  expect(state.runs).toEqual([0])
  await play(41_000)
  expect(state.runs).toEqual([0, 40_000])
})

test('while the server tells of news it polls rarely, and often again when it stops to', async () => {
  const { schedule, state, play } = onClock([OK])
  schedule.setLive(true)
  schedule.wake('nudge')
  await play(600_000)
  expect(state.runs).toEqual([0, 270_000, 540_000])
  schedule.setLive(false)
  await play(700_000)
  expect(state.runs.slice(3)).toEqual([645_000, 690_000])
})

test('news do not hammer a server that fails', async () => {
  const { schedule, state, play } = onClock([FAILED], () => 0.999)
  schedule.wake('nudge')
  await play(100)
  schedule.wake('news')
  await play(1_500)
  expect(state.runs).toHaveLength(1)
})

test('once stopped it never comes again', async () => {
  const { schedule, state, play } = onClock([OK])
  schedule.wake('nudge')
  schedule.stop()
  schedule.wake('nudge')
  await play(600_000)
  expect(state.runs).toEqual([])
})
