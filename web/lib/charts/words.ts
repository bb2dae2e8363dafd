/** What charts say besides their data. Comes from the page, in the language on screen. */
export interface ChartWords {
  /** Asks which of the two is shown. */
  view: string
  chart: string
  table: string
  download: string
  noData: string
  /** Of a period that has not come. */
  notYet: string
  /** Of a value beyond its limits. */
  above: string
  below: string
  /** How many lines or panels are in the table only. */
  more: (hidden: number) => string
}
