// Everything of our data layer at once, to be weighed; no page loads it.
const folders = import.meta.glob(
  [
    '../../../../web/lib/local/*.ts',
    '../../../../web/lib/sync/*.ts',
    '!**/*.test.ts',
    '!**/test-*.ts',
    '!**/worker.ts',
  ],
  { eager: true },
)

export const modules = Object.values(folders)
