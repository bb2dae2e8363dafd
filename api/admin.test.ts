// Headquarters keeps the chain's records. What is at stake: that nobody raises themselves, and
// that every edit is an op with its author, like those of tablets.
import { createHmac } from 'node:crypto'
import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClerksReply, OpResult, Problem } from '#model/protocol.ts'
import type { ReferenceRow } from '#model/reference.ts'
import type { AccountRow } from './accounts.ts'
import { hashPin } from './pins.ts'
import { openWorld, PASSWORD, signIn, type World } from './test-world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

interface EditedRecord {
  kind: string
  record_id: string
  type: string
  payload: object
}

const write = (as: string, ...drafts: EditedRecord[]) =>
  world.ask('POST', '/api/admin/write', { as, body: { drafts } })
const read = async (kind: string) => {
  const answer = await world.ask('GET', `/api/admin/reference/${kind}`, { as: world.desk.hq })
  return (await answer.json()) as ReferenceRow[]
}
const codeOf = async (answer: Response) => ((await answer.json()) as Problem).code

test('headquarters adds a tag and changes it, each edit an op with its own outcome', async () => {
  const [group, tag] = [v7(), v7()]
  const { hq } = world.desk
  const made = await write(
    hq,
    { kind: 'tag_group', record_id: group, type: 'create', payload: { label: '肤质' } },
    { kind: 'tag', record_id: tag, type: 'create', payload: { group_id: group, label: '油性' } },
  )
  const applied = { status: 'applied' }
  expect((await made.json()) as OpResult[]).toMatchObject([applied, applied])
  const moved = { kind: 'tag', record_id: tag, type: 'set', payload: { group_id: v7() } }
  expect(await (await write(hq, moved)).json()).toMatchObject([{ reason: 'fixed' }])
  await write(hq, { kind: 'tag', record_id: tag, type: 'set', payload: { label: '干性' } })
  expect(await read('tag')).toMatchObject([{ id: tag, group_id: group, label: '干性' }])
})

test('only reference records are written here: a visit is refused before the ledger', async () => {
  const visit = { kind: 'visit', record_id: v7(), type: 'create', payload: {} }
  const answer = await write(world.desk.admin, visit)
  expect(await answer.json()).toMatchObject({ code: 'malformed', detail: 'drafts.0.kind' })
  const voided = { kind: 'tag', record_id: v7(), type: 'void', payload: {} }
  expect((await write(world.desk.admin, voided)).status).toBe(400)
  const unknown = await world.ask('GET', '/api/admin/reference/customer', { as: world.desk.admin })
  expect(unknown.status).toBe(404)
})

test('only an administrator makes an administrator, or changes one', async () => {
  const { hq, admin } = world.desk
  const raised = {
    kind: 'staff',
    record_id: world.staff.hq,
    type: 'set',
    payload: { role: 'admin' },
  }
  expect(await codeOf(await write(hq, raised))).toBe('forbidden')
  const boss = await world.hire('admin', [])
  const demoted = { kind: 'staff', record_id: boss, type: 'set', payload: { role: 'clerk' } }
  expect(await codeOf(await write(hq, demoted))).toBe('forbidden')
  const pin = { staff_id: boss, pin: '482913' }
  expect((await world.ask('POST', '/api/admin/pins', { as: hq, body: pin })).status).toBe(403)
  expect(await (await write(admin, demoted)).json()).toMatchObject([{ status: 'applied' }])
})

test('a device may be renamed, but is made by enrolling and ended by revoking', async () => {
  const { device_id } = world.tablets.n1
  const edit = (type: string, payload: object, record_id = device_id) =>
    write(world.desk.admin, { kind: 'device', record_id, type, payload })
  expect((await edit('set', { name: 'Window' })).status).toBe(200)
  expect(await read('device')).toContainEqual(
    expect.objectContaining({ id: device_id, name: 'Window' }),
  )
  expect((await edit('set', { state: 'active' })).status).toBe(400)
  const made = { name: 'Ghost', at: world.stores.n1, role: 'tablet' }
  expect((await edit('create', made, v7())).status).toBe(400)
})

test('revoking a device that is not there, or giving a code for no store, is not found', async () => {
  const as = world.desk.admin
  for (const id of [v7(), 'nonsense', '%00']) {
    const answer = await world.ask('POST', `/api/admin/devices/${id}/revoke`, { as })
    expect(answer.status).toBe(404)
  }
  const body = { store_id: v7(), name: 'Counter' }
  expect((await world.ask('POST', '/api/admin/enrolments', { as, body })).status).toBe(404)
})

test('a PIN reaches the tablets of its person’s store as a verifier of each device', async () => {
  const { clerk } = world.staff
  const body = { staff_id: clerk, pin: '482913' }
  const given = await world.ask('POST', '/api/admin/pins', { as: world.desk.hq, body })
  expect(given.status).toBe(200)
  const clerksOf = async (as: string) =>
    (await (await world.ask('GET', '/api/sync/clerks', { as })).json()) as ClerksReply
  const { device_salt, clerks } = await clerksOf(world.tablets.n1.cookie)
  expect(clerks.map((key) => key.staff_id)).toEqual([clerk])
  const [key] = clerks
  const { hash } = await hashPin('482913', () => Buffer.from(key?.salt ?? '', 'hex'))
  const hmac = createHmac('sha256', Buffer.from(device_salt, 'hex'))
  expect(key?.verifier).toBe(hmac.update(Buffer.from(hash, 'hex')).digest('hex'))
  expect((await clerksOf(world.tablets.s1.cookie)).clerks).toEqual([])
  expect((await clerksOf((await world.enrol(world.stores.n1)).cookie)).device_salt).not.toBe(
    device_salt,
  )
})

test('a PIN that anybody would try first, or of nobody, is refused', async () => {
  const give = (staff_id: string, pin: string) =>
    world.ask('POST', '/api/admin/pins', { as: world.desk.hq, body: { staff_id, pin } })
  expect(await codeOf(await give(world.staff.clerk, '123456'))).toBe('weak-pin')
  expect(await codeOf(await give(world.staff.clerk, '12345'))).toBe('malformed')
  expect((await give(v7(), '482913')).status).toBe(404)
})

test('an administrator gives accounts to people of the desk, and renews them', async () => {
  const as = world.desk.admin
  const give = (staff_id: string, email: string, password = PASSWORD) =>
    world.ask('POST', '/api/admin/accounts', { as, body: { staff_id, email, password } })
  const manager = await world.hire('store-manager', [world.stores.s1])
  expect((await give(manager, 'Manager@example.com')).status).toBe(201)
  const session = await signIn(world, 'manager@example.com')
  expect((await give(manager, 'manager@example.com', 'a renewed password')).status).toBe(200)
  expect((await world.ask('GET', '/api/desk/me', { as: session })).status).toBe(401)
  await signIn(world, 'manager@example.com', 'a renewed password')
  const other = await world.hire('hq', [])
  expect(await codeOf(await give(other, 'manager@example.com'))).toBe('email-taken')
  expect(await codeOf(await give(world.staff.clerk, 'clerk@example.com'))).toBe('malformed')
  const listed = await world.ask('GET', '/api/admin/accounts', { as })
  const row = { staff_id: manager, email: 'manager@example.com' }
  expect((await listed.json()) as AccountRow[]).toContainEqual(expect.objectContaining(row))
})
