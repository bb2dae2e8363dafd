import type { Preferences } from '#web/i18n/index.svelte.ts'

// Which tags this tablet's people used last: a convenience of the screen, not a fact about any
// customer, so it stays out of the local database and is never sent.
const KEY = 'regulars.recent-tags'
export const RECENT_TAGS = 8

/** Ids of the tags used last, the newest first. */
export function readRecentTags(kept: Preferences): string[] {
  return (kept.getItem(KEY) ?? '').split(' ').filter((id) => id !== '')
}

/** Puts a tag at the head of the strip and answers the strip. */
export function rememberTag(kept: Preferences, tagId: string): string[] {
  const ids = [tagId, ...readRecentTags(kept).filter((id) => id !== tagId)].slice(0, RECENT_TAGS)
  kept.setItem(KEY, ids.join(' '))
  return ids
}
