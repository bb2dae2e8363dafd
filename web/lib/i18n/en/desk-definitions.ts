import type { deskDefinitions as source } from '../zh/desk-definitions.ts'
import { judgedFigures } from './desk-judged-figures.ts'

export const deskDefinitions: typeof source = {
  nav: 'Glossary',
  title: 'Definitions',
  lead: 'Every figure on the desk is counted by what is written here, alike for a store, a region and the chain.',
  change: (version) =>
    `Definitions of the kept figures: version ${version}. When one changes, the version goes up and the whole history is counted anew as the server starts, so that no two figures follow different rules.`,
  history: {
    title: 'Versions of the definitions',
    inForce: 'in force',
    version: (version, since) => `Version ${version}, since ${since}`,
    changes: {
      1: 'The first definitions: visits, identified rate, visitors, new, returning and active customers, tag coverage, spend per visit.',
      2: 'The customer asset statement is new: who came, went and moved is kept customer by customer, and valued by the spend of 12 months. What was there before means the same.',
      3: 'No figure means anything else: regions and the chain are kept by adding what changes in the books of the stores, and were counted once from the start.',
      4: 'Cohorts of first visits, the second visit within 60 days and the last day seen are new. What was there before means the same.',
      5: 'Customers who came back (“returning”) are counted on their own, at the home of the day of their first visit in the period; before, they were whoever was seen, less who was new.',
      6: 'The first day of each customer in each store, region and the chain is kept, from which those seen there before and repeat visits are told. What was there before means the same.',
    },
    restated: (day, changes) => `On ${day} this chain’s figures were counted anew: ${changes}.`,
    neverRestated:
      'This chain’s figures were counted by the definitions in force from the start; none were ever counted anew.',
    unknown: 'When this chain’s figures were counted anew cannot be read at the moment.',
  },
  find: 'Find a figure',
  none: 'No figure matches',
  count: (count) => (count === 1 ? '1 figure' : `${count} figures`),
  more: 'Full definition',
  areas: {
    stores: 'Stores',
    statement: 'Customer statement',
    rhythm: 'Customer rhythm',
    score: 'Super-store score',
    alerts: 'Alerts and Monday page',
    sites: 'Sites',
    quality: 'Data quality and limits',
  },
  columns: {
    name: 'Figure',
    formula: 'Formula',
    unit: 'Unit',
    window: 'Window',
    over: 'Denominator',
    notes: 'Edge cases',
    version: 'Version',
    area: 'Area',
  },
  version: (version, since) => `version ${version}, since ${since}`,
  notRecorded: 'The product does not record the facts as yet, so it is not counted',
  units: {
    customers: 'customers',
    visits: 'visits',
    people: 'people',
    stores: 'stores',
    alerts: 'alerts',
    proposals: 'proposals',
    share: '%; differences in percentage points',
    money: 'currency of the store',
    days: 'days',
    weeks: 'weeks',
    points: 'points',
    time: 'an instant or a span',
    ratio: 'ratio',
    'of-the-figure': 'that of the figure that is judged',
  },
  over: {
    visits: 'none: a count',
    identified_rate: 'identified visits + anonymous tally',
    visitors: 'none: a count',
    new: 'none: a count',
    returning: 'none: a count',
    active: 'none: a count',
    tag_coverage: 'active customers',
    spend_per_visit: 'visits with a sale',
    returning_here: 'none: a count',
    repeat_visits: 'none: a count',
    spend_per_identified: 'identified visits',
  },
  texts: {
    opening: {
      name: 'Opening active customers',
      formula: 'Customers with a visit in the {activity} days up to the day before the period',
      window: '{activity} days up to the day before the period',
      over: 'none: a stock',
      notes: 'By the home store of that day; equal to the closing of the period before.',
    },
    reactivated: {
      name: 'Reactivated',
      formula: 'Customers who come again {activity} days or more after their last visit',
      window: 'the period',
      over: 'none: a count',
      notes:
        'Each return counts; the list behind it says how many people they were. A visit on day {activity} is a return, too: the customer counts as lost that day first.',
    },
    transfer_in: {
      name: 'Transferred in',
      formula: 'Active customers whose home became this store',
      window: 'the period',
      over: 'none: a count',
      notes:
        'Moves within a region cancel out in the region, and are always 0 for the chain. A move of somebody inactive changes the register alone.',
    },
    unmerged: {
      name: 'Unmerged',
      formula: 'Active customers who had been merged into another, which was undone',
      window: 'the period',
      over: 'none: a count',
      notes: 'They count again from the day on which it was undone.',
    },
    lost: {
      name: 'Lost',
      formula: 'Customers whose last visit is {activity} days old, and who did not come in between',
      window: 'the period; dated last visit + {activity} days',
      over: 'none: a count',
      notes:
        'Dated the day on which the {activity} days are over, not the day on which somebody noticed. Erased and merged customers are not lost.',
    },
    transfer_out: {
      name: 'Transferred out',
      formula: 'Active customers whose home went from this store to another',
      window: 'the period',
      over: 'none: a count',
      notes: 'The other store notes a transfer in on the same day.',
    },
    merged: {
      name: 'Merged',
      formula: 'Active customers who turned out to be somebody already known',
      window: 'the period',
      over: 'none: a count',
      notes: 'One less where both were active; visits go to the record that stays.',
    },
    erased: {
      name: 'Erased',
      formula: 'Active customers who were forgotten at their request',
      window: 'the period',
      over: 'none: a count',
      notes:
        'Personal data are deleted, movements stay under a name that leads to nobody, so closed books do not change.',
    },
    late: {
      name: 'Late-data adjustment',
      formula: 'What became known of a closed month after it was closed',
      window: 'the first month that is open',
      over: 'none: a difference',
      notes: 'May have either sign; 0 in the restated view, where it stands in its own month.',
    },
    redefined: {
      name: 'Adjustment for changed definitions',
      formula:
        'Closing of the closed months by the new definitions − the same by the old ones, compared when all figures were counted anew',
      window: 'the first month that is open',
      over: 'none: a difference',
      notes:
        'May have either sign; 0 in the restated view, where everything follows the new definitions. It stands apart from late data.',
    },
    closing: {
      name: 'Closing active customers',
      formula:
        'Opening + new + reactivated + transferred in + unmerged − lost − transferred out − merged − erased ± late-data adjustment ± adjustment for changed definitions',
      window: '{activity} days up to the end of the period',
      over: 'none: a stock',
      notes:
        'Must equal an independent count of the visits; a difference is printed on the statement. A period that is not over ends today.',
    },
    value: {
      name: 'Customer value (12-month spend)',
      formula: 'Net spend of active customers in the last 365 days',
      window: '365 days up to the day',
      over: 'none: an amount',
      notes:
        'Kept in whole minor units; refunds count on the day they were made. Where stores of a region or the chain keep different currencies, the value of that scope is “no data”.',
    },
    expanded: {
      name: 'Value expanded',
      formula: 'Growth of 12-month spend of customers who stayed',
      window: 'day by day in the period',
      over: 'none: an amount',
      notes: 'Only of customers who neither came nor went.',
    },
    contracted: {
      name: 'Value contracted',
      formula: 'Shrinking of 12-month spend of customers who stayed',
      window: 'day by day in the period',
      over: 'none: an amount',
      notes: 'A sale that becomes older than 365 days is taken out here.',
    },
    retention: {
      name: 'Retention by month of first visit',
      formula:
        'Customers first seen in a month who were seen in the month k after it ÷ customers first seen in that month',
      window: '24 months from that of the first visit, k = 0 to 24',
      over: 'customers first seen in the month',
      notes:
        'A month that is not over is no data, never 0. By the store that won the customer, or by the present home. A visit to any store of the chain counts. Somebody who was erased stays in the count of that time.',
    },
    second_visit_rate: {
      name: '60-day second visit',
      formula: 'New customers who came again within 60 days ÷ new customers whose 60 days are over',
      window: '60 days from each first visit; dated the day on which they are over',
      over: 'new customers whose 60 days are over',
      notes:
        'Those whose 60 days are not over are left out. A second visit on the same day is not one. It stands in the home store of the 60th day.',
    },
    rfm: {
      name: 'RFM groups',
      formula:
        'R = days since the last visit, F = visit days and M = spend within 365 days, scored 1 to 5 each; the group follows from R and the mean of F and M',
      window: '365 days',
      over: 'customers at home in the store who were not erased',
      notes:
        'R in fifths of all customers of the chain who were seen within the year, equal values alike. F by fixed cuts: 1, 2, 3–4, 5–8, 9 or more. M by the spend of 1, 2, 4 and 8 average purchases of the chain. Without sales, or with stores of several currencies, R and F alone decide.',
    },
    repeat_interval: {
      name: 'Repeat interval',
      formula:
        'Median of the gaps between each customer’s visit days, and the median of these over customers',
      window: '365 days',
      over: 'customers with two visit days or more in the year',
      notes:
        'Each customer counts once, so frequent ones do not dominate. Only gaps that have ended, so it errs on the short side.',
    },
    repeat_interval_open: {
      name: 'Repeat interval, open gaps included',
      formula: 'Kaplan–Meier median of all gaps: half of them are over within so many days',
      window: '365 days',
      over: 'all gaps; an open one counts as “at least so long”',
      notes: 'No data where fewer than half of the gaps are known to have ended.',
    },
    activity_window: {
      name: 'Suggested activity window',
      formula: '90th percentile of the gaps that have ended, held between 30 and 365 days',
      window: '365 days',
      over: 'gaps that have ended',
      notes:
        'A suggestion. The window in force is {activity} days. Another one restates all of history, so it is set with the server stopped: npm run rebuild -- --activity-window DAYS.',
    },
    alive_share: {
      name: 'P(alive): still a customer',
      formula: 'Mean of P(alive) under the BG/NBD model',
      window: 'all visits of each customer',
      over: 'customers who came on two days or more',
      notes:
        'In this model somebody who came once is alive for certain, so they are left out of the mean. Fitted to each store, with what 200 customers of the whole chain say lent to it: a small store is nearly told the chain’s answer, a large one its own. Fitted once a day.',
    },
    expected_visits: {
      name: 'Expected repeat visits, next 90 days',
      formula:
        'Visit days that today’s customers are expected to make in the next 90 days, added up (BG/NBD)',
      window: '90 days from today',
      over: 'none: an expectation',
      notes: 'Customers who are still to come are not in it. An expectation, not a promise.',
    },
    customer_health: {
      name: 'Customer health',
      formula:
        'Days since the last visit ÷ the customer’s usual gap: below 1.5 green, below 2.5 amber, else red',
      window: '365 days up to the last visit',
      over: 'median of the customer’s own gaps',
      notes:
        'With fewer than 3 gaps it is shrunk to the store’s. Grey for 30 days after a single visit.',
    },
    lost_rate: {
      name: 'Weekly loss rate',
      formula: 'customers lost in the week ÷ active customers as the week opens',
      window: 'one ISO week; an alert may tell several weeks as one figure',
      over: 'active customers of this home as the week opens',
      notes:
        'Lost is dated on the day on which {activity} days are over. Whoever moved in and was lost in the same week counts below the line, too. A week without active customers is no data.',
    },
    score: {
      name: 'Super-store score',
      formula:
        'Weighted sum of the components, each shrunk first and then compared with the median of its peers',
      window: 'the period',
      over: 'weights in force, 100 in all',
      notes:
        'A difference counts for no more than what is not known of a peer, so stores that hardly differ are all near 50. Not scored where more than 30 % of the weight lacks data. Stores with stale data leave the ranking, with the reason.',
    },
    rank_range: {
      name: 'Range of ranks',
      formula: 'The middle 90 % of the ranks in draws of the posterior',
      window: 'the period',
      over: 'ranked stores',
      notes: 'Stores whose ranges overlap are tied.',
    },
    weakest_link: {
      name: 'Weakest link and geometric mean',
      formula: 'The component with the lowest score; the weighted geometric mean of all',
      window: 'the period',
      over: 'components with data',
      notes: 'One broken link may cost the whole, so it stands beside the weighted sum.',
    },
    retained_rate: {
      name: 'Retained',
      formula:
        'Customers active as the window opens who were not lost in it ÷ customers active then',
      window: '{activity} days up to the end of the period',
      over: 'customers active as the window opens, with those who moved in, without those who moved out or were erased',
      notes:
        'Lost is {activity} days without a visit. No data where nobody was active {activity} days before.',
    },
    spend_growth: {
      name: 'Growth of spend per visit',
      formula: 'Spend per visit of the period ÷ that of the period before − 1',
      window: 'the period and the one before',
      over: 'spend per visit of the period before',
      notes:
        'Its error is told from the ups and downs of weeks (of months, in periods beyond 200 days). No data with fewer than 4.',
    },
    follow_up_rate: {
      name: 'Follow-ups on time',
      formula: 'Follow-ups done in time ÷ follow-ups due',
      window: 'the period',
      over: 'follow-ups due',
      notes: 'A follow-up that was put off keeps its first due date.',
    },
    promise_rate: {
      name: 'Tickets and promises kept',
      formula: 'Tickets answered in time and promises kept ÷ those due',
      window: 'the period',
      over: 'tickets and promises due',
      notes: 'Moved is broken, unless the customer asked for it.',
    },
    satisfaction_rate: {
      name: 'Satisfied',
      formula: 'Ratings of 4 and 5 ÷ all ratings',
      window: 'the period',
      over: 'all ratings',
      notes: 'Each customer once in 30 days.',
    },
    referrals: {
      name: 'Referrals per 100 active customers',
      formula: 'New customers brought by customers ÷ active customers × 100',
      window: 'the period',
      over: 'active customers',
      notes: 'The referral must come before the first visit.',
    },
    fatigue_rate: {
      name: 'Contacted too often',
      formula:
        'Customers contacted more often than the cap in 30 days ÷ customers who may be contacted',
      window: '30 days',
      over: 'customers who may be contacted',
      notes: 'Lower is better. Answers to a customer do not count.',
    },
    staff_hour_visits: {
      name: 'Identified visits per staff hour',
      formula: 'Identified visits ÷ staffed hours',
      window: 'the period',
      over: 'staffed hours',
      notes: 'No data without hours.',
    },
    ...judgedFigures,
    as_of: {
      name: 'As of',
      formula: 'Of the tablets in use, the time of the one that has owed its records for longest',
      window: 'now',
      over: 'none',
      notes:
        'A sum is as old as its oldest store. Revoked tablets do not count; a store without tablets has imported data.',
    },
    coverage: {
      name: 'Coverage',
      formula: 'Stores with fresh data ÷ stores that should have some',
      window: 'now',
      over: 'stores in scope',
      notes: 'Below 70 % the whole page is greyed and says why.',
    },
    sample_size: {
      name: 'n, the cases behind a figure',
      formula: 'People or visits that a figure rests on',
      window: 'that of the figure',
      over: 'none',
      notes: 'Below 10 the figure is greyed: it says little.',
    },
    peer_band: {
      name: 'Peer band',
      formula: 'Quartiles and median of stores of the same format',
      window: 'the period',
      over: 'stores of the same format',
      notes: 'The grey band is the middle half of them, not a target.',
    },
    natural_limits: {
      name: 'Natural limits',
      formula:
        'Mean ± 2.66 × the mean absolute difference between neighbouring periods (XmR chart)',
      window: 'the store’s own latest periods',
      over: 'none',
      notes:
        'A change within the limits is ordinary variation and is not coloured. Stocks (active customers, tag coverage) are judged by their moves: the value before + the mean move ± 2.66 × the mean absolute difference between neighbouring moves. Version 1 judged their height, so a store that grew steadily was coloured every time.',
    },
    funnel_limits: {
      name: 'Funnel limits',
      formula:
        'Exact binomial 95 % and 99.9 % limits around the mean of the peers, wider where these are over-dispersed',
      window: 'the period',
      over: 'each store’s own denominator',
      notes: 'Small stores vary more by nature: the limits narrow as n grows.',
    },
    slide_limits: {
      name: 'Limits of a slide (EWMA)',
      formula: 'weighted mean = 0.2 × this week + 0.8 × before; limits = usual ± 3σ',
      window: 'usual and σ from 26 figures, then the latest 13',
      over: 'weekly figures without the season that the peers share',
      notes:
        'σ comes from the differences of neighbouring weeks. Twelve figures are needed. A week without data is neither high nor low.',
    },
    sensing_lag: {
      name: 'Sensing lag',
      formula: 'Time from what happened to its receipt: 50th, 95th and 99th percentile',
      window: 'the last 24 hours',
      over: 'records received',
      notes: 'No data without records.',
    },
    late_share: {
      name: 'Arrived late',
      formula: 'Records that arrived over 24 hours after they happened ÷ records that arrived',
      window: 'what arrived in the period, kept for 90 days',
      over: 'records that arrived',
      notes:
        'Times are kept in classes 19 % wide, so lateness counts from 24.5 hours on. No data without records.',
    },
    merged_share: {
      name: 'Entered twice',
      formula: 'Customers added who are part of another record by now, per 1,000 added',
      window: 'customers added at the store in the period',
      over: 'customers added',
      notes:
        'Only what somebody merged counts; possible duplicates stand on their own page. It grows while duplicates are found.',
    },
    entry_bursts: {
      name: 'Many at once',
      formula: 'More than 6 visits of customers recorded by one person within a minute',
      window: 'the period',
      over: 'none: a count',
      notes:
        'People counted without a name, voided visits and visits with a receipt of their source do not count. A batch that was caught up on looks alike: ask.',
    },
    entry_places: {
      name: 'In two stores',
      formula: 'Visits of a customer who was seen in another store less than 30 minutes apart',
      window: 'the period',
      over: 'none: a count',
      notes:
        'The first visit of the day at the other store is compared. Of somebody who moved since, visits before the move are not found.',
    },
    entry_hours: {
      name: 'Outside the hours',
      formula: 'Visits of customers recorded outside the store’s hours ÷ visits recorded',
      window: 'the period',
      over: 'visits of customers that people recorded',
      notes:
        'More than 30 % is worth a question. No data where the hours of the store are not known. Visits with a receipt do not count.',
    },
    entry_notes: {
      name: 'Same note',
      formula: 'Notes that stand at more than 5 visits word for word',
      window: 'the period',
      over: 'none: a count',
      notes: 'Space around a note is ignored. Empty notes do not count.',
    },
  },
}
