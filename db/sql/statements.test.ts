// Statements are prepared once. What must stay: a connection uses its own, a text keeps its meaning
// whoever asked for it before, and no more are kept than are used.
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { preparedOn, STATEMENTS_MAX } from './statements.ts'

test('a text is prepared once per connection', () => {
  const [one, other] = [new Database(':memory:'), new Database(':memory:')]
  const first = preparedOn(one, 'select 1 as n')
  expect(preparedOn(one, 'select 1 as n')).toBe(first)
  expect(preparedOn(other, 'select 1 as n')).not.toBe(first)
  expect(preparedOn(other, 'select 1 as n').database).toBe(other)
})

test('rows that were read as arrays are objects to whoever asks next', () => {
  const connection = new Database(':memory:')
  expect(preparedOn(connection, 'select 1 as n').raw().all()).toEqual([[1]])
  expect(preparedOn(connection, 'select 1 as n').all()).toEqual([{ n: 1 }])
})

test('a kept statement sees tables as they have become', () => {
  const connection = new Database(':memory:')
  connection.exec('create table t (a); insert into t values (1)')
  expect(preparedOn(connection, 'select * from t').all()).toEqual([{ a: 1 }])
  connection.exec('alter table t add column b default 2')
  expect(preparedOn(connection, 'select * from t').all()).toEqual([{ a: 1, b: 2 }])
})

test('the statement that was used longest ago is let go', () => {
  const connection = new Database(':memory:')
  const first = preparedOn(connection, 'select 0')
  const second = preparedOn(connection, 'select 1')
  for (let n = 2; n < STATEMENTS_MAX; n += 1) preparedOn(connection, `select ${n}`)
  expect(preparedOn(connection, 'select 0')).toBe(first)
  preparedOn(connection, 'select -1')
  expect(preparedOn(connection, 'select 0')).toBe(first)
  expect(preparedOn(connection, 'select 1')).not.toBe(second)
})
