// The questions of the screens, asked of the raw visits in SQL. They are written for whoever
// answers them: one pass where one is enough, and no more columns than the screen shows.

import { ACTIVITY_DAYS } from '#model/activity-window.ts'

/** Days from `from` up to but not including `to`. */
interface Days {
  from: number
  to: number
}

const ACTIVE_DAYS = ACTIVITY_DAYS.standard

function within({ from, to }: Days): string {
  return `day >= ${from} and day < ${to}`
}

/** One row per store: what happened there in the period and the one before. */
export function storesTableSql(table: string, now: Days, before: Days): string[] {
  const sums = (days: Days, name: string) => `
    sum(case when ${within(days)} and customer is not null then 1 else 0 end) as identified_${name},
    sum(case when ${within(days)} and customer is null then people else 0 end) as anonymous_${name},
    sum(case when ${within(days)} then spend else 0 end) as spend_${name},
    count(case when ${within(days)} then spend end) as sales_${name},
    count(distinct case when ${within(days)} then customer end) as visitors_${name}`
  const seen = (days: Days, name: string) => `
    count(distinct case when ${within(days)} then customer end) as seen_${name},
    count(distinct case when day > ${days.to - 1 - ACTIVE_DAYS} and day < ${days.to}
      then customer end) as active_${name}`
  const first = (days: Days, name: string) => `
    sum(case when first >= ${days.from} and first < ${days.to} then 1 else 0 end) as new_${name}`
  const from = Math.min(before.from, before.to - ACTIVE_DAYS)
  return [
    `select store, ${sums(now, 'now')}, ${sums(before, 'before')} from ${table}
     where day >= ${before.from} and day < ${now.to} group by store`,
    `select home, ${seen(now, 'now')}, ${seen(before, 'before')} from ${table}
     where day >= ${from} and day < ${now.to} and customer is not null group by home`,
    `select home, ${first(now, 'now')}, ${first(before, 'before')} from (
       select customer, min(home) as home, min(day) as first from ${table}
       where customer is not null group by customer) as firsts group by home`,
  ]
}

/** The statement of customers by home: who came, came back and stayed away for 90 days. */
export function statementSql(table: string, { from, to }: Days): string[] {
  const isActive = (day: number) => `day > ${day - ACTIVE_DAYS} and day <= ${day}`
  const comes = `day >= ${from} and day < ${to}`
  const goes = `day + ${ACTIVE_DAYS} >= ${from} and day + ${ACTIVE_DAYS} < ${to}`
  return [
    `select home,
       count(distinct case when ${isActive(from - 1)} then customer end) as opening,
       sum(case when ${comes} and last is null then 1 else 0 end) as new,
       sum(case when ${comes} and day - last >= ${ACTIVE_DAYS} then 1 else 0 end) as reactivated,
       sum(case when ${goes} and (next is null or next - day >= ${ACTIVE_DAYS})
         then 1 else 0 end) as lost,
       count(distinct case when ${isActive(to - 1)} then customer end) as closing
     from (select home, customer, day,
         lag(day) over (partition by customer order by day) as last,
         lead(day) over (partition by customer order by day) as next
       from ${table} where customer is not null) as visits
     group by home`,
  ]
}

/** Visits, spend, sales and visitors of some stores by month. */
export function compareSql(table: string, stores: number, months: readonly Days[]): string[] {
  const step = months.map(({ to }, nth) => `when day < ${to} then ${nth}`).join(' ')
  const [first, last] = [months[0]?.from ?? 0, months.at(-1)?.to ?? 0]
  return [
    `select store, case ${step} end as month,
       sum(case when customer is not null then 1 else people end) as visits,
       sum(spend) as spend, count(spend) as sales, count(distinct customer) as visitors
     from ${table} where day >= ${first} and day < ${last} and store < ${stores}
     group by store, case ${step} end`,
  ]
}
