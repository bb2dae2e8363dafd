import type { Reference } from '#web/local/read.ts'

export interface ShownTag {
  id: string
  label: string
  retired: boolean
}

export interface ShownGroup {
  id: string
  label: string
  required: boolean
  tags: ShownTag[]
}

type Labelled = { label: string; label_en?: string | undefined }

/**
 * The chain's tags by group, both in the order that headquarters gave them. A retired tag is shown
 * only to whom it is still on, so that it can be taken off but not put on.
 */
export function groupTags(
  reference: Reference | null,
  on: ReadonlyMap<string, unknown>,
  labelOf: (record: Labelled) => string,
): ShownGroup[] {
  if (!reference) return []
  const tags = [...reference.tags.values()].sort(byOrder)
  return [...reference.groups.values()].sort(byOrder).flatMap((group) => {
    const own = tags
      .filter((tag) => tag.group_id === group.id && (!tag.retired || on.has(tag.id)))
      .map((tag) => ({ id: tag.id, label: labelOf(tag), retired: tag.retired }))
    if (own.length === 0) return []
    return [{ id: group.id, label: labelOf(group), required: group.required, tags: own }]
  })
}

function byOrder(a: { order: number; label: string }, b: { order: number; label: string }): number {
  return a.order - b.order || (a.label < b.label ? -1 : 1)
}
