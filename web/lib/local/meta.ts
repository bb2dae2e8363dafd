import type { LocalDatabase } from './schema.ts'
import type { MetaKey, MetaRow, MetaValues } from './tables.ts'

/** Safe because `writeMeta` is the only writer and stores under each key its own type. */
function valueOf<K extends MetaKey>(row: MetaRow | undefined): MetaValues[K] | undefined {
  return row?.value as MetaValues[K] | undefined
}

export async function readMeta<K extends MetaKey>(
  db: LocalDatabase,
  key: K,
): Promise<MetaValues[K] | undefined> {
  return valueOf<K>(await db.meta.get(key))
}

export async function writeMeta<K extends MetaKey>(
  db: LocalDatabase,
  key: K,
  value: MetaValues[K],
): Promise<void> {
  await db.meta.put({ key, value })
}

/** Several singletons in one read. */
export async function readMetas<K extends MetaKey>(
  db: LocalDatabase,
  keys: readonly K[],
): Promise<{ [key in K]: MetaValues[key] | undefined }> {
  const rows = await db.meta.bulkGet([...keys])
  const entries = keys.map((key, index) => [key, valueOf<typeof key>(rows[index])] as const)
  return Object.fromEntries(entries) as { [key in K]: MetaValues[key] | undefined }
}
