import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [sveltekit()],
  build: {
    // The oldest browsers with everything the tablet's database and worker need.
    target: ['chrome111', 'edge111', 'firefox119', 'safari16.4'],
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8787' } },
})
