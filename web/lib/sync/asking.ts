// What both directions of a cycle share: what they are given, and the measuring of every answer.
import type { Local } from '#web/local/database.ts'
import type { Measured } from '#web/local/outbox.ts'
import type { StorageReport } from '#web/local/read.ts'
import type { Transport } from './transport.ts'

export type Phase = 'idle' | 'sending' | 'receiving' | 'first-download'

export interface Asking {
  local: Local
  transport: Transport
  appVersion: string
  storage(): Promise<StorageReport>
  /** Whether the app runs as an installed one; left out where nobody can tell. */
  isInstalled?: boolean
  /** Told of every change, to show it. */
  onPhase(phase: Phase): void
}

/** A server whose answers lead nowhere this often is in trouble. */
export const MAX_IDLE_ROUNDS = 3

/** The answer, and when it was asked for and came, by the tablet's clock. */
export async function measured<T extends { server_now: number }>(
  { local }: Asking,
  ask: () => Promise<T>,
): Promise<Measured & { reply: T }> {
  const { now } = local.deps
  const askedAt = now()
  const reply = await ask()
  return { reply, server_now: reply.server_now, askedAt, answeredAt: now() }
}
