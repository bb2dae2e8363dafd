/** The chain that every run begins with. */
export interface Chain {
  regions: string[]
  stores: string[]
  /** Clerks by store, in the order of `stores`; the last of each works at two stores. */
  clerks: string[][]
  tags: string[]
  group: string
  cookies: { admin: string; manager: string }
}
