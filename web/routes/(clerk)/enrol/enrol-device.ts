import * as v from 'valibot'
import { PROTOCOL_HEADER } from '#model/protocol.ts'
import type { Local } from '#web/local/database.ts'
import { saveEnrolment } from '#web/local/device.ts'
import { syncNow } from '#web/sync/client.ts'

/** Why a code was not taken, as the name of a message of the enrolment page. */
export type EnrolFault = 'wrong' | 'tooMany' | 'offline' | 'server' | 'signInPage' | 'storage'

const Reply = v.object({
  device_id: v.string(),
  store_id: v.string(),
  name: v.string(),
  server_now: v.number(),
})

// A browser that clears an unused site's data clears all of it but a cookie; the mark tells a tablet
// that lost its data from one that was never enrolled.
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
  const answer = await ask(code)
  if (answer === null) return 'offline'
  if (!answer.headers.has(PROTOCOL_HEADER)) return answer.status >= 500 ? 'server' : 'signInPage'
  if (answer.status === 429) return 'tooMany'
  if (answer.status >= 500) return 'server'
  const read = v.safeParse(Reply, answer.ok ? await answer.json().catch(() => null) : null)
  if (!read.success) return 'wrong'
  try {
    await saveEnrolment(local, read.output)
  } catch {
    return 'storage' // Whatever the database said: the device cannot keep what it needs.
  }
  setMark()
  syncNow()
  return null
}

async function ask(code: string): Promise<Response | null> {
  try {
    return await fetch('/api/devices/enrol', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    })
  } catch {
    return null // fetch throws for one reason only: there was no answer.
  }
}

/** True when the server holds no chain yet, so that the first page is the one that makes it. */
export async function isEmptyInstallation(): Promise<boolean> {
  const answer = await fetch('/api/setup').catch(() => null)
  if (!answer?.ok || !answer.headers.has(PROTOCOL_HEADER)) return false
  const read = v.safeParse(v.object({ empty: v.boolean() }), await answer.json().catch(() => null))
  return read.success && read.output.empty
}
