let spoken = $state('')

/** What the page's one live region holds. */
export function announcement(): string {
  return spoken
}

/**
 * Has a screen reader say something once, when it is next silent. An empty text empties the region,
 * so that what is no longer true is not said again.
 */
export function announce(text: string): void {
  // A reader passes over a text that equals the one before; a no-break space makes it another.
  spoken = text !== '' && text === spoken ? `${text}\u00a0` : text
}
