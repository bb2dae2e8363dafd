import type { DeskMessages } from './words.ts'

// A newer server may refuse for a reason, or hold a kind, that this version has no word for. Its
// code is then better than nothing.

/** The word for a code; undefined when this version has none. */
export function wordOf<Word>(
  words: Readonly<Record<string, Word>>,
  code: string,
): Word | undefined {
  return Object.entries(words).find(([known]) => known === code)?.[1]
}

export function reasonWords(
  refused: { reason?: string; detail?: string | null },
  say: DeskMessages['desk']['sync']['reasons'],
): string {
  const reason = refused.reason ?? 'fault'
  const words = wordOf(say, reason) ?? reason
  return refused.detail ? `${words} (${refused.detail})` : words
}

export function kindWords(kind: string, say: DeskMessages['desk']['sync']['kinds']): string {
  return wordOf(say, kind) ?? kind
}
