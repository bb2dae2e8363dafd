// A process of ours in one file. Loading the server from its sources takes two seconds, from one
// file a quarter of one, which is what makes a thousand restarts possible. The code is the same.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Plugin } from 'vite'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Files find migrations and pages beside themselves, so each keeps its own address. */
const ownPlace: Plugin = {
  name: 'own-place',
  transform(code, path) {
    if (path.includes('node_modules') || !code.includes('import.meta.url')) return null
    const place = JSON.stringify(pathToFileURL(path).href)
    return { code: code.replaceAll('import.meta.url', place), map: null }
  },
}

export interface Bundle {
  file: string
  remove(): void
}

/** Bundles one of our modules below `test-results`, where the packages that stay out are found. */
export async function bundle(source: string, name: string): Promise<Bundle> {
  const folder = join(ROOT, 'test-results', `${name}-${process.pid}`)
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    plugins: [ownPlace],
    ssr: { noExternal: true, external: ['better-sqlite3', 'pg', 'pg-native', 'pino'] },
    build: { ssr: source, outDir: folder, target: 'node22', minify: false, sourcemap: true },
  })
  const file = join(folder, `${source.replace(/^.*\/|\.ts$/g, '')}.js`)
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
