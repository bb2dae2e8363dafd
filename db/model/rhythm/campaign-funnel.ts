// What came of contacting people: how many were reached, and how many of these answered.

/** One person and one campaign, as often as it happened. */
export interface Touch {
  campaign: string
  customer: string
}

export interface Funnel {
  /** Distinct pairs of campaign and person reached. */
  exposures: number
  /** Distinct people reached. */
  reached: number
  /** Distinct people who answered a campaign that had reached them. */
  responded: number
  /** Answers to a campaign that had reached the person, each counted. */
  responses: number
  /** People who answered a campaign that had not reached them; in no other count. */
  unreached: number
  /** `responded` / `reached`, a share of 1; null when nobody was reached. */
  rate: number | null
}

function keyOf({ campaign, customer }: Touch): string {
  return JSON.stringify([campaign, customer])
}

function countCustomers(touches: readonly Touch[]): number {
  return new Set(touches.map(({ customer }) => customer)).size
}

/** The funnel over all the campaigns given, in which a person counts once. */
export function campaignFunnel(reached: readonly Touch[], answers: readonly Touch[]): Funnel {
  const exposures = new Set(reached.map(keyOf))
  const counted = answers.filter((answer) => exposures.has(keyOf(answer)))
  const strays = answers.filter((answer) => !exposures.has(keyOf(answer)))
  const people = countCustomers(reached)
  const responded = countCustomers(counted)
  return {
    exposures: exposures.size,
    reached: people,
    responded,
    responses: counted.length,
    unreached: countCustomers(strays),
    rate: people === 0 ? null : responded / people,
  }
}
