import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [sveltekit()],
  // The package's default entry for bundlers is not minified and weighs a quarter more.
  resolve: { alias: [{ find: /^dexie$/, replacement: 'dexie/dist/modern/dexie.min.mjs' }] },
  build: {
    // The oldest browsers with everything the tablet's database and worker need.
    target: ['chrome111', 'edge111', 'firefox119', 'safari16.4'],
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8787' } },
})
