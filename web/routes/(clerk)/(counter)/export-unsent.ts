import { t } from '#web/i18n/index.svelte.ts'
import { exportOutbox } from '#web/local/read.ts'
import { showSnackbar } from '#web/ui/snackbar.svelte.ts'
import type { Counter } from '../counter.svelte.ts'
import { reportFault } from '../report-fault.ts'
import { saveFile } from './save-file.ts'

/** Saves everything that is not sent as one file, which needs no room in the database. */
export async function exportUnsent({ local, now }: Counter): Promise<void> {
  try {
    const day = new Date(now).toISOString().slice(0, 10)
    saveFile(`regulars-outbox-${day}.json`, await exportOutbox(local))
    showSnackbar({ text: t().clerk.outbox.exported })
  } catch (fault) {
    reportFault(fault)
  }
}
