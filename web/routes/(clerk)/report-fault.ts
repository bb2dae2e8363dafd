import { t } from '#web/i18n/index.svelte.ts'
import { LocalError } from '#web/local/errors.ts'
import { showSnackbar } from '#web/ui/snackbar.svelte.ts'

/** Says in the clerk's words that something was not saved; what was typed stays on the screen. */
export function reportFault(fault: unknown): void {
  const isFull = fault instanceof LocalError && fault.code === 'storage'
  const words = t().clerk.form
  showSnackbar({ text: isFull ? words.noSpace : words.failed })
}
