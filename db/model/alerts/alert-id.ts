import { uuidFromBytes } from '../id.ts'
import type { Sha256 } from '../op.ts'

/** An alert's id: the same from whoever derives it. `firstDay` is the episode's first Monday. */
export function alertId(ruleId: string, storeId: string, firstDay: number, sha256: Sha256): string {
  const hex = sha256(`alert|${ruleId}|${storeId}|${firstDay}`)
  return uuidFromBytes(Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16)))
}
