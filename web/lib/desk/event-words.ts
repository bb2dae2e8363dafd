import { formatBytes, formatDateTime, formatDuration, formatNumber } from '#web/i18n/format.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { reasonWords } from './refusal-words.ts'
import type { EventRow } from './sync-shapes.ts'
import type { DeskMessages } from './words.ts'

type Sync = DeskMessages['desk']['sync']

/** The word for a code; a newer server's code that this version does not know stands for itself. */
function wordOf(words: Record<string, string>, code: string): string {
  return words[code] ?? code
}

/** A value as people read it; the end of its name says its unit. */
function valueWords(name: string, value: unknown, say: Sync, zone: string, locale: Locale): string {
  if (typeof value === 'boolean') return value ? say.page.yes : say.page.no
  if (typeof value !== 'number') {
    const code = String(value)
    if (name === 'reason') return reasonWords({ reason: code }, say.reasons)
    if (name === 'trouble') return wordOf(say.page.troubles, code)
    return name === 'cause' ? wordOf(say.losses.causes, code) : code
  }
  if (name.endsWith('_ms')) return formatDuration(Math.abs(value), locale)
  if (name.endsWith('_bytes')) return formatBytes(value, locale)
  return name.endsWith('_at') ? formatDateTime(value, zone, locale) : formatNumber(value, locale)
}

/** What is known of an event of a device, in words. */
export function eventWords(
  { detail }: Pick<EventRow, 'detail'>,
  say: Sync,
  zone: string,
  locale: Locale,
): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => {
      const words = valueWords(name, value, say, zone, locale)
      return say.page.eventDetail(wordOf(say.page.eventDetails, name), words)
    })
    .join(' · ')
}
