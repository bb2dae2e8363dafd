import type { DeskMessages } from './words.ts'

/** What went wrong between the desk and the server, as far as it changes what a person can do. */
export const TROUBLES = [
  'offline', // No answer at all.
  'not-ours', // An answer of something else, such as a network's sign-in page.
  'shape', // An answer that this version does not understand.
  'signed-out',
  'forbidden',
  'not-found',
  'conflict',
  'invalid',
  'too-many',
  'server',
] as const
export type TroubleCode = (typeof TROUBLES)[number]

/** Thrown once, by the desk's client; screens turn it into words and a way out. */
export class DeskError extends Error {
  readonly code: TroubleCode
  /** The server's own code for it (problem+json). */
  readonly problem: string | null
  /** Names the request in the server's log, to be told to whoever runs it. */
  readonly requestId: string | null
  readonly detail: string | null
  readonly retryAfterS: number | null

  constructor(
    code: TroubleCode,
    told: { problem?: string; requestId?: string; detail?: string; retryAfterS?: number } = {},
  ) {
    super(told.problem ?? code)
    this.name = 'DeskError'
    this.code = code
    this.problem = told.problem ?? null
    this.requestId = told.requestId ?? null
    this.detail = told.detail ?? null
    this.retryAfterS = told.retryAfterS ?? null
  }
}

export function troubleOfStatus(status: number): TroubleCode {
  if (status === 401) return 'signed-out'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not-found'
  if (status === 409) return 'conflict'
  if (status === 429) return 'too-many'
  return status >= 500 ? 'server' : 'invalid'
}

export function troubleWords(trouble: DeskError, say: DeskMessages['desk']['trouble']): string {
  switch (trouble.code) {
    case 'offline':
      return say.offline
    case 'not-ours':
      return say.notOurs
    case 'shape':
      return say.shape
    case 'signed-out':
    case 'forbidden':
      return say.forbidden
    case 'not-found':
      return say.notFound
    case 'conflict':
      return say.conflict
    case 'invalid':
      return say.invalid(trouble.detail ?? '')
    case 'too-many':
      return say.tooMany
    case 'server':
      return say.server
  }
}
