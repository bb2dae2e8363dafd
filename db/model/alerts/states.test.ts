// An alert goes one way. What a tap skips over still stands in the record, step by step.
import { expect, test } from 'vitest'
import { ALERT_STATES, type AlertState, readAlert } from '../alert.ts'
import { type AlertAct, afterAct, AUTOMATED, isOver, UNTOUCHED, wayTo } from './states.ts'

const BY = '00000000-0000-7000-8000-0000000000bb'
const act = (to: AlertAct['to'], more: Partial<AlertAct> = {}): AlertAct => {
  return { to, note: '', task: null, at: 1000, by: BY, ...more }
}
const TASK = { state: 'accepted' as const, text: 'Call the store' }

test('only these ways are open, and each passes every state between', () => {
  const ways: [AlertState, AlertAct['to'], AlertState[] | null][] = [
    ['open', 'acknowledged', ['acknowledged']],
    ['open', 'acting', ['acknowledged', 'acting']],
    ['open', 'resolved', ['acknowledged', 'acting', 'resolved']],
    ['open', 'false', ['acknowledged', 'acting', 'false']],
    ['acknowledged', 'acting', ['acting']],
    ['acting', 'resolved', ['resolved']],
    ['acting', 'false', ['false']],
    ['acting', 'acknowledged', null],
    ['acknowledged', 'acknowledged', null],
    ['resolved', 'false', null],
    ['false', 'resolved', null],
    ['resolved', 'acting', null],
  ]
  for (const [from, to, way] of ways) expect(wayTo(from, to)).toEqual(way)
  expect(ALERT_STATES.filter(isOver)).toEqual(['resolved', 'false'])
})

test('acknowledge, confirm the task, resolve: each by somebody at a time, with its note', () => {
  const seen = afterAct(UNTOUCHED, act('acknowledged', { note: 'Looking' }), false)
  const acting = seen && afterAct(seen, act('acting', { task: TASK, at: 2000 }), false)
  const done = acting && afterAct(acting, act('resolved', { note: 'Back', at: 3000 }), false)
  expect(done).toMatchObject({ state: 'resolved', task_state: 'accepted', task_text: TASK.text })
  expect(done?.steps.map(({ state, at, note }) => [state, at, note])).toEqual([
    ['acknowledged', 1000, 'Looking'],
    ['acting', 2000, ''],
    ['resolved', 3000, 'Back'],
  ])
  expect(done && afterAct(done, act('false'), false)).toBeNull()
  const fields = { rule_id: BY, store_id: BY, first_day: 20_000, ...done }
  expect(readAlert({ ...fields, id: BY })?.state).toBe('resolved')
})

test('one tap confirms the task of an open alert; a note stands with its own step', () => {
  const acting = afterAct(UNTOUCHED, act('acting', { task: TASK, note: 'At once' }), false)
  expect(acting?.steps.map(({ state, note }) => [state, note])).toEqual([
    ['acknowledged', ''],
    ['acting', 'At once'],
  ])
})

test('the word on a proposal counts once, and a task belongs to the step to acting', () => {
  const own = afterAct(UNTOUCHED, act('acting'), false)
  expect(own?.task_state).toBe('declined')
  expect(afterAct(UNTOUCHED, act('resolved', { task: TASK }), false)).toBeNull()
  const edited = { state: 'edited' as const, text: 'Visit the store' }
  const acting = afterAct(UNTOUCHED, act('acting', { task: edited }), false)
  expect(acting && afterAct(acting, act('false'), false)?.task_state).toBe('edited')
})

test('a task that went out by itself is judged by how the alert ends', () => {
  expect(afterAct(AUTOMATED, act('resolved'), true)?.task_state).toBe('accepted')
  expect(afterAct(AUTOMATED, act('false'), true)?.task_state).toBe('declined')
  expect(afterAct(AUTOMATED, act('acting'), true)).toBeNull()
})
