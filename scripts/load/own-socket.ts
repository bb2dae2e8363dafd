// A fetch with a connection of its own, kept alive as a tablet keeps it. The built-in one lets all
// requests of a process share their connections, and a crowd would look like one visitor.
import { Agent, request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import type { Stream } from '#web/sync/poke.ts'

/** Gives a `fetch` for paths below `url`, with a cookie, over one connection. */
export function fetchOver(url: string, cookie: string): { fetch: typeof fetch; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = (path: string, options: RequestInit): Promise<Response> =>
    new Promise((resolve, reject) => {
      const body = typeof options.body === 'string' ? Buffer.from(options.body) : null
      const headers = {
        ...Object.fromEntries(new Headers(options.headers)),
        cookie,
        'accept-encoding': 'gzip',
        ...(body ? { 'content-length': body.length } : {}),
      }
      const { method = 'GET', signal } = options
      const settings = { agent, method, headers, ...(signal ? { signal } : {}) }
      const asked = request(`${url}${path}`, settings, (answer) => {
        const chunks: Buffer[] = []
        answer.on('error', reject)
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          if (!answer.complete) return reject(new Error('the answer was cut'))
          const isZipped = answer.headers['content-encoding'] === 'gzip'
          const bytes = Buffer.concat(chunks)
          const init = { status: answer.statusCode ?? 500, headers: plain(answer.headers) }
          resolve(new Response(new Uint8Array(isZipped ? gunzipSync(bytes) : bytes), init))
        })
      })
      asked.on('error', reject)
      asked.end(body)
    })
  return {
    fetch: (input, options = {}) => ask(String(input), options),
    close: () => agent.destroy(),
  }
}

function plain(headers: Record<string, string | string[] | undefined>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  )
}

/** What the client makes of a browser's EventSource, over a connection of its own. */
export function streamOver(url: string, cookie: string): (path: string) => Stream {
  return (path) => {
    const stream: Stream = {
      onopen: null,
      onmessage: null,
      onerror: null,
      close: () => asked.destroy(),
    }
    const asked = request(`${url}${path}`, { headers: { cookie }, agent: false }, (answer) => {
      const isStream = answer.headers['content-type']?.startsWith('text/event-stream') ?? false
      if (answer.statusCode !== 200 || !isStream) return void asked.destroy(new Error('no stream'))
      stream.onopen?.(new Event('open'))
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        const events = `${text}${chunk}`.split('\n\n')
        text = events.pop() ?? ''
        for (const data of events.flatMap(dataOf))
          stream.onmessage?.(new MessageEvent('message', { data }))
      })
      answer.on('close', () => stream.onerror?.(new Event('error')))
    })
    asked.on('error', () => stream.onerror?.(new Event('error')))
    asked.end()
    return stream
  }
}

function dataOf(event: string): string[] {
  const lines = event.split('\n').filter((line) => line.startsWith('data: '))
  return lines.length === 0 ? [] : [lines.map((line) => line.slice('data: '.length)).join('\n')]
}
