// What the rules look at: the project's own text files, in memory, so that a test can plant one.
import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'

/** `path` is relative to the project, with forward slashes. */
export type Source = { path: string; text: string }
/** One thing to mend: where (lines count from 1), and what to do about it. */
export type Finding = { path: string; line: number; message: string }
export type Rule = (sources: readonly Source[]) => Finding[]

const NOT_OURS = /^(node_modules|\.git|\.svelte-kit|build|data|test-results|playwright-report)$/
const TEXT =
  /\.(ts|js|mjs|svelte|css|html|json|md|sql|svg|webmanifest|ya?ml)$|^\.ci\/|^\.githooks\//
const SCRIPT_BLOCK = /(<script\b[^>]*>)([\s\S]*?)<\/script>/g

/** Pictures are cited like any file; there is nothing to read in them. */
const PICTURE = /\.png$/

/** The project's text files, sorted by path. It needs no repository, as a copy may have none. */
export function readSources(root: string): Source[] {
  return pathsBelow(root, '')
    .filter((path) => TEXT.test(path) || PICTURE.test(path) || /^[A-Z]+$/.test(path))
    .sort()
    .map((path) => ({
      path,
      text: PICTURE.test(path) ? '' : readFileSync(`${root}/${path}`, 'utf8'),
    }))
}

function pathsBelow(root: string, folder: string): string[] {
  return readdirSync(`${root}/${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      return folder === '' && NOT_OURS.test(entry.name) ? [] : pathsBelow(root, path)
    }
    return entry.isFile() ? [path] : []
  })
}

export function isCode({ path }: Source): boolean {
  return /\.(ts|js|mjs|svelte)$/.test(path)
}

export function isTest(path: string): boolean {
  const isHelper = /\/test-[a-z-]+\.ts$/.test(path)
  return isHelper || /\.(test|spec)\.ts$/.test(path) || path.startsWith('web/e2e/')
}

/** The syntax tree of a file; of a component, that of its script blocks at their own lines. */
export function parse({ path, text }: Source): ts.SourceFile {
  const code = path.endsWith('.svelte') ? onlyScripts(text) : text
  return ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS)
}

/** Blanks everything but line ends, so that positions in the scripts stay what they are. */
function onlyScripts(text: string): string {
  let code = ''
  let end = 0
  for (const block of text.matchAll(SCRIPT_BLOCK)) {
    const start = block.index + (block[1] ?? '').length
    const body = block[2] ?? ''
    code += text.slice(end, start).replace(/[^\n]/g, ' ') + body
    end = start + body.length
  }
  return code + text.slice(end).replace(/[^\n]/g, ' ')
}

/** The line of a position, counted from 1. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}
