import * as v from 'valibot'
import { PROTOCOL_HEADER } from '#model/protocol.ts'
import type { Local } from '#web/local/database.ts'
import { syncNow } from '#web/sync/client.ts'
import { enrol } from '#web/sync/enrol.ts'
import { TransportError, type TransportFault } from '#web/sync/transport.ts'

/** Why a code was not taken, as the name of a message of the enrolment page. */
export type EnrolFault = 'wrong' | 'tooMany' | 'offline' | 'server' | 'signInPage' | 'storage'

const faultOf: Partial<Record<TransportFault, EnrolFault>> = {
  offline: 'offline',
  'sign-in-page': 'signInPage',
  server: 'server',
  busy: 'tooMany',
}

// A browser that clears the data of a site it has not seen for long leaves its cookies; the mark
// tells a tablet that lost its data from one that was never enrolled.
const MARK_COOKIE = 'regulars_enrolled'
const MARK_SECONDS = 400 * 86_400

function setMark(): void {
  document.cookie = `${MARK_COOKIE}=1; max-age=${MARK_SECONDS}; path=/; samesite=strict`
}

/** True when this browser was enrolled before, whatever became of its data. */
export function wasEnrolled(): boolean {
  return document.cookie.split('; ').includes(`${MARK_COOKIE}=1`)
}

/** Makes this browser the device that a code stands for. Null when it is one, else why not. */
export async function enrolDevice(local: Local, code: string): Promise<EnrolFault | null> {
  try {
    await enrol(local, code)
  } catch (fault) {
    // What is no answer of the server's is the database's: it cannot keep what it needs.
    return fault instanceof TransportError ? (faultOf[fault.fault] ?? 'wrong') : 'storage'
  }
  setMark()
  syncNow()
  return null
}

/** True when the server holds no chain yet, so that the first page is the one that makes it. */
export async function isEmptyInstallation(): Promise<boolean> {
  const answer = await fetch('/api/setup').catch(() => null)
  if (!answer?.ok || !answer.headers.has(PROTOCOL_HEADER)) return false
  const read = v.safeParse(v.object({ empty: v.boolean() }), await answer.json().catch(() => null))
  return read.success && read.output.empty
}
