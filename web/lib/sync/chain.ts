// What a tablet asks the server directly, because the answer is not on the tablet. Both throw
// TransportError with its fault: the screen says why there is no answer.
import type { ChainSearchReply } from '#model/protocol.ts'
import type { Local } from '#web/local/database.ts'
import { keepVisitor } from '#web/local/visitors.ts'
import { HttpTransport } from './transport.ts'

function server(): HttpTransport {
  return new HttpTransport({ fetch: (...request) => fetch(...request), now: () => Date.now() })
}

/** Customers of the whole chain that answer what was typed. */
export function searchChain(query: string): Promise<ChainSearchReply> {
  return server().searchChain(query)
}

/** Brings a customer of another store onto this tablet, to be shown and written about. */
export async function fetchChainCustomer(local: Local, home: string, id: string): Promise<void> {
  await keepVisitor(local, await server().chainCustomer(home, id))
}
