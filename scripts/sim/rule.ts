import type { Answer, Message } from './network.ts'
import type { World } from './world.ts'

export type Asked = Pick<Message, 'method' | 'path' | 'headers' | 'body'>
export type Serve = (asked: Asked) => Promise<Answer>

/**
 * One rule of the protocol taken away, from outside: by what passes through the network, or by
 * what lies in the ledger or on a disk. No code of the product knows of it.
 */
export interface Rule {
  name: string
  /** Stands before the server. */
  serve?(world: World, message: Message, next: Serve): Promise<Answer>
  /** Stands before the tablet. */
  receive?(world: World, message: Message): Promise<Answer | null>
  /** After a tablet took an answer. */
  afterAnswer?(world: World, message: Message): Promise<void>
  afterStep?(world: World): Promise<void>
}
