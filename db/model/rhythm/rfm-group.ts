import { must } from '../assert.ts'
import { frequencyAndMoney, type RfmScores } from './rfm.ts'

// The named groups of RFM as regions of R and FM. Regions are data, so that a page can print the
// very rule that was applied; together they cover every score once.

/** Names as in Shopify's CustomerRfmGroup, best known first. */
export const RFM_GROUPS = [
  'champions',
  'loyal',
  'active',
  'promising',
  'new',
  'needs-attention',
  'almost-lost',
  'at-risk',
  'previously-loyal',
  'dormant',
  'prospects',
] as const
export type RfmGroup = (typeof RFM_GROUPS)[number]

/** Scores from the first bound up to the second, both included. */
type Range = readonly [from: number, to: number]

export interface RfmRule {
  /** Null: somebody who never came, and so has no scores. */
  r: Range | null
  fm: Range | null
  definition: string
}

export const RFM_RULES: Record<RfmGroup, RfmRule> = {
  champions: {
    r: [5, 5],
    fm: [4, 5],
    definition: 'Seen very recently, among those who come most often and spend most.',
  },
  loyal: {
    r: [3, 4],
    fm: [4, 5],
    definition: 'Among those who come most often and spend most, and seen not long ago.',
  },
  active: {
    r: [4, 5],
    fm: [2, 3.5],
    definition: 'Seen recently, with a few visits and a middling spend within the year.',
  },
  promising: {
    r: [3, 4],
    fm: [1, 1.5],
    definition: 'Seen not long ago, with hardly more than one visit within the year.',
  },
  new: {
    r: [5, 5],
    fm: [1, 1.5],
    definition: 'Seen very recently, with hardly more than that one visit within the year.',
  },
  'needs-attention': {
    r: [3, 3],
    fm: [2, 3.5],
    definition: 'A few visits and a middling spend, and beginning to stay away.',
  },
  'almost-lost': {
    r: [2, 2],
    fm: [1, 2.5],
    definition: 'Few visits and little spend, and away for longer than most.',
  },
  'at-risk': {
    r: [1, 2],
    fm: [3, 3.5],
    definition: 'Came often and spent well, and has been away for long.',
  },
  'previously-loyal': {
    r: [1, 2],
    fm: [4, 5],
    definition: 'Was among those who come most often and spend most, and has been away for long.',
  },
  dormant: {
    r: [1, 1],
    fm: [1, 2.5],
    definition: 'Few visits and little spend, and away for longest.',
  },
  prospects: {
    r: null,
    fm: null,
    definition: 'Enrolled, and has not come yet.',
  },
}

function isWithin(value: number, range: Range | null): boolean {
  return range !== null && range[0] <= value && value <= range[1]
}

/** The one group of these scores. */
export function rfmGroup(scores: RfmScores): RfmGroup {
  const [r, fm] = [scores.r, frequencyAndMoney(scores)]
  if (r === null || fm === null) return 'prospects'
  const found = RFM_GROUPS.find(
    (group) => isWithin(r, RFM_RULES[group].r) && isWithin(fm, RFM_RULES[group].fm),
  )
  return must(found, 'a score that no group covers')
}
