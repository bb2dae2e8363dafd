import type { IncomingMessage } from 'node:http'
import type { Actor, Session } from '#model/access.ts'

// What a handler finds in its context, by who may call it. A session or an actor is only there
// after it was checked, so a handler that could forget the check does not compile.

interface Common {
  request_id: string
  /** The pattern of the route that was matched; what the log shows in place of the path. */
  route: string
  device_id: string
}

/** A person signed in at the desk. */
export interface DeskActor extends Actor {
  email: string
}

interface Bindings {
  /** Absent when a request does not come over the network, as in tests. */
  incoming?: IncomingMessage
}

export interface PublicEnv {
  Bindings: Bindings
  Variables: Common
}
export interface DeviceEnv {
  Bindings: Bindings
  Variables: Common & { session: Session }
}
export interface DeskEnv {
  Bindings: Bindings
  Variables: Common & { actor: DeskActor }
}
