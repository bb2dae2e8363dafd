// What a page of the bench can do, whoever keeps its data. The same harness drives all of them.

export interface Found {
  id: string
  name: string
  phone: string | null
}

export interface PastVisit {
  id: string
  at: number
}

export interface Search {
  kind: 'last4' | 'py'
  text: string
}

export interface Contender {
  /** Opens the database of this page; nothing has to be in it. */
  open(): Promise<void>
  /** Lets the tablet in, where the server asks for it. */
  enrol?(code: string): Promise<void>
  /** Downloads all `total` customers and their past; `on500` when the first 500 can be found. */
  bootstrap(on500: () => void, total: number): Promise<void>
  /** Resolves when nothing is going on in the background any more. */
  settle?(): Promise<void>
  /** Makes look-ups work after `open`, as the app does at its start; need not wait for all. */
  prepareFind?(): void | Promise<void>
  find(search: Search, limit: number): Found[] | Promise<Found[]>
  /** The customers opened last, where they are kept apart. */
  recents?(): Promise<Found[]>
  touch?(customerId: string): Promise<void>
  visitsOf(customerId: string): Promise<PastVisit[]>
  /** Writes a visit; resolves with its id when it is safe. Who makes no ids takes the new one. */
  write(customerId: string, newId: string): Promise<string>
  /** Sends all that was written; resolves when the server has answered for it and it came back. */
  flush(): Promise<void>
  /** Fetches what is new. `isThere` is true once the change that is waited for can be found. */
  pull(isThere: () => Promise<boolean>): Promise<void>
  counts(): Promise<{ customers: number; visits: number }>
}
