import { ScanReader, SCAN_SETTLE_MS } from '#web/clerk/scan.ts'

type TextField = HTMLInputElement | HTMLTextAreaElement

function fieldOf(target: EventTarget | null): TextField | null {
  const isField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
  return isField ? target : null
}

/** Takes what the scanner typed out of a field again, in a way that bindings notice. */
function restore(field: TextField, value: string): void {
  field.value = value
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/**
 * Hears a scanner that types like a keyboard, wherever the focus is, and calls `onscan` with the
 * code. An open dialog owns the tablet: a scan then types nothing and does nothing. Returns the
 * function that stops listening.
 */
export function listenForScans(onscan: (code: string) => void): () => void {
  const reader = new ScanReader()
  let before: { field: TextField; value: string } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  const act = (code: string) => {
    if (before) restore(before.field, before.value)
    if (!document.querySelector('dialog[open]')) onscan(code)
  }
  const settle = () => {
    const code = reader.settle(performance.now(), before !== null)
    if (code !== null) act(code)
  }
  const hear = (event: KeyboardEvent) => {
    const field = fieldOf(event.target)
    const { key, ctrlKey: ctrl, isComposing: composing } = event
    const atMs = performance.now()
    const outcome = reader.read({ key, ctrl, composing, atMs, inField: field !== null })
    // The first key of a burst has not reached the field yet: this is what it held before.
    if (reader.length === 1) before = field ? { field, value: field.value } : null
    clearTimeout(timer)
    timer = setTimeout(settle, SCAN_SETTLE_MS)
    if (!outcome.swallow) return
    event.preventDefault()
    event.stopPropagation()
    if (outcome.text !== null) act(outcome.text)
  }
  window.addEventListener('keydown', hear, { capture: true })
  return () => {
    clearTimeout(timer)
    window.removeEventListener('keydown', hear, { capture: true })
  }
}
