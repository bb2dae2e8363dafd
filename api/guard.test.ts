// A tablet in a cellar loses its network in the middle of a request many times a day. Whoever
// watches the server's log must not take that for a fault of the server.
import { expect, test } from 'vitest'
import { createLog } from './log.ts'
import { MORNING, openWorld, pushBody } from './test-world.ts'

test('a body that is cut on its way is no fault of the server', async () => {
  const lines: string[] = []
  const world = await openWorld({
    log: createLog('error', { write: (line) => void lines.push(line) }),
  })
  const { cookie } = world.tablets.n1
  const whole = JSON.stringify(pushBody(world.tablets.n1, [], MORNING))
  const cut = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(whole.slice(0, 100)))
      controller.error(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))
    },
  })
  const headers = { 'content-type': 'application/json', cookie }
  const request = { method: 'POST', headers, body: cut, duplex: 'half' }
  const answer = await world.app.request('/api/sync/push', request)
  expect([answer.status, lines]).toEqual([400, []])
  await world.close()
})
