import type { judgedFigures as source } from '../zh/desk-judged-figures.ts'

export const judgedFigures: typeof source = {
  usual: {
    name: 'Usual (alerts)',
    formula:
      'Against itself: mean of the weeks before, without the season and with that of this week put back; beside its peers: mean of the peers together',
    window:
      'against itself 26 figures before the latest 13 weeks; beside peers the weeks of the rule',
    over: 'weeks with data, or the denominators of the peers added up',
    notes:
      'Of the 26 figures 12 are needed. The season is that of the peers; without peers there is none. A rule with a threshold has the threshold in its place.',
  },
  recent_mean: {
    name: 'Average of late',
    formula: 'Weighted mean: each week = 0.2 × this week + 0.8 × the weighted mean before',
    window: 'the latest 13 weeks',
    over: 'none: a mean',
    notes:
      'Computed without the season that the peers share, which is put back for this week. A week without data leaves it as it was.',
  },
  alert_limits: {
    name: 'Limits of an alert',
    formula:
      'Beside peers: exact binomial 95 % or 99.9 % limits; a slow slide: usual ± 3σ (EWMA); a sudden jump: usual ± 2.66 × mean moving range (XmR); threshold: the number set in the rule',
    window: 'that of the rule',
    over: 'the store’s own denominator: visits, customers or visits with a sale',
    notes:
      'The fewer cases, the wider the limits. A rule that speaks on one side only shows that side. With fewer cases than the rule asks for nothing is judged.',
  },
  weeks_beyond: {
    name: 'Weeks beyond limits',
    formula: 'Weeks of one alert in which the figure was beyond its limits',
    window: 'from the first such week on; again within the quiet days it is still the same alert',
    over: 'none: a count',
    notes: 'Only whole weeks that are over. A week without data is not counted and ends no alert.',
  },
  alerts_fired: {
    name: 'Alerts of the replay',
    formula: 'Alerts that the rule would have given in the past 52 weeks',
    window: 'the latest 52 whole weeks',
    over: 'stores that the rule is for',
    notes:
      'Beyond again within the quiet days belongs to the same alert. Replayed on what is known today, late data included.',
  },
  alert_rate: {
    name: 'Alerts per store and year',
    formula: 'Alerts of the replay ÷ stores that the rule is for',
    window: 'the latest 52 whole weeks',
    over: 'stores that the rule is for, silent ones included',
    notes:
      'The rate of false ones beside it was measured on simulated histories in which nothing happens; a threshold has none.',
  },
  alert_verdict: {
    name: 'Share that was right',
    formula: 'Alerts still beyond their limits in the 4 weeks after ÷ alerts that can be judged',
    window: '4 weeks after the alert',
    over: 'alerts whose 4 weeks are over and have data',
    notes:
      'The 4 weeks are judged as one figure. Where they are not over the alert is “not known yet”, neither right nor wrong.',
  },
  alert_said: {
    name: 'What people said',
    formula: 'Alerts of the rule that were marked resolved, and false alarms',
    window: 'since the rule was made',
    over: 'none: a count',
    notes: 'Those that nobody dealt with are not in it.',
  },
  acceptance: {
    name: 'Proposals accepted',
    formula:
      'Of the latest proposed tasks those confirmed word for word; beside it how many were decided',
    window: 'the latest 20 proposals that somebody decided',
    over: 'the latest 20 decisions, or all of them where there are fewer',
    notes:
      'One sent in other words does not count as accepted. From 80 % of 20 on a rule may send its tasks by itself; below that it asks again.',
  },
  usual_gap: {
    name: 'Usual gap',
    formula: 'Median of the gaps between the customer’s own visit days',
    window: '365 days up to the last visit',
    over: 'the customer’s own gaps, 3 at least',
    notes:
      'Whoever has fewer than 3 gaps has no rhythm of their own and is not listed. Several visits on one day are one day.',
  },
  days_absent: {
    name: 'Days absent',
    formula: 'The Sunday of the week − the day of the last visit',
    window: 'up to the Sunday of the week',
    over: 'none: days',
    notes:
      'A visit to any store counts. From {activity} days on a customer is lost and is not listed.',
  },
  lost_on: {
    name: 'Lost from',
    formula: 'Day of the last visit + {activity} days',
    window: '{activity} days',
    over: 'none: a date',
    notes: 'One visit before it moves the date on.',
  },
  came_again: {
    name: 'Came again',
    formula: 'The first visit day after the week',
    window: 'from the Monday after it until today',
    over: 'none: a date',
    notes:
      'Not shown for whoever did not come. The list itself stays, so an old Monday page reads the same whenever it is opened.',
  },
  year_visits: {
    name: 'Visits in a year',
    formula: 'Visits in the 365 days up to the Sunday of the week',
    window: '365 days',
    over: 'none: a count',
    notes: 'A visit to any store counts, and two on one day are two.',
  },
  year_spend: {
    name: 'Spend in a year',
    formula: 'Net spend in the 365 days up to the Sunday of the week',
    window: '365 days',
    over: 'none: an amount',
    notes:
      'Customers to save are listed by it, highest first, then by visits. Refunds are taken off.',
  },
  practice_usual: {
    name: 'Mean of the peers (practice to copy)',
    formula:
      'Rates: numerators of the peers ÷ their denominators; counts and amounts: what is usual at that store itself',
    window: 'rates: the latest 13 weeks; else the week',
    over: 'the denominators of the peers added up',
    notes:
      'Only the first of those beyond the 99.9 % limits (rates) or 3σ (else) is told. A rate of fewer than 50 cases takes no part.',
  },
  visits_per_open_hour: {
    name: 'Visits per open hour',
    formula: 'Visits (identified + anonymous) ÷ hours in which the store served',
    window: 'the quarter; one that runs ends today',
    over: 'hours served: promised less out of service',
    notes:
      'A store without opening hours on its record counts as open from 9:00 to 21:00. No data when it did not serve at all.',
  },
  visits_change: {
    name: 'Visits since last quarter',
    formula: 'Visits of the quarter ÷ visits of the quarter before − 1',
    window: 'the quarter and the one before',
    over: 'visits of the quarter before',
    notes: 'No data while the quarter runs, or where the one before had no visits.',
  },
  new_share: {
    name: 'Share of new',
    formula: 'New customers ÷ customers seen',
    window: 'the quarter; one that runs ends today',
    over: 'customers seen in the store in the quarter',
    notes: 'No data where nobody was seen.',
  },
  purpose_median: {
    name: 'Median of the same purpose',
    formula: 'Median of the measure over all sites of the same purpose',
    window: 'the quarter',
    over: 'sites of that purpose with data',
    notes:
      'None with fewer than 5 sites. Spend is compared within one currency. All sites of the chain are in it, not only those that the reader sees.',
  },
  site_standing: {
    name: 'Strong, usual, weak',
    formula:
      '(site − median) ÷ robust standard deviation: from 1 on strong, from −1 down weak, between them usual',
    window: 'the quarter',
    over: 'robust standard deviation: 1.4826 × median of the absolute deviations',
    notes:
      'Where more than half of the sites are alike, their quartile range ÷ 1.349 instead; where all are alike, each is usual.',
  },
  purpose_peers: {
    name: 'Sites of the same purpose',
    formula: 'Sites with the purpose of this one, itself included',
    window: 'the quarter',
    over: 'none: a count',
    notes: 'With fewer than 5 there is nothing to compare with, and no advice.',
  },
  promised_hours: {
    name: 'Promised hours',
    formula: 'Minutes of all days by the store’s opening hours',
    window: 'the quarter from the opening day on; one that runs ends today',
    over: 'none: a span',
    notes:
      'A store without opening hours on its record counts as open from 9:00 to 21:00. By the clock of the store, in summer time, too.',
  },
  hours_kept: {
    name: 'Promised hours kept',
    formula: '(promised minutes − minutes out of service) ÷ promised minutes',
    window: 'the quarter from the opening day on; one that runs ends today',
    over: 'promised minutes',
    notes:
      'Below 95 % the advice is always to fix that first. A store that promised nothing has no data.',
  },
  hours_lost: {
    name: 'Hours out of service',
    formula: 'Minutes of the reported faults within opening hours, added up by reason',
    window: 'the quarter from the opening day on; one that runs ends today',
    over: 'none: a span',
    notes:
      'A fault after closing time costs nothing. What two reports say of one minute is counted once, for the one that began first.',
  },
}
