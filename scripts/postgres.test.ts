// The ledger's promise of equal answers on both engines is only as good as the second engine's
// being there. This shows that it starts as any user; it cannot show other platforms.
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { startPostgres } from './postgres.ts'

async function ask(url: string, query: string): Promise<unknown> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query({ text: query, rowMode: 'array' })).rows[0]?.[0]
  } finally {
    await client.end()
  }
}

test('the server of the test run answers', async (context) => {
  const url = inject('postgresUrl')
  if (url === '') return context.skip('no PostgreSQL on this machine')
  expect(await ask(url, 'select 1')).toBe(1)
})

test('two servers run side by side, sort by code point and end when told', async (context) => {
  if (inject('postgresUrl') === '') return context.skip('no PostgreSQL on this machine')
  // Who names a server may do so because the package has none for this platform.
  if (process.env.DATABASE_URL) return context.skip('DATABASE_URL names the server to use')
  const [one, two] = await Promise.all([startPostgres(), startPostgres()])
  try {
    expect(await ask(one.url, "select 'Z' < 'a' and 'z' < '张'")).toBe(true)
    expect(await ask(two.url, 'show server_encoding')).toBe('UTF8')
    expect(one.url).not.toBe(two.url)
  } finally {
    await Promise.all([one.stop(), two.stop()])
  }
  await expect(ask(one.url, 'select 1')).rejects.toThrow('ECONNREFUSED')
})
