import type { Locale } from '#web/i18n/locale.ts'
import { formatDateTime, formatNumber, formatRelativeDay, formatTime } from '#web/i18n/format.ts'
import type { Trouble } from '#web/local/tables.ts'
import type { Messages } from '#web/i18n/zh.ts'
import type { StatusShape, StatusTone } from '#web/ui/status-shapes.ts'

/** What the badge needs to know; the sync engine's status holds all of it. */
export interface SyncFacts {
  online: boolean
  phase: 'idle' | 'sending' | 'receiving' | 'first-download'
  waiting: number
  oldestWaitingAt: number | null
  refused: number
  lastPullAt: number | null
  receiving: { done: number; total: number } | null
  trouble: null | Trouble
}

export interface SyncWords {
  messages: Messages
  locale: Locale
  zone: string
  now: number
}

export interface SyncMark {
  shape: StatusShape
  tone: StatusTone
  label: string
}

const HOUR_MS = 3_600_000
/** A pull runs every minute while online, so this old means that something stands in its way. */
export const BEHIND_AFTER_MS = 4 * HOUR_MS
const AMBER_AFTER_MS = 4 * HOUR_MS
const RED_AFTER_MS = 24 * HOUR_MS

/**
 * The one mark that sums up the tablet's sync. What needs a person comes first, then what is not
 * sent, then what is on its way; the green check is left for when nothing of that is true.
 */
export function syncMark(facts: SyncFacts, words: SyncWords): SyncMark {
  return needsPerson(facts, words) ?? unsent(facts, words) ?? receiving(facts, words)
}

function needsPerson({ trouble, refused }: SyncFacts, words: SyncWords): SyncMark | null {
  const { badge } = words.messages.clerk.outbox
  if (trouble === 'revoked') return { shape: 'ban', tone: 'bad', label: badge.revoked }
  if (trouble === 'fork' || trouble === 'signed-out' || trouble === 'storage')
    return { shape: 'diamond', tone: 'bad', label: badge.attention }
  if (refused > 0)
    return { shape: 'triangle', tone: 'bad', label: badge.refused(count(refused, words)) }
  if (trouble === 'sign-in-page' || trouble === 'update')
    return { shape: 'diamond', tone: 'warn', label: badge.attention }
  return null
}

function unsent(facts: SyncFacts, words: SyncWords): SyncMark | null {
  if (facts.waiting === 0) return null
  const { sync, clerk } = words.messages
  if (facts.phase === 'sending' && !isOffline(facts))
    return { shape: 'quarter', tone: 'info', label: `${sync.record.sending} ${facts.waiting}` }
  const tone = waitingTone(facts.oldestWaitingAt, words.now)
  if (isOffline(facts)) {
    const label = clerk.outbox.badge.offlineWaiting(count(facts.waiting, words))
    return { shape: 'dashed', tone, label }
  }
  return { shape: 'up', tone, label: sync.record.waiting(facts.waiting) }
}

/** Amber after four hours, red after a day: by then something is wrong that time will not mend. */
export function waitingTone(oldestAt: number | null, now: number): StatusTone {
  const ageMs = oldestAt === null ? 0 : now - oldestAt
  return ageMs > RED_AFTER_MS ? 'bad' : ageMs > AMBER_AFTER_MS ? 'warn' : 'neutral'
}

function receiving(facts: SyncFacts, words: SyncWords): SyncMark {
  const { tablet } = words.messages.sync
  if (isOffline(facts)) return { shape: 'dashed', tone: 'neutral', label: tablet.offline }
  if (facts.trouble === 'server')
    return { shape: 'dashed', tone: 'neutral', label: tablet.retrying }
  if (facts.receiving && facts.phase !== 'idle') {
    const { done, total } = facts.receiving
    const label = tablet.receiving(count(done, words), count(total, words))
    return { shape: 'down', tone: 'info', label }
  }
  if (facts.lastPullAt === null)
    return { shape: 'quarter', tone: 'neutral', label: tablet.firstUnfinished }
  const { lastPullAt } = facts
  if (words.now - lastPullAt > BEHIND_AFTER_MS)
    return { shape: 'clock', tone: 'warn', label: tablet.behind(sayWhen(lastPullAt, words)) }
  const time = formatTime(lastPullAt, words.zone, words.locale)
  return { shape: 'check', tone: 'ok', label: tablet.upToDate(time) }
}

function isOffline({ online, trouble }: SyncFacts): boolean {
  return !online || trouble === 'offline'
}

function count(value: number, { locale }: SyncWords): string {
  return formatNumber(value, locale)
}

/** `14:32` of today, `昨天 18:05`, then the date: as people say when something last worked. */
export function sayWhen(at: number, { zone, locale, now, messages }: SyncWords): string {
  const day = formatRelativeDay(at, now, zone, locale)
  const time = formatTime(at, zone, locale)
  if (day === messages.common.time.today) return time
  if (day === messages.common.time.yesterday) return `${day} ${time}`
  return formatDateTime(at, zone, locale)
}
