// The rules of the protocol, each with a way to take it away from outside: by what passes through
// the network, or by what lies in the ledger. No code of the product knows of this.
import type { Answer, Message } from './network.ts'
import type { World } from './world.ts'

export type Asked = Pick<Message, 'method' | 'path' | 'headers' | 'body'>

/** One rule taken away. Every hook is called at its place in each run. */
export interface Rule {
  name: string
  onRequest?(world: World, message: Message): Promise<Asked | null>
  onAnswer?(world: World, message: Message, answer: Answer): Promise<Answer | null>
  /** After a tablet took an answer. */
  afterAnswer?(world: World, message: Message): Promise<void>
  afterStep?(world: World): Promise<void>
}

export const RULES: readonly Rule[] = []

export function ruleOf(name: string | null): Rule | null {
  if (name === null) return null
  const rule = RULES.find((one) => one.name === name)
  if (!rule)
    throw new Error(`no rule ${name}; there are ${RULES.map((one) => one.name).join(', ')}`)
  return rule
}
