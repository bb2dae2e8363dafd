import type { DeskMessages } from './words.ts'

// A newer server may refuse for a reason, or hold a kind, that this version has no word for. Its
// code is then better than nothing.

export function reasonWords(
  refused: { reason?: string; detail?: string | null },
  say: DeskMessages['desk']['sync']['reasons'],
): string {
  const reason = refused.reason ?? 'fault'
  const words = Object.entries(say).find(([code]) => code === reason)?.[1] ?? reason
  return refused.detail ? `${words} (${refused.detail})` : words
}

export function kindWords(kind: string, say: DeskMessages['desk']['sync']['kinds']): string {
  return Object.entries(say).find(([code]) => code === kind)?.[1] ?? kind
}
