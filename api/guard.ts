import { createMiddleware } from 'hono/factory'
import type { Context } from 'hono'
import * as v from 'valibot'
import { jsonFault } from '#model/limits.ts'
import { textFault } from '#model/text.ts'
import { ApiError } from './errors.ts'
import type { Limiter } from './limiter.ts'
import type { PublicEnv } from './request.ts'

export const BODY_MAX_BYTES = 64 * 1024
const QUERY_MAX_CHARS = 200
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses writes that a page of another site makes a browser send. Programs send neither header,
 * and hold no cookie that a stranger could make use of.
 */
export const guardOrigin = (publicOrigin: string | null) =>
  createMiddleware(async (c, next) => {
    if (!SAFE_METHODS.has(c.req.method) && isForeign(c, publicOrigin))
      throw new ApiError('foreign-origin')
    await next()
  })

function isForeign(c: Context, publicOrigin: string | null): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin') return true
  const origin = c.req.header('origin')
  if (origin === undefined || origin === publicOrigin) return false
  if (publicOrigin !== null || !URL.canParse(origin)) return true
  return new URL(origin).host !== (c.req.header('host') ?? new URL(c.req.url).host)
}

/** The body as the schema reads it. Nothing is parsed that is too large or not said to be JSON. */
export async function readJson<S extends v.GenericSchema>(
  c: Context,
  schema: S,
  maxBytes = BODY_MAX_BYTES,
): Promise<v.InferOutput<S>> {
  const value = await readValue(c, maxBytes)
  const fault = jsonFault(value)
  if (fault) throw new ApiError('malformed', fault)
  return readInput(schema, value)
}

/** A body whose entries are judged one by one by whoever takes them in; only its frame is here. */
export async function readFrame<S extends v.GenericSchema>(
  c: Context,
  schema: S,
  maxBytes: number,
): Promise<v.InferOutput<S>> {
  return readInput(schema, await readValue(c, maxBytes))
}

async function readValue(c: Context, maxBytes: number): Promise<unknown> {
  const type = c.req.header('content-type') ?? ''
  const isPlain = c.req.header('content-encoding') === undefined
  if (!/^application\/json\s*(;|$)/i.test(type) || !isPlain) throw new ApiError('not-json')
  return parse(await readBytes(c, maxBytes))
}

async function readBytes(c: Context, maxBytes: number): Promise<Uint8Array> {
  if (Number(c.req.header('content-length') ?? 0) > maxBytes) throw new ApiError('too-large')
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of arriving(c.req.raw.body)) {
    size += chunk.byteLength
    if (size > maxBytes) throw new ApiError('too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The body as it comes. One that ends early is the network's affair, no fault of the server. */
async function* arriving(body: Request['body']): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  try {
    for (;;) {
      const next = await reader?.read().catch(() => {
        throw new ApiError('malformed', 'cut')
      })
      if (!next || next.done) return
      yield next.value
    }
  } finally {
    await reader?.cancel().catch(() => undefined) // A body that broke cannot be let go of again.
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new ApiError('malformed', 'json') // Both only fail on bytes that are no JSON text.
  }
}

/** The value as the schema reads it; the error names the field and the rule, never the value. */
export function readInput<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new ApiError('malformed', v.getDotPath(issue) ?? issue.type)
}

/** A value of the query string; '' when absent. */
export function readQuery(c: Context, name: string): string {
  const value = c.req.query(name) ?? ''
  if (value.length > QUERY_MAX_CHARS || textFault(value) !== null)
    throw new ApiError('malformed', name)
  return value
}

/** The address that attempts are counted by. */
export function addressOf(c: Context<PublicEnv>, trustsProxy: boolean): string {
  const forwarded = trustsProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : ''
  const env: Partial<typeof c.env> | undefined = c.env // Absent where no socket is.
  return forwarded || env?.incoming?.socket.remoteAddress || 'unknown'
}

/**
 * Counts an attempt against the limits, narrowest first; throws `too-many` at the first one used
 * up. The wider ones are then not touched: a guesser who is stopped uses up nobody else's tries.
 */
export function countAttempt(now: number, ...attempts: [limiter: Limiter, key: string][]): void {
  for (const [limiter, key] of attempts) {
    const waitMs = limiter.take(key, now)
    if (waitMs !== null) throw new ApiError('too-many', undefined, waitMs)
  }
}
