import { assert } from '../assert.ts'

// The Gauss hypergeometric function for positive arguments, where no term of its series cancels
// another.

const PRECISION = 1e-16
/** Enough for z up to 0.99999. */
const MAX_TERMS = 5_000_000
const HUGE = 1e200

/**
 * ln H of 2F1(a, b; c; z) = 1 + (a b z / c) H: all of the series but its first term, for a, b > 0,
 * c > -1 and 0 <= z < 1. H is finite where c is 0 and the function itself is not, and its logarithm
 * is where the function is too large for a number.
 */
export function logHypergeometricTail(a: number, b: number, c: number, z: number): number {
  assert(a > 0 && b > 0 && c > -1 && z >= 0 && z < 1, 'outside of the hypergeometric series')
  let term = 1
  let sum = 1
  let logScale = 0
  for (let n = 1; n < MAX_TERMS; n += 1) {
    const factor = (((a + n) / (c + n)) * (b + n) * z) / (n + 1)
    term *= factor
    sum += term
    // What is left is below a geometric series, whose ratio tends to z.
    const ratio = Math.max(factor, z)
    if (ratio < 1 && term * ratio <= sum * PRECISION * (1 - ratio)) return logScale + Math.log(sum)
    if (sum < HUGE) continue
    sum /= HUGE
    term /= HUGE
    logScale += Math.log(HUGE)
  }
  throw new RangeError('the hypergeometric series does not converge')
}

/** The Gauss hypergeometric function 2F1(a, b; c; z) for a, b, c > 0 and 0 <= z < 1. */
export function hypergeometric(a: number, b: number, c: number, z: number): number {
  return 1 + ((a * b * z) / c) * Math.exp(logHypergeometricTail(a, b, c, z))
}
