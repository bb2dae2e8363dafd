// On PostgreSQL a tablet may talk to one process and its neighbour listen at another: news must
// reach it all the same.
import { Pool } from 'pg'
import { v7 } from 'uuid'
import { expect, inject, test } from 'vitest'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { followHeads } from './heads.ts'
import { createLog } from './log.ts'
import { Pokes } from './pokes.ts'
import { until } from './test-listener.ts'
import { customerDraft, MORNING, openWorld, pushBody, sealAll } from './test-world.ts'

test.skipIf(!inject('postgresUrl'))(
  'a push is heard in another process within two seconds',
  async () => {
    const url = new URL(inject('postgresUrl'))
    const name = `heads_${process.pid}`
    const admin = new Pool({ connectionString: url.href })
    await admin.query(`create database ${name}`)
    await admin.end()
    url.pathname = `/${name}`
    const world = await openWorld({}, url.href)
    const elsewhere = await openLedger(url.href, nodePorts)
    const pokes = new Pokes({ max: 10 })
    const following = followHeads(elsewhere, pokes, createLog('silent'))
    const { tablets, staff, stores } = world
    const feeds = new Set([stores.n1])
    const check = () => Promise.resolve(feeds)
    const stream = pokes.open({ key: v7(), who: 'device', feeds, check, cut: () => undefined })
    let heard = ''
    const reading = (async () => {
      for await (const chunk of stream?.body ?? []) heard += Buffer.from(chunk).toString()
    })()
    const ops = sealAll(tablets.n1, staff.clerk, [customerDraft(stores.n1, v7(), 'Ann')], MORNING)
    const body = pushBody(tablets.n1, ops, MORNING)
    await world.ask('POST', '/api/sync/push', { as: tablets.n1.cookie, body })
    const pushedAt = performance.now()
    await until(() => heard.includes(`"${stores.n1}":1`))
    expect(performance.now() - pushedAt).toBeLessThan(2_000)
    pokes.close()
    await reading
    await following.stop()
    await elsewhere.close()
    await world.close()
  },
)
