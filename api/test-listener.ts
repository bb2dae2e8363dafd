import { type AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Poke } from '#model/protocol.ts'
import type { EmptyWorld } from './test-world.ts'

// Real sockets for tests of what stands open: the app of a test's world behind a port, and a
// reader of its streams that notes when each line came.

/** Serves the world on a port of its own; `stop` ends what is open, too. */
export async function serveWorld({ app }: EmptyWorld) {
  const server = createAdaptorServer({ fetch: app.fetch.bind(app) })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      if ('closeAllConnections' in server) server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, port, stop }
}

export interface Heard {
  poke: Poke
  at: number
}

/** Reads a stream of pokes until it ends or is let go. */
export async function listen(url: string, cookie: string) {
  const gone = new AbortController()
  const answer = await fetch(url, { headers: { cookie }, signal: gone.signal })
  const heard: Heard[] = []
  let beats = 0
  let isOpen = true
  const take = (line: string) => {
    if (line.startsWith(':')) beats += 1
    if (line.startsWith('data: '))
      heard.push({ poke: JSON.parse(line.slice(6)) as Poke, at: performance.now() })
  }
  const reading = (async () => {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of answer.body ?? []) {
      const lines = (text + decoder.decode(chunk, { stream: true })).split('\n')
      text = lines.pop() ?? ''
      lines.forEach(take)
    }
  })()
    .catch(() => undefined) // Cut off: what was heard until then is what counts.
    .finally(() => (isOpen = false))
  return {
    status: answer.status,
    headers: answer.headers,
    heard,
    isOpen: () => isOpen,
    beats: () => beats,
    ended: reading,
    leave: () => gone.abort(),
  }
}

/** Waits until something holds; throws when it does not within `withinMs`. */
export async function until(holds: () => boolean, withinMs = 5_000): Promise<void> {
  const last = performance.now() + withinMs
  while (!holds()) {
    if (performance.now() > last) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
