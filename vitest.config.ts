import { availableParallelism } from 'node:os'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

// What needs no database server stands in a project of its own, so that running one test of the
// model does not start PostgreSQL first.
const alone = ['db/model/**/*.test.ts', 'web/lib/**/*.test.ts', 'scripts/check/**/*.test.ts']

export default defineConfig({
  test: {
    // By itself Vitest leaves one core free, which is half of a small machine.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        // Runes in .svelte.ts files are compiled; the app's own configuration is not needed here.
        plugins: [svelte({ configFile: false })],
        // Modules are loaded once for all files, which halves the time: nothing here is left
        // running. Servers and databases are, and slow a shared process down by and by.
        test: { name: 'alone', environment: 'node', isolate: false, include: alone },
      },
      {
        test: {
          name: 'server',
          environment: 'node',
          include: ['db/**/*.test.ts', 'api/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: alone,
          globalSetup: ['scripts/postgres-for-tests.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
