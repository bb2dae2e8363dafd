import type { Local } from '#web/local/database.ts'
import { saveEnrolment } from '#web/local/enrolment.ts'
import { askPersistence } from './persistence.ts'
import { HttpTransport } from './transport.ts'

/**
 * Makes this tablet the store's by a code from headquarters, and asks the browser to keep its data
 * for good. Throws TransportError: `not-found` for a code that is unknown, used up or expired.
 */
export async function enrol(local: Local, code: string): Promise<void> {
  const server = new HttpTransport({
    fetch: (...request) => fetch(...request),
    now: () => Date.now(),
  })
  await saveEnrolment(local, await server.enrol(code))
  await askPersistence(local, true)
}
