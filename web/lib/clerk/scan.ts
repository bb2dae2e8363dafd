// A barcode scanner types like a keyboard, only faster. A burst of keys counts as a scan when no
// gap is longer than a scanner ever makes, and it ends with a terminator or with silence. People
// who type into a field are quick too, so a burst inside a field has to be quicker and longer.
const GAP_MAX_MS = 100
const BURST_MAX_MS = 1_500
const MIN_CHARS = 4
const FIELD_GAP_MAX_MS = 35
const FIELD_MIN_CHARS = 6
/** CR and LF of one scan arrive as two terminators; the second must not act again. */
const SECOND_TERMINATOR_MS = 300

export interface ScanKey {
  key: string
  /** Milliseconds of any clock that does not jump. */
  atMs: number
  /** The key goes into a text field. */
  inField: boolean
  ctrl?: boolean
  /** An input method is composing (pinyin, for one): these keys are no text yet. */
  composing?: boolean
}

/** `text` is what was scanned; `swallow` says that the key must not act on the page as well. */
export interface ScanOutcome {
  text: string | null
  swallow: boolean
}

const NOTHING: ScanOutcome = { text: null, swallow: false }

export class ScanReader {
  #chars = ''
  #startMs = 0
  #lastMs = -Infinity
  #widestGapMs = 0
  #scannedMs = -Infinity

  /** How many keys the burst has so far; 1 means that it has just begun. */
  get length(): number {
    return this.#chars.length
  }

  read({ key, atMs, inField, ctrl = false, composing = false }: ScanKey): ScanOutcome {
    if (composing) return this.#forget()
    if (isTerminator(key, ctrl)) return this.#finish(atMs, inField)
    // Shift, prefix keys and control characters around the code are no part of it.
    if (ctrl || key.length !== 1 || key < ' ') return NOTHING
    if (this.#chars === '' || atMs - this.#lastMs > GAP_MAX_MS) this.#begin(atMs)
    else this.#widestGapMs = Math.max(this.#widestGapMs, atMs - this.#lastMs)
    this.#chars += key
    this.#lastMs = atMs
    return NOTHING
  }

  /** Call a little more than the longest gap after a key: a scanner without terminator is done. */
  settle(atMs: number, inField: boolean): string | null {
    if (atMs - this.#lastMs <= GAP_MAX_MS) return null
    const text = inField ? null : this.#scanned(this.#lastMs, false)
    this.#forget()
    return text
  }

  #begin(atMs: number): void {
    this.#chars = ''
    this.#startMs = atMs
    this.#widestGapMs = 0
  }

  #finish(atMs: number, inField: boolean): ScanOutcome {
    if (atMs - this.#scannedMs < SECOND_TERMINATOR_MS) {
      this.#forget()
      return { text: null, swallow: true }
    }
    const text = this.#scanned(atMs, inField)
    this.#forget()
    if (text !== null) this.#scannedMs = atMs
    return { text, swallow: text !== null }
  }

  #scanned(atMs: number, inField: boolean): string | null {
    const [minChars, gapMaxMs] = inField
      ? [FIELD_MIN_CHARS, FIELD_GAP_MAX_MS]
      : [MIN_CHARS, GAP_MAX_MS]
    const isScan =
      this.#chars.length >= minChars &&
      this.#widestGapMs <= gapMaxMs &&
      atMs - this.#lastMs <= GAP_MAX_MS &&
      atMs - this.#startMs <= BURST_MAX_MS
    return isScan ? this.#chars.trim() : null
  }

  #forget(): ScanOutcome {
    this.#chars = ''
    return NOTHING
  }
}

function isTerminator(key: string, ctrl: boolean): boolean {
  return key === 'Enter' || key === 'Tab' || (ctrl && (key === 'j' || key === 'm'))
}

/** After this much silence a burst without terminator is over. */
export const SCAN_SETTLE_MS = GAP_MAX_MS + 20
