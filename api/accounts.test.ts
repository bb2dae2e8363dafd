// A way in that nobody opened on purpose would lay the whole chain open, so these tests use the
// real library on real databases. They cannot show how long a password takes to guess.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'
import { describe, expect, inject, test } from 'vitest'
import { type AccountDatabase, openAccountFile, openAccountSchema } from './account-database.ts'
import { openAccounts } from './accounts.ts'

const settings = { secret: 's'.repeat(40), publicOrigin: null, isHttps: false }
const password = 'correct horse battery'
const account = { staff_id: 'a-staff-id', email: 'Ada@Example.com', password }

const openFile = () =>
  Promise.resolve(
    openAccountFile(join(mkdtempSync(join(tmpdir(), 'regulars-')), 'accounts.sqlite')),
  )

async function openSchema(): Promise<AccountDatabase> {
  const name = `accounts_${process.pid}_${performance.now().toFixed(0)}`
  const admin = new Pool({ connectionString: inject('postgresUrl') })
  await admin.query(`create database ${name}`)
  await admin.end()
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  return openAccountSchema(url.href)
}

const cookieOf = (cookies: readonly string[]) =>
  new Headers({ cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') })

const engines = [
  ['a SQLite file', openFile, false],
  ['a PostgreSQL schema', openSchema, !inject('postgresUrl')],
] as const

describe.each(engines)('accounts in %s', (_name, open, isMissing) => {
  test.skipIf(isMissing)('a person signs in, is known by the cookie, and signs out', async () => {
    const accounts = await openAccounts(await open(), settings)
    await accounts.createAccount(account)
    const signedIn = await accounts.signIn('ada@example.com', password)
    expect(signedIn?.staff_id).toBe('a-staff-id')
    const headers = cookieOf(signedIn?.cookies ?? [])
    const session = { staff_id: 'a-staff-id', email: 'ada@example.com' }
    expect(await accounts.sessionOf(headers)).toEqual(session)
    await accounts.signOut(headers)
    expect(await accounts.sessionOf(headers)).toBeNull()
    await accounts.close()
  })

  test.skipIf(isMissing)('a second account for the e-mail or the person is refused', async () => {
    const accounts = await openAccounts(await open(), settings)
    await accounts.createAccount(account)
    const taken = { code: 'email-taken' }
    const sameEmail = { ...account, staff_id: 'another', email: 'ADA@example.com' }
    await expect(accounts.createAccount(sameEmail)).rejects.toMatchObject(taken)
    const samePerson = { ...account, email: 'other@example.com' }
    await expect(accounts.createAccount(samePerson)).rejects.toMatchObject(taken)
    expect(await accounts.listAccounts()).toHaveLength(1)
    await accounts.close()
  })

  test.skipIf(isMissing)('a new password ends the sessions of the old one', async () => {
    const accounts = await openAccounts(await open(), settings)
    await accounts.createAccount(account)
    const headers = cookieOf((await accounts.signIn(account.email, password))?.cookies ?? [])
    const changed = { ...account, password: 'another long one' }
    expect(await accounts.changeAccount(changed)).toBe(true)
    expect(await accounts.sessionOf(headers)).toBeNull()
    expect(await accounts.signIn(account.email, password)).toBeNull()
    expect(await accounts.signIn(account.email, changed.password)).not.toBeNull()
    await accounts.close()
  })

  test.skipIf(isMissing)('opening the same database again keeps its accounts', async () => {
    const database = await open()
    await (await openAccounts(database, settings)).createAccount(account)
    const again = await openAccounts(database, settings)
    expect(await again.signIn(account.email, password)).not.toBeNull()
    await again.close()
  })
})

test('a wrong password, an unknown e-mail and what is no e-mail are answered alike', async () => {
  const accounts = await openAccounts(await openFile(), settings)
  await accounts.createAccount(account)
  expect(await accounts.signIn(account.email, 'wrong horse battery')).toBeNull()
  expect(await accounts.signIn('nobody@example.com', password)).toBeNull()
  expect(await accounts.signIn('no e-mail', password)).toBeNull()
  expect(await accounts.signIn(account.email, 'x'.repeat(1000))).toBeNull()
  await accounts.close()
})

test('the session cookie cannot be read by scripts or sent from other sites', async () => {
  const accounts = await openAccounts(await openFile(), { ...settings, isHttps: true })
  await accounts.createAccount(account)
  const [cookie = ''] = (await accounts.signIn(account.email, password))?.cookies ?? []
  expect(cookie).toMatch(/HttpOnly/)
  expect(cookie).toMatch(/SameSite=Strict/i)
  expect(cookie).toMatch(/^__Secure-.*Secure/)
  await accounts.close()
})

test('a cookie with a forged token or a wrong signature is no session', async () => {
  const accounts = await openAccounts(await openFile(), settings)
  await accounts.createAccount(account)
  const [cookie = ''] = (await accounts.signIn(account.email, password))?.cookies ?? []
  const forged = cookie.replace(/=(.)/, (_, letter: string) => `=${letter === 'a' ? 'b' : 'a'}`)
  expect(await accounts.sessionOf(cookieOf([forged]))).toBeNull()
  expect(await accounts.sessionOf(new Headers())).toBeNull()
  await accounts.close()
})
