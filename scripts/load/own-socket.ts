// A fetch with a connection of its own, kept alive as a tablet keeps it. The built-in one lets all
// requests of a process share their connections, and a crowd would look like one visitor.
import { Agent, request } from 'node:http'
import { gunzipSync } from 'node:zlib'

/** Gives a `fetch` for paths below `url`, with a cookie, over one connection. */
export function fetchOver(url: string, cookie: string): { fetch: typeof fetch; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = (path: string, options: RequestInit): Promise<Response> =>
    new Promise((resolve, reject) => {
      const body = typeof options.body === 'string' ? Buffer.from(options.body) : null
      const headers = {
        cookie,
        'accept-encoding': 'gzip',
        ...(body ? { 'content-type': 'application/json', 'content-length': body.length } : {}),
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
