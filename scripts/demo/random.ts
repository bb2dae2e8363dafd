/** A source of chance that repeats: the same seed tells the same story. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number
  chance(share: number): boolean
  pick<T>(list: readonly T[]): T
  /** An index, by weights that need not add up to 1. */
  weighted(weights: readonly number[]): number
  /** Log-normal by its median; `sigma` is the spread of the logarithm. */
  logNormal(median: number, sigma: number): number
  /** A source of its own, so that one story does not change when another one grows. */
  fork(label: string): Random
}

/** Mulberry32: 32 bits of state are plenty for a demonstration. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** FNV-1a, to turn a label into a seed. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

export function seededRandom(seed: string): Random {
  const next = mulberry32(hashText(seed))
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  const whole = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    whole,
    chance: (share) => next() < share,
    pick: (list) => {
      const picked = list[whole(0, list.length - 1)]
      if (picked === undefined) throw new RangeError('nothing to pick from')
      return picked
    },
    weighted: (weights) => {
      let left = next() * weights.reduce((sum, weight) => sum + weight, 0)
      const found = weights.findIndex((weight) => (left -= weight) < 0)
      return found < 0 ? weights.length - 1 : found
    },
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
    fork: (label) => seededRandom(`${seed}/${label}`),
  }
}

/** A version 7 id of an instant, as a person's device would have made it then. */
export function uuid7(at: number, random: Random): string {
  const time = at.toString(16).padStart(12, '0')
  const word = () => random.whole(0, 0xffff).toString(16).padStart(4, '0')
  const variant = (0x8000 | random.whole(0, 0x3fff)).toString(16)
  const version = `7${word().slice(1)}`
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${word()}${word()}${word()}`
}
