import type { charts as source } from '../zh/charts.ts'

export const charts: typeof source = {
  view: 'View as',
  chart: 'Chart',
  table: 'Table',
  download: 'Download CSV',
  noData: 'No data',
  notYet: 'Not yet due',
  above: 'Above its limits',
  below: 'Below its limits',
  more: (hidden) => `Only the first 8 and the last 8 are drawn; ${hidden} more are in the table.`,
}
