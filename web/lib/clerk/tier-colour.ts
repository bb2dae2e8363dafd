// Tiers are the chain's own words. Those that name a metal or a stone get its colour, so that the
// eye finds like among like; the word always stands beside the dot.
const COLOURS: readonly (readonly [RegExp, string])[] = [
  [/钻|diamond/i, 'var(--chart-4)'],
  [/白金|铂|platinum/i, 'var(--chart-1)'],
  [/黑|black/i, 'var(--ink)'],
  [/金|gold/i, 'var(--warn)'],
  [/银|silver/i, 'var(--unknown)'],
  [/铜|bronze/i, 'var(--chart-2)'],
]

/** The colour of a tier's dot, as a value of CSS. */
export function tierColour(tier: string): string {
  return COLOURS.find(([word]) => word.test(tier))?.[1] ?? 'var(--line-strong)'
}
