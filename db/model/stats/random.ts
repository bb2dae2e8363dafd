// Chance, passed in: a seed gives the same draws on every machine, so a figure can be drawn again.

/** Evenly distributed numbers, 0 included and 1 not. */
export type Random = () => number

/** A 32-bit number to a share of 1. */
const SHARE = 2 ** -32

/** Generator of a seed: xorshift128 (Marsaglia 2003), its state filled by steps of the seed. */
export function seededRandom(seed: number): Random {
  const part = (step: number) => scramble((seed + Math.imul(step, 0x9e3779b9)) | 0)
  // A state of zeroes would stay zero; the last word is odd.
  let [a, b, c, d] = [part(1), part(2), part(3), part(4) | 1]
  const next = () => {
    const mixed = a ^ (a << 11)
    a = b
    b = c
    c = d
    d = d ^ (d >>> 19) ^ mixed ^ (mixed >>> 8)
    return (d >>> 0) * SHARE
  }
  for (let skipped = 0; skipped < 16; skipped += 1) next()
  return next
}

/** Spreads the bits of neighbouring seeds over the whole word. */
function scramble(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x45d9f3b)
  const twice = Math.imul(once ^ (once >>> 15), 0x2c1b3c6d)
  return twice ^ (twice >>> 16)
}

/** Fills the array with independent standard normal draws (Marsaglia's polar method). */
export function fillNormals(random: Random, out: Float64Array): void {
  for (let index = 0; index < out.length; index += 2) {
    let x = 0
    let y = 0
    let square = 0
    do {
      x = 2 * random() - 1
      y = 2 * random() - 1
      square = x * x + y * y
    } while (square >= 1 || square === 0)
    const scale = Math.sqrt((-2 * Math.log(square)) / square)
    out[index] = x * scale
    // Past the end of an array of odd length, this writes nothing.
    out[index + 1] = y * scale
  }
}

/** One standard normal draw (Box & Muller 1958). */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** One draw from Gamma(shape, rate 1), for a shape above 0 (Marsaglia & Tsang 2000). */
export function drawGamma(random: Random, shape: number): number {
  // Below 1 the method fails; a power of an even draw brings the shape down by one.
  if (shape < 1) return drawGamma(random, shape + 1) * (1 - random()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const z = drawNormal(random)
    const root = 1 + c * z
    const v = root * root * root
    if (v > 0 && Math.log(1 - random()) < (z * z) / 2 + d * (1 - v + Math.log(v))) return d * v
  }
}

/** One draw from Beta(a, b), for a and b above 0, as a share of two gamma draws. */
export function drawBeta(random: Random, a: number, b: number): number {
  const x = drawGamma(random, a)
  const y = drawGamma(random, b)
  return x + y === 0 ? a / (a + b) : x / (x + y)
}

/** One draw from Binomial(trials, p), trial by trial. */
export function drawBinomial(random: Random, trials: number, p: number): number {
  let successes = 0
  for (let trial = 0; trial < trials; trial += 1) if (random() < p) successes += 1
  return successes
}
