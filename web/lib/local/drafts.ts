import type { Local } from './database.ts'

const KEPT_MS = 30 * 86_400_000

/** What a clerk typed and did not save, under a key of the screen's own ("clerk id / form"). */
export async function saveDraft(local: Local, key: string, value: unknown): Promise<void> {
  await local.db.draft.put({ key, value, at: local.deps.now() })
}

export async function getDraft(local: Local, key: string): Promise<unknown> {
  return (await local.db.draft.get(key))?.value
}

export async function dropDraft(local: Local, key: string): Promise<void> {
  await local.db.draft.delete(key)
}

/** Forgets drafts that nobody came back to for 30 days. */
export async function pruneDrafts(local: Local): Promise<void> {
  const before = local.deps.now() - KEPT_MS
  await local.db.draft.filter((draft) => draft.at < before).delete()
}
