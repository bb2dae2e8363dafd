import { PURPOSES } from '#model/visit.ts'
import type { TimelineEntry } from '#web/clerk/timeline.ts'
import type { Messages } from '#web/i18n/zh.ts'
import type { Counter } from '../../../../counter.svelte.ts'

export interface EntryWords {
  title: string
  /** Who and where. */
  meta: string
  /** What was written about it, if anything. */
  text: string | null
}

type Names = Pick<Counter, 'staffName' | 'storeName' | 'tagName'>

/** What one entry of a customer's history says. */
export function entryWords(entry: TimelineEntry, names: Names, messages: Messages): EntryWords {
  const words = messages.clerk.timeline
  const { purposes } = messages.common
  const { consent, tags } = messages.clerk
  switch (entry.kind) {
    case 'visit': {
      const { purpose, actor_id, items, need, note } = entry.visit
      const counted = items === null ? null : words.items(`${items}`)
      const text = [need, note].filter(Boolean).join('\n') || null
      const meta = [names.staffName(actor_id), counted].filter(Boolean).join(' · ')
      return { title: words.visit(purposes[purpose]), meta, text }
    }
    case 'elsewhere': {
      const { store_id, visits, purposes: bits } = entry.row
      const named = PURPOSES.filter((_, bit) => bits & (1 << bit)).map((name) => purposes[name])
      const meta = [words.elsewhereVisits(`${visits}`), ...named].join(' · ')
      return { title: words.elsewhere(names.storeName(store_id)), meta, text: null }
    }
    case 'tag': {
      const { tag_id, by, source } = entry.tagging
      const who = source === 'staff' ? names.staffName(by) : tags.source[source]
      return { title: words.tagged(names.tagName(tag_id)), meta: who, text: null }
    }
    case 'consent': {
      const { purpose, channel, state, proof } = entry.consent
      const said = consent.states[state]
      const title = words.consent(consent.purposes[purpose], consent.channels[channel], said)
      return { title, meta: proof ?? '', text: null }
    }
    case 'created':
      return { title: words.created, meta: names.staffName(entry.by), text: null }
  }
}
