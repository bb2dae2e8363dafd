/** Limits of one push; a device splits its outbox by them and the server refuses more (413). */
export const BATCH_MAX_OPS = 200
/** Customers that one question about erasures may name. */
export const ERASED_ASK_MAX = 500
export const BATCH_MAX_BYTES = 256 * 1024
export const JSON_MAX_DEPTH = 16
export const JSON_MAX_KEYS = 200
export const STRING_MAX_CHARS = 4096
export const NAME_MAX_CHARS = 80
export const NOTE_MAX_CHARS = 1000

/** Keys that could reach an object's prototype. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/** Why parsed JSON is not accepted, or null. Iterative: depth must not exhaust the stack. */
export function jsonFault(value: unknown): 'depth' | 'keys' | 'key-name' | 'string' | null {
  const open: [unknown, number][] = [[value, 1]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [item, depth] = next
    if (typeof item === 'string' && item.length > STRING_MAX_CHARS) return 'string'
    if (item === null || typeof item !== 'object') continue
    if (depth > JSON_MAX_DEPTH) return 'depth'
    const keys = Object.keys(item)
    if (!Array.isArray(item) && keys.length > JSON_MAX_KEYS) return 'keys'
    for (const key of keys) {
      if (FORBIDDEN_KEYS.has(key)) return 'key-name'
      open.push([Reflect.get(item, key), depth + 1])
    }
  }
  return null
}
