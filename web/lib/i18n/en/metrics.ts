import type { metrics as source } from '../zh/metrics.ts'

export const metrics: typeof source = {
  names: {
    visits: 'Visits',
    identified_rate: 'Identified',
    visitors: 'Visitors',
    new: 'New',
    returning: 'Returning',
    active: 'Active',
    tag_coverage: 'Tagged',
    spend_per_visit: 'Spend / visit',
    returning_here: 'Seen here before',
    repeat_visits: 'Repeat visits',
    spend_per_identified: 'Spend / identified visit',
  },
  parts: { formula: 'Formula', unit: 'Unit', window: 'Window', notes: 'Edge cases' },
  percentagePoints: 'pp',
  definitions: {
    visits: {
      formula: 'Valid visits = identified visits + anonymous tally',
      unit: 'visits',
      window: 'business days of the store in the period',
      notes:
        'The same customer at the same store again within 30 minutes is one visit; visits with a receipt id of their source are never merged; void ones do not count. Adds up over stores.',
    },
    identified_rate: {
      formula: 'Identified-visit rate = identified ÷ (identified + anonymous tally)',
      unit: '%; differences in percentage points',
      window: 'days of the period that have an anonymous tally',
      notes:
        'A day without a tally is left out and not taken for 100 %; a period without any is “no data”.',
    },
    visitors: {
      formula: 'Distinct customers seen in this scope in the period',
      unit: 'people',
      window: 'the period',
      notes:
        'Never adds up: a customer seen in two stores is one visitor of each, and one of the chain. Every scope has a count of its own.',
    },
    new: {
      formula: 'Customers whose first valid visit in the chain falls in the period',
      unit: 'customers, by home store',
      window: 'the period',
      notes:
        'Imported history sets the first date; enrolled without a visit is not new; late data corrects the period it belongs to. Adds up.',
    },
    returning: {
      formula: 'Distinct customers seen in the period who had been seen before it',
      unit: 'customers, by home store',
      window: 'the period, in any store',
      notes:
        'A new customer who comes again in the same period stays new. Somebody who moves counts where the home was on their first day in the period. Adds up.',
    },
    active: {
      formula: 'Customers with a visit in the {activity} days up to the end of the period',
      unit: 'customers, by home store',
      window: '{activity} days up to the last day of the period',
      notes:
        'Every customer has one home store, so it adds up. A customer stops being active once the last visit is {activity} days old.',
    },
    tag_coverage: {
      formula: 'Active customers with a valid tag in the required group ÷ active customers',
      unit: '%, by home store; differences in percentage points',
      window: 'end of the period',
      notes: 'The first required group counts; without active customers it is “no data”.',
    },
    spend_per_visit: {
      formula: 'Net sales ÷ visits with a sale',
      unit: 'currency of the store',
      window: 'the period',
      notes:
        'Refunds count in the period in which they were made; visits without an amount are not in the divisor; amounts are those entered or imported. Money of several currencies is never added up: where stores of a region or the chain keep different ones it is “no data”, and peers are stores of the same currency.',
    },
    returning_here: {
      formula: 'Visitors of this scope who had visited this very scope before the period',
      unit: 'people',
      window: 'the period',
      notes:
        'Of a store: who knew this store. Of a region or the chain: who knew any store of it. Whoever had been in another store only is not among them; returning counts these too, at their home store. Never adds up.',
    },
    repeat_visits: {
      formula:
        'Identified visits less the first day of each customer in this scope, which counts as one visit',
      unit: 'visits',
      window: 'the period',
      notes:
        'The second visit of a new customer is a repeat visit, though the customer is not a returning one. Of a store: the first visit there, of the chain: the first anywhere. Never adds up.',
    },
    spend_per_identified: {
      formula: 'Net sales ÷ identified visits',
      unit: 'currency of the store',
      window: 'the period',
      notes:
        'Visits without an amount are in the divisor, so it is never more than spend per visit. Refunds and currencies as there.',
    },
  },
}
