import * as v from 'valibot'
import { PROTOCOL_HEADER } from '#model/protocol.ts'
import { ProblemShape } from './shapes.ts'
import { DeskError, troubleOfStatus } from './trouble.ts'

// The one place where the desk speaks to the server. Every answer is checked: that it is ours, that
// it went well, and that it has the shape that the screens rely on.

export type Fetch = typeof fetch

const TIMEOUT_MS = 30_000

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return undefined // An empty or cut body has no shape; the caller's check says so.
  }
}

async function refusal(response: Response): Promise<DeskError> {
  const parsed = v.safeParse(ProblemShape, await readJson(response))
  const { code, detail, request_id } = parsed.success ? parsed.output : {}
  const wait = Number(response.headers.get('retry-after') ?? NaN)
  return new DeskError(troubleOfStatus(response.status), {
    ...(code === undefined ? {} : { problem: code }),
    ...(detail === undefined ? {} : { detail }),
    ...(request_id === undefined ? {} : { requestId: request_id }),
    ...(Number.isFinite(wait) ? { retryAfterS: wait } : {}),
  })
}

async function send(get: Fetch, path: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await get(path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) })
  } catch {
    throw new DeskError('offline')
  }
  if (!response.headers.has(PROTOCOL_HEADER)) {
    // A proxy in front of the server answers 502 to 504 by itself: that is trouble, not a stranger.
    throw new DeskError(response.status >= 500 ? 'server' : 'not-ours')
  }
  if (!response.ok) throw await refusal(response)
  return response
}

/** Reads an answer of a known shape. Throws DeskError. */
export async function read<T>(
  get: Fetch,
  path: string,
  shape: v.GenericSchema<unknown, T>,
): Promise<T> {
  const response = await send(get, path, { headers: { accept: 'application/json' } })
  const parsed = v.safeParse(shape, await readJson(response))
  if (!parsed.success)
    throw new DeskError('shape', { problem: v.getDotPath(parsed.issues[0]) ?? path })
  return parsed.output
}

/** Sends a body and reads the answer. Throws DeskError. */
export async function write<T>(
  get: Fetch,
  path: string,
  body: unknown,
  shape: v.GenericSchema<unknown, T>,
): Promise<T> {
  const response = await send(get, path, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = response.status === 204 ? undefined : await readJson(response)
  const parsed = v.safeParse(shape, answer)
  if (!parsed.success)
    throw new DeskError('shape', { problem: v.getDotPath(parsed.issues[0]) ?? path })
  return parsed.output
}
