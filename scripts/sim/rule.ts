import type { Answer, Message } from './network.ts'
import type { StepKind } from './schedule.ts'

export type Asked = Pick<Message, 'method' | 'path' | 'headers' | 'body'>
export type Serve = (asked: Asked) => Promise<Answer>

/**
 * One rule of the protocol taken away, from outside: by what passes through the network, or by
 * what lies in the ledger or on a disk. No code of the product knows of it. `World` is the run's.
 */
export interface Rule<World> {
  name: string
  /** Steps that lead where the rule matters come more often, by these factors. */
  boost?: Partial<Record<StepKind, number>>
  /** Stands before the server. */
  serve?(world: World, message: Message, next: Serve): Promise<Answer>
  /** Stands before the tablet. */
  receive?(world: World, message: Message): Promise<Answer | null>
  /** After a tablet took an answer. */
  afterAnswer?(world: World, message: Message): Promise<void>
  afterStep?(world: World): Promise<void>
}
