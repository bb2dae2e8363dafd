import { CHAIN } from '#model/id.ts'
import type { ReferenceRow } from '#model/reference.ts'
import { Tag } from '#model/tag.ts'
import * as v from 'valibot'
import type { Ids } from './ids.ts'
import type { CustomerTable } from './mapping.ts'
import type { ImportDraft } from './sink.ts'
import type { Origin, TableRow } from './table.ts'

type TagColumn = NonNullable<CustomerTable['tags']>

export interface TagName {
  group: string
  label: string
}

/** The tags of a row. A tag without a group of its own belongs to the mapping's. */
export function tagNamesOf(row: TableRow, column: TagColumn): TagName[] {
  const names = row
    .cell(column.column)
    .split(column.separator)
    .map((part) => splitTag(part.trim(), column))
  return names.filter((name) => name.label !== '')
}

function splitTag(text: string, column: TagColumn): TagName {
  const at = column.group_separator === undefined ? -1 : text.indexOf(column.group_separator)
  if (at < 0) return { group: column.group ?? column.column, label: text }
  return { group: text.slice(0, at).trim(), label: text.slice(at + 1).trim() }
}

/** The chain's tags by their words; those that are missing are made with their group. */
export class TagBook {
  readonly #ids: Ids
  readonly #groups = new Map<string, string>()
  readonly #tags = new Map<string, string>()

  constructor(ids: Ids, groups: readonly ReferenceRow[], tags: readonly ReferenceRow[]) {
    this.#ids = ids
    for (const group of groups) this.#groups.set(String(group['label']), group.id)
    for (const tag of tags) this.#tags.set(JSON.stringify([tag['group_id'], tag['label']]), tag.id)
  }

  /** The tag's id, and what must be written before it is used; null when it is too long. */
  find(name: TagName, origin: Origin): { id: string; drafts: ImportDraft[] } | null {
    const label = v.safeParse(Tag.entries.label, name.label)
    const groupLabel = v.safeParse(Tag.entries.label, name.group)
    if (!label.success || !groupLabel.success) return null
    const drafts: ImportDraft[] = []
    const groupId =
      this.#groups.get(name.group) ??
      this.#add(drafts, origin, 'tag_group', name.group, { label: name.group })
    this.#groups.set(name.group, groupId)
    const key = JSON.stringify([groupId, name.label])
    const fields = { group_id: groupId, label: name.label }
    const id = this.#tags.get(key) ?? this.#add(drafts, origin, 'tag', key, fields)
    this.#tags.set(key, id)
    return { id, drafts }
  }

  #add(
    drafts: ImportDraft[],
    origin: Origin,
    kind: 'tag' | 'tag_group',
    key: string,
    payload: Record<string, unknown>,
  ): string {
    const id = this.#ids.record(kind, key)
    const op_id = this.#ids.op(kind, 'create', key)
    drafts.push({ origin, store_id: CHAIN, kind, record_id: id, type: 'create', payload, op_id })
    return id
  }
}
