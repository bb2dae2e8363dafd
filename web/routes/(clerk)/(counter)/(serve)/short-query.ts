/** What was typed, short enough for a button: a long number shows its head and tail. */
export function shortQuery(typed: string): string {
  const isLongNumber = /^\+?[\d\s-]{8,}$/.test(typed)
  return isLongNumber ? `${typed.slice(0, 3)}…${typed.slice(-4)}` : typed.slice(0, 20)
}
