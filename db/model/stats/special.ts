// Special functions behind the distributions: everything that needs a tail probability comes here.

const SHIFT = 12
const MAX_TERMS = 20_000
const TINY = 1e-300
const CLOSE = 1e-15

/**
 * Natural logarithm of the gamma function for x > 0, to about 1e-14 relative.
 * Source: Stirling's series after shifting x above 12 (Abramowitz & Stegun 6.1.15, 6.1.41).
 */
export function logGamma(x: number): number {
  let shifted = x
  let product = 1
  while (shifted < SHIFT) {
    product *= shifted
    shifted += 1
  }
  const inverse = 1 / shifted
  const square = inverse * inverse
  const tail = 1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - (square * 691) / 360_360))
  const series = inverse * (1 / 12 - square * (1 / 360 - square * tail))
  return (
    (shifted - 0.5) * Math.log(shifted) -
    shifted +
    Math.log(2 * Math.PI) / 2 +
    series -
    Math.log(product)
  )
}

/** Logarithm of the beta function B(a, b) for a, b > 0. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

/** A factor of Lentz's method must not vanish, or the next division would be by zero. */
function apart(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}

/** The continued fraction of the incomplete beta function (A&S 26.5.8), by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / apart(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= MAX_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / apart(1 + even * d)
    c = apart(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / apart(1 + odd * d)
    c = apart(1 + odd / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < CLOSE) break
  }
  return fraction
}

/** P(X <= x) of X ~ Beta(a, b): the regularised incomplete beta function, for a, b > 0. */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b))
  // The fraction converges fast on this side of the mean; the other side is its mirror.
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a
  return 1 - (front * betaFraction(1 - x, b, a)) / b
}

/** P(X <= x) of X ~ Gamma(shape, rate 1): the regularised incomplete gamma function. */
export function gammaCdf(x: number, shape: number): number {
  if (x <= 0) return 0
  const front = Math.exp(shape * Math.log(x) - x - logGamma(shape))
  if (x < shape + 1) {
    let term = 1 / shape
    let sum = term
    for (let n = 1; n <= MAX_TERMS && term > sum * CLOSE; n += 1) {
      term *= x / (shape + n)
      sum += term
    }
    return front * sum
  }
  // The upper tail as a continued fraction (A&S 6.5.31), by Lentz's method.
  let b = x + 1 - shape
  let c = 1 / TINY
  let d = 1 / apart(b)
  let fraction = d
  for (let n = 1; n <= MAX_TERMS; n += 1) {
    const a = -n * (n - shape)
    b += 2
    d = 1 / apart(a * d + b)
    c = apart(b + a / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < CLOSE) break
  }
  return 1 - front * fraction
}

/** P(Z <= z) of a standard normal Z. */
export function normalCdf(z: number): number {
  const within = gammaCdf((z * z) / 2, 0.5)
  return z < 0 ? (1 - within) / 2 : (1 + within) / 2
}

/** Quantile of a standard normal to 5e-4 (A&S 26.2.23): where a search for a better one starts. */
export function roughNormalQuantile(p: number): number {
  const tail = Math.min(p, 1 - p)
  const t = Math.sqrt(-2 * Math.log(tail))
  const z =
    t -
    (2.515517 + t * (0.802853 + t * 0.010328)) /
      (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  return p < 0.5 ? -z : z
}

/** A continuous distribution as a search for its quantiles needs it. */
export interface Curve {
  cdf: (x: number) => number
  density: (x: number) => number
  /** Ends of the range that holds the quantile. */
  low: number
  high: number
}

/** The x with cdf(x) = p: Newton's steps from `start`, halving where one would leave the range. */
export function solveQuantile(curve: Curve, p: number, start: number): number {
  let { low, high } = curve
  let x = start > low && start < high ? start : (low + high) / 2
  for (let step = 0; step < 200; step += 1) {
    const miss = curve.cdf(x) - p
    if (miss > 0) high = x
    else low = x
    const next = x - miss / curve.density(x)
    const better = next > low && next < high ? next : (low + high) / 2
    if (Math.abs(better - x) <= 1e-14 * Math.abs(better)) return better
    x = better
  }
  return x
}
