import { type DestinationStream, type Logger, pino } from 'pino'
import { codeOf } from '#sql/errors.ts'

export type Log = Logger

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/**
 * JSON lines on standard output. A line never holds a body, a query string, a path with ids, a
 * name, an address or a number of a person: routes are logged by their pattern.
 */
export function createLog(level: LogLevel, stream?: DestinationStream): Log {
  const options = { level, base: null, timestamp: () => `,"time":${Date.now()}` }
  return stream ? pino(options, stream) : pino(options)
}

/**
 * What may be logged of an error. Messages of drivers and validators quote the values they met
 * (a failed query lists its parameters), so only our own bug reports keep theirs.
 */
export function describeFault(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const cause = error.cause === undefined ? {} : { cause: describeFault(error.cause) }
  return {
    error: error.name,
    ...(error.message.startsWith('Bug: ') ? { message: error.message } : {}),
    ...(codeOf(error) === '' ? {} : { code: codeOf(error) }),
    at: frames.slice(0, 12).map((line) => line.trim().slice(3)),
    ...cause,
  }
}
