import type { Ledger } from '#sql/ledger.ts'
import type { Accounts } from './accounts.ts'
import type { StaticFiles } from './files.ts'
import type { Log } from './log.ts'
import type { RandomBytes } from './tokens.ts'

/** All that the app takes from outside; it reads no clock, environment or file of its own. */
export interface Deps {
  ledger: Ledger
  accounts: Accounts
  files: StaticFiles
  clock(): number
  random: RandomBytes
  log: Log
  /** Keys the salts of devices; a change makes every tablet fetch its clerks' keys anew. */
  secret: string
  /** The address people use, when it is known: `https://regulars.example`. */
  publicOrigin: string | null
  /** True when people reach the server over HTTPS, by itself or through a proxy. */
  isHttps: boolean
  /** True when a proxy in front sets `x-forwarded-for`, which anybody else could forge. */
  trustsProxy: boolean
}
