import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  schema: './db/sql/tables-sqlite.ts',
  out: './db/migrations/sqlite',
})
