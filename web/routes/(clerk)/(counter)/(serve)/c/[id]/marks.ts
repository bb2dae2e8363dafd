import type { ContactRule, RhythmLight } from '#model/portrait.ts'
import type { TagSource } from '#model/tag.ts'
import type { IconName } from '#web/ui/icon-paths.ts'
import type { StatusShape, StatusTone } from '#web/ui/status-shapes.ts'

interface Mark {
  shape: StatusShape
  tone: StatusTone
}

/** Each light has a shape of its own, so that it is read without its colour. */
export const lightMarks: Record<RhythmLight, Mark> = {
  unknown: { shape: 'hatched', tone: 'unknown' },
  new: { shape: 'ring', tone: 'info' },
  green: { shape: 'circle', tone: 'ok' },
  amber: { shape: 'triangle', tone: 'warn' },
  red: { shape: 'square', tone: 'bad' },
}

export const contactMarks: Record<ContactRule, Mark> = {
  allowed: { shape: 'check', tone: 'ok' },
  'not-asked': { shape: 'dashed', tone: 'neutral' },
  'do-not-contact': { shape: 'ban', tone: 'bad' },
}

export const sourceIcons: Record<TagSource, IconName> = {
  staff: 'person',
  customer: 'note',
  rule: 'rule',
  import: 'download',
}
