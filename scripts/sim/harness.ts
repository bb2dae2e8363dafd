// What a process needs to play seeds on one engine: a place for the ledger, accounts, the template.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAccountFile } from '#api/account-database.ts'
import { openAccounts } from '#api/accounts.ts'
import { makeTemplate } from './chain.ts'
import { installDiskFaults } from './disk-faults.ts'
import type { Rule } from './rule.ts'
import type { World } from './world.ts'
import { run, type RunResult } from './run.ts'
import { drawSchedule, type Step } from './schedule.ts'
import { SECRET } from './server.ts'
import { openFileStorage, openPostgresStorage } from './storage.ts'

export interface Wanted {
  seed: number
  count: number
  rule: Rule<World> | null
  keepsLines: boolean
  /** Numbers of the steps to take; all when absent. */
  only?: readonly number[]
}

export interface Harness {
  play(wanted: Wanted): Promise<RunResult>
  close(): Promise<void>
}

let isInstalled = false

/** `postgresUrl` names a server whose superuser may make databases; null plays on SQLite. */
export async function openHarness(postgresUrl: string | null): Promise<Harness> {
  if (!isInstalled) installDiskFaults()
  isInstalled = true
  const storage = postgresUrl ? await openPostgresStorage(postgresUrl) : openFileStorage()
  const folder = mkdtempSync(join(tmpdir(), 'regulars-sim-accounts-'))
  const settings = { secret: SECRET, publicOrigin: null, isHttps: false }
  const accounts = await openAccounts(openAccountFile(join(folder, 'accounts.sqlite')), settings)
  const template = await makeTemplate(storage, accounts)
  return {
    play: ({ seed, count, rule, keepsLines, only }) => {
      const isTaken = (step: Step) => !only || only.includes(step.no)
      const steps = drawSchedule(seed, count, template.now, rule?.boost).filter(isTaken)
      return run({ seed, storage, template, rule, steps, keepsLines })
    },
    close: async () => {
      await accounts.close()
      await storage.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
