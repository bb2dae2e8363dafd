import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { launchOptions } from '../../scripts/browser.ts'

/** A browser whose data lie in a folder, so that they can be met there while it is closed. */
export function openOnDisk(folder: string): Promise<BrowserContext> {
  const viewport = { width: 768, height: 1024 }
  return chromium.launchPersistentContext(folder, {
    ...launchOptions(),
    viewport,
    locale: 'en-US',
    hasTouch: true,
  })
}

/** Overwrites every file of the site's database, as a failing flash does; says how many. */
export function spoilDatabase(folder: string): number {
  const base = join(folder, 'Default', 'IndexedDB')
  const files = readdirSync(base, { recursive: true, encoding: 'utf8' })
    .map((name) => join(base, name))
    .filter((path) => statSync(path).isFile())
  for (const path of files) writeFileSync(path, Buffer.alloc(statSync(path).size, 0x5a))
  return files.length
}

/**
 * Makes the database of this origin again as version 1 of its schema had it, with the rows that
 * are there. The page must be one that does not open it.
 */
export function setBackSchema(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(new Error(request.error?.message))
      })
    const newer = await done(indexedDB.open('regulars'))
    const tables = await Promise.all(
      [...newer.objectStoreNames].map(async (name) => {
        const store = newer.transaction(name).objectStore(name)
        const indexes = [...store.indexNames].map((index) => store.index(index))
        const kept = indexes.filter((index) => index.name !== 'about')
        const facts = kept.map((index) => [index.name, index.keyPath] as const)
        return { name, keyPath: store.keyPath, facts, rows: await done(store.getAll()) }
      }),
    )
    newer.close()
    await done(indexedDB.deleteDatabase('regulars'))
    const opening = indexedDB.open('regulars', 10) // Dexie counts in tens.
    opening.onupgradeneeded = () => {
      for (const { name, keyPath, facts, rows } of tables) {
        const store = opening.result.createObjectStore(name, { keyPath })
        for (const [index, path] of facts) store.createIndex(index, path)
        for (const row of rows) store.add(row)
      }
    }
    const older = await done(opening)
    const { version } = older
    older.close()
    return version
  })
}

/** The version of the database's schema as the browser has it. */
export function schemaVersion(page: Page): Promise<number | undefined> {
  return page.evaluate(async () => {
    const known = await indexedDB.databases()
    return known.find(({ name }) => name === 'regulars')?.version
  })
}
