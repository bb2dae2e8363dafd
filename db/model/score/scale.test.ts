// What is at stake: points for mere chance. Where stores hardly differ in one thing, their shrunk
// figures lie close together, and a scale of that spread alone tells the best from the worst by
// noise. Made-up chains with known truth say which scale ranks nearer to it.
import { expect, test } from 'vitest'
import { must } from '../assert.ts'
import { drawBinomial, drawNormal, seededRandom, type Random } from '../stats/random.ts'
import { type Estimate, estimatesOf, type Subject } from './estimate.ts'
import { robustScale, scaleOf, zOf } from './normalise.ts'

const CHAINS = 300
const STORES = 40
/** Retention differs by 7 points among stores, second visits by one, which chance hides. */
const SPREAD = { retained_rate: 0.07, second_visit_rate: 0.01 } as const
const IDS = ['retained_rate', 'second_visit_rate'] as const
const MEAN = 0.4

interface Chain {
  /** By store: how good it is in truth, in standard deviations of each component. */
  truth: number[]
  estimates: Map<(typeof IDS)[number], Estimate[]>
}

function chainOf(random: Random): Chain {
  const truth = Array<number>(STORES).fill(0)
  const stores = truth.map((_, index): Subject => {
    const facts = IDS.map((id) => {
      const deviation = drawNormal(random)
      truth[index] = (truth[index] ?? 0) + deviation
      const n = 100 + Math.floor(random() * 300)
      const rate = Math.min(1, Math.max(0, MEAN + SPREAD[id] * deviation))
      return [id, { x: drawBinomial(random, n, rate), n }] as const
    })
    return { id: `${index}`, peer_group: 'chain', facts: Object.fromEntries(facts) }
  })
  const found = IDS.map((id) => {
    const of = estimatesOf(id, stores)
    return [id, stores.map((store) => must(of.get(store.id), store.id))] as const
  })
  return { truth, estimates: new Map(found) }
}

/** How far two lists go together, -1 to 1. */
function correlation(some: readonly number[], others: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const [a, b] = [mean(some), mean(others)]
  const sum = (of: (at: number) => number) => some.reduce((all, _, at) => all + of(at), 0)
  const [da, db] = [(at: number) => (some[at] ?? 0) - a, (at: number) => (others[at] ?? 0) - b]
  return (
    sum((at) => da(at) * db(at)) / Math.sqrt(sum((at) => da(at) ** 2) * sum((at) => db(at) ** 2))
  )
}

test('a scale that knows what is not known ranks nearer to the truth', () => {
  const random = seededRandom(9)
  let [withFloor, without] = [0, 0]
  for (let chain = 0; chain < CHAINS; chain += 1) {
    const { truth, estimates } = chainOf(random)
    const [floored, bare] = [Array<number>(STORES).fill(0), Array<number>(STORES).fill(0)]
    for (const own of estimates.values()) {
      const scale = robustScale(own.map(({ theta }) => theta))
      own.forEach(({ theta, z }, at) => {
        floored[at] = (floored[at] ?? 0) + z
        bare[at] = (bare[at] ?? 0) + zOf(theta, scale, 'higher')
      })
    }
    withFloor += correlation(floored, truth) / CHAINS
    without += correlation(bare, truth) / CHAINS
  }
  console.log(`with the truth: ${withFloor.toFixed(3)}, by the spread alone ${without.toFixed(3)}`)
  expect(withFloor).toBeGreaterThan(without + 0.03)
})

test('figures that are known well keep the scale of their spread', () => {
  const thetas = [0.1, 0.2, 0.3, 0.4, 0.5]
  const sure = thetas.map(() => 0.001)
  expect(scaleOf(thetas, sure)).toEqual(robustScale(thetas))
  // A store of which little is known does not blur the others.
  expect(scaleOf(thetas, [...sure.slice(1), 5])).toEqual(robustScale(thetas))
  expect(
    scaleOf(
      thetas,
      thetas.map(() => 0.4),
    ).sigma,
  ).toBe(0.4)
})
