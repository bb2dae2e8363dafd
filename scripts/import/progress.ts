const EVERY_MS = 1000
/** The clock is asked once in so many rows. */
const STRIDE = 256

/** A line a second: what is being done, rows so far, rows a second. */
export function progressTo(
  write: (line: string) => void,
  now: () => number,
): { onRow: (phase: string) => void } {
  let phase = ''
  let rows = 0
  let startedAt = now()
  let printedAt = startedAt
  return {
    onRow(current) {
      if (current !== phase) {
        phase = current
        rows = 0
        startedAt = printedAt = now()
      }
      rows += 1
      if (rows % STRIDE !== 0 || now() - printedAt < EVERY_MS) return
      printedAt = now()
      const perSecond = Math.round((rows * 1000) / Math.max(1, printedAt - startedAt))
      const grouped = (n: number) => n.toLocaleString('en')
      write(`${phase}: ${grouped(rows)} rows, ${grouped(perSecond)} a second`)
    },
  }
}
