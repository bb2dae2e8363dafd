// First run, sign-in and enrolment: the three doors that stand open to strangers.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Problem } from '#model/protocol.ts'
import type { DeskSession } from '#model/report.ts'
import { cookiesOf, openEmptyWorld, openWorld, PASSWORD, SETUP, type World } from './test-world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const codeOf = async (answer: Response) => ((await answer.json()) as Problem).code
const MINUTES = 60_000

test('of several first runs at once exactly one founds the chain', async () => {
  const empty = await openEmptyWorld()
  expect(await (await empty.ask('GET', '/api/setup')).json()).toEqual({ empty: true })
  const answers = await Promise.all(
    [1, 2, 3].map((n) =>
      empty.ask('POST', '/api/setup', { body: { ...SETUP, email: `admin${n}@example.com` } }),
    ),
  )
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409])
  expect(await (await empty.ask('GET', '/api/setup')).json()).toEqual({ empty: false })
  expect(await empty.accounts.listAccounts()).toHaveLength(1)
  await empty.close()
})

test('a first run with a short password or an unknown zone founds nothing', async () => {
  const empty = await openEmptyWorld()
  const wrong = [
    { password: 'short' },
    { zone: 'Mars/Olympus' },
    { email: 'ada' },
    { country: 'C' },
  ]
  for (const field of wrong) {
    const answer = await empty.ask('POST', '/api/setup', { body: { ...SETUP, ...field } })
    expect(await answer.json()).toMatchObject({ status: 400, detail: Object.keys(field)[0] })
  }
  expect(await (await empty.ask('GET', '/api/setup')).json()).toEqual({ empty: true })
  await empty.close()
})

test('signing in tells who one is, signing out ends it', async () => {
  const body = { email: SETUP.email.toUpperCase(), password: PASSWORD }
  const answer = await world.ask('POST', '/api/auth/sign-in', { body })
  const session = (await answer.json()) as DeskSession
  expect(session).toMatchObject({ name: 'Ada', role: 'admin', email: SETUP.email })
  const as = cookiesOf(answer)
  expect(await (await world.ask('GET', '/api/desk/me', { as })).json()).toEqual(session)
  const out = await world.ask('POST', '/api/auth/sign-out', { as })
  expect(out.headers.getSetCookie().join()).toContain('Max-Age=0')
  expect((await world.ask('GET', '/api/desk/me', { as })).status).toBe(401)
})

test('nobody can sign up, by our own address or the library’s', async () => {
  const body = { email: 'new@example.com', password: PASSWORD, name: 'New', staff_id: 'x' }
  const paths = ['/api/auth/sign-up/email', '/api/auth/sign-up', '/sign-up/email', '/api/auth/ok']
  for (const path of paths) expect((await world.ask('POST', path, { body })).status).toBe(404)
  expect((await world.accounts.listAccounts()).map((row) => row.email)).not.toContain(body.email)
})

test('the sixth guess at a password has to wait, and says how long', async () => {
  const guess = (email: string) =>
    world.ask('POST', '/api/auth/sign-in', { body: { email, password: 'a wrong password' } })
  for (let n = 0; n < 5; n += 1) expect((await guess('guessed@example.com')).status).toBe(401)
  const answer = await guess('Guessed@example.com')
  expect([answer.status, await codeOf(answer)]).toEqual([429, 'too-many'])
  expect(answer.headers.get('retry-after')).toBe(String(15 * 60))
  expect((await guess('other@example.com')).status).toBe(401)
  world.time.now += 15 * MINUTES
  expect((await guess('guessed@example.com')).status).toBe(401)
})

test('a right password in between forgives the wrong ones', async () => {
  const enter = (password: string) =>
    world.ask('POST', '/api/auth/sign-in', { body: { email: SETUP.email, password } })
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 4; n += 1) await enter('a wrong password')
    expect((await enter(PASSWORD)).status).toBe(200)
  }
})

test('a guesser with many names, or a name guessed from many places, has to wait too', async () => {
  const proxied = await openEmptyWorld({ trustsProxy: true })
  const tries = async (count: number, of: (n: number) => [address: string, email: string]) => {
    let last = 0
    for (let n = 0; n < count; n += 1) {
      const [address, email] = of(n)
      const headers = { 'x-forwarded-for': address }
      // No e-mail address, so that no password has to be hashed a hundred times.
      const body = { email, password: 'a wrong password' }
      last = (await proxied.ask('POST', '/api/auth/sign-in', { headers, body })).status
    }
    return last
  }
  expect(await tries(50, (n) => ['10.0.0.1', `no e-mail ${n}`])).toBe(401)
  expect(await tries(1, () => ['10.0.0.1', 'no e-mail'])).toBe(429)
  expect(await tries(100, (n) => [`10.0.1.${n}`, 'no e-mail'])).toBe(401)
  expect(await tries(1, () => ['10.0.2.1', 'no e-mail'])).toBe(429)
  await proxied.close()
})

test('a code enrols one tablet, once, for a day, however it is typed', async () => {
  const give = async () => {
    const body = { store_id: world.stores.n2, name: 'Door' }
    const answer = await world.ask('POST', '/api/admin/enrolments', { as: world.desk.hq, body })
    return (await answer.json()) as { code: string; expires_at: number }
  }
  const enrol = (code: string) => world.ask('POST', '/api/devices/enrol', { body: { code } })
  const { code, expires_at } = await give()
  expect(expires_at - world.time.now).toBe(24 * 60 * MINUTES)
  const answer = await enrol(code.toLowerCase().replace('-', ' '))
  expect(answer.status).toBe(201)
  expect(await answer.json()).toMatchObject({ store_id: world.stores.n2, name: 'Door' })
  const cookie = answer.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/^regulars_device=[\w-]{43}; Max-Age=34560000; Path=\/api; HttpOnly/)
  expect(cookie).toContain('SameSite=Strict')
  expect(await codeOf(await enrol(code))).toBe('unknown-code')
  const late = await give()
  world.time.now = late.expires_at
  expect(await codeOf(await enrol(late.code))).toBe('unknown-code')
})

test('codes cannot be tried one after the other', async () => {
  const statuses: number[] = []
  for (let n = 0; n < 21; n += 1) {
    const body = { code: `WRONG-${String(n).padStart(5, '0')}` }
    statuses.push((await world.ask('POST', '/api/devices/enrol', { body })).status)
  }
  expect(statuses.at(-1)).toBe(429)
  world.time.now += 15 * MINUTES
})
