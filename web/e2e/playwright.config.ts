// Browser tests start their own servers on free ports, so that each has a chain of its own and
// nothing is shared between two that run side by side.
import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'
import { launchOptions } from '../../scripts/browser.ts'

const results = fileURLToPath(new URL('../../test-results/', import.meta.url))
const ci = Boolean(process.env.CI)

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: `${results}browser`,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  forbidOnly: ci,
  retries: 0,
  // Two at a time even on two cores: most of a test is waiting, and each has a server of its own.
  workers: 2,
  reporter: [['line'], ['json', { outputFile: `${results}e2e.json` }]],
  // Recording every step takes time, and where nobody can open the record it is for nothing.
  use: {
    actionTimeout: 15_000,
    launchOptions: launchOptions(),
    trace: ci ? 'off' : 'retain-on-failure',
  },
})
