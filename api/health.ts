import { isEmpty } from '#sql/setup.ts'
import type { Deps } from './deps.ts'
import { ApiError } from './errors.ts'
import { describeFault } from './log.ts'
import type { Route } from './route.ts'

/** For whoever watches the server: is the process there, and could it do its work. */
export function healthRoutes(deps: Deps): Route[] {
  return [
    { who: 'public', method: 'GET', path: '/healthz', handle: (c) => c.json({ ok: true }) },
    {
      who: 'public',
      method: 'GET',
      path: '/readyz',
      handle: async (c) => {
        if (!(await isReady(deps))) throw new ApiError('unready')
        const { trouble } = deps.ledger.writes
        // Reads go on without writes, so whoever sends requests here should go on, too.
        return c.json({ ok: true, writes: trouble ? 'no' : 'yes', reason: trouble })
      },
    },
  ]
}

/** Both databases answer; their tables were brought up to date when they were opened. */
async function isReady({ ledger, accounts, log }: Deps): Promise<boolean> {
  try {
    await Promise.all([isEmpty(ledger), accounts.ping()])
    return true
  } catch (error) {
    log.warn(describeFault(error), 'not ready')
    return false
  }
}
