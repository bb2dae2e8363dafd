// Logs are copied to places that the ledger never goes to. So this test does all that people do,
// and failures too, and then looks for every word of theirs in what was written.
import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { createLog, describeFault } from './log.ts'
import {
  customerDraft,
  MORNING,
  openWorld,
  PASSWORD,
  pushBody,
  sealAll,
  SETUP,
} from './test-world.ts'

interface Line {
  route?: string
  status?: number
  request_id?: string
  device_id?: string
  error?: string
}

function collect() {
  const lines: string[] = []
  return { lines, log: createLog('trace', { write: (line) => void lines.push(line) }) }
}

test('a line per request with route, status, time and device, and nothing about people', async () => {
  const { lines, log } = collect()
  const world = await openWorld({ log })
  const { tablets, stores, staff } = world
  const id = v7()
  const drafts = [
    customerDraft(stores.n1, id, '欧阳娜娜'),
    customerDraft(stores.n1, v7(), '\ud800'),
  ]
  const ops = sealAll(tablets.n1, staff.clerk, drafts, MORNING)
  const as = tablets.n1.cookie
  const body = pushBody(tablets.n1, ops, MORNING)
  const pushed = await world.ask('POST', '/api/sync/push', { as, body })
  await world.ask('GET', `/api/customers?q=${encodeURIComponent('欧阳')}`, { as })
  await world.ask('GET', `/api/customers/${stores.n1}/${id}`, { as })
  await world.ask('GET', '/customers/13800138000?name=欧阳', { as })
  await world.ask('POST', '/api/devices/enrol', { body: { code: 'SOMEBODYS-CODE' } })
  await world.ledger.close()
  const failed = await world.ask('GET', '/api/customers?q=13800138000', { as })
  expect(failed.status).toBeGreaterThanOrEqual(500)
  await world.accounts.close()

  const written = lines.join('')
  const secrets = ['欧阳', '13800138000', SETUP.email, PASSWORD, 'oolong', 'SOMEBODYS', id]
  expect(secrets.filter((secret) => written.includes(secret))).toEqual([])
  expect(written).not.toContain(as.split('=')[1])
  const parsed = lines.map((line) => JSON.parse(line) as Line)
  expect(parsed).toContainEqual(
    expect.objectContaining({
      route: '/api/sync/push',
      status: 200,
      device_id: tablets.n1.device_id,
      request_id: pushed.headers.get('x-request-id'),
    }),
  )
  expect(parsed).toContainEqual(expect.objectContaining({ route: '/api/customers/:home/:id' }))
  expect(parsed).toContainEqual(expect.objectContaining({ route: '/api/customers', status: 500 }))
})

test('an error tells where it happened; its message only when it is our own', () => {
  const query = new Error('Failed query: insert … params: 王小明,13800138000')
  const cause = Object.assign(query, { code: 'SQLITE_CONSTRAINT' })
  const told = describeFault(new TypeError('cannot read 王小明', { cause }))
  expect(told).toMatchObject({ error: 'TypeError', cause: { code: 'SQLITE_CONSTRAINT' } })
  expect(JSON.stringify(told)).not.toMatch(/王小明|13800138000/)
  expect(JSON.stringify(told)).toContain('log.test.ts')
  expect(describeFault(new Error('Bug: no such day'))).toMatchObject({
    message: 'Bug: no such day',
  })
  expect(describeFault('王小明')).toEqual({ error: 'string' })
})
