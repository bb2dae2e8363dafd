// What the bench uses of RxDB, which is no dependency of the project and is not there to be read.

declare module 'rxdb/plugins/core' {
  export interface RxQuery<R> {
    exec(): Promise<R>
  }
  export interface RxCollection<T> {
    find(query: { selector: object; limit?: number }): RxQuery<T[]>
    count(): RxQuery<number>
    insert(doc: T): Promise<unknown>
  }
  export interface RxDatabase {
    // The collections are typed by whoever adds them.
    addCollections<C>(schemas: Record<keyof C, { schema: object }>): Promise<C>
  }
  export function createRxDatabase(options: object): Promise<RxDatabase>
}

declare module 'rxdb/plugins/replication' {
  import type { RxCollection } from 'rxdb/plugins/core'

  export interface ReplicationOptions<T> {
    collection: RxCollection<T>
    replicationIdentifier: string
    live: boolean
    waitForLeadership: boolean
    pull: { batchSize: number; handler: (checkpoint: unknown, limit: number) => Promise<unknown> }
    push: { batchSize: number; handler: (rows: unknown[]) => Promise<unknown> }
  }
  export interface Replication {
    error$: { subscribe(take: (error: Error) => void): unknown }
    received$: { subscribe(take: () => void): unknown }
    awaitInitialReplication(): Promise<void>
    cancel(): Promise<unknown>
  }
  export function replicateRxCollection<T>(options: ReplicationOptions<T>): Replication
}

declare module 'rxdb/plugins/storage-dexie' {
  export function getRxStorageDexie(): object
}
