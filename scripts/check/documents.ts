// What the documents say must be there: a README in every room, and every path they cite.
import { posix } from 'node:path'
import { type Finding, isCode, isTest, lineAt, type Source } from './source.ts'

const ROOMS_WITH_README = [
  'db',
  'db/model',
  'db/sql',
  'api',
  'web',
  'web/lib/local',
  'web/lib/sync',
  'web/lib/ui',
  'web/routes',
  'scripts',
]
const TOP_FOLDERS = /^(web|db|api|scripts|\.ci|\.githooks)\//
const CODE_SPAN = /`([^`\n]+)`/g
const LINK = /\]\(([^)\s]+)\)/g
/** A file of ours by its name alone, as the file list of a folder's README gives it. */
const FILE_NAME = /^[\w+][\w+.-]*\.(ts|svelte|mjs)$/
const NOT_A_PATH = /[\s*<>{}$|]|:\/\/|^[#@~]|^mailto:/

export function checkDocuments(sources: readonly Source[]): Finding[] {
  return [...checkReadmes(sources), ...checkCitations(sources)]
}

function checkReadmes(sources: readonly Source[]): Finding[] {
  const paths = new Set(sources.map(({ path }) => path))
  const code = sources.filter((source) => isCode(source) && !isTest(source.path))
  return ROOMS_WITH_README.flatMap((room) => {
    const hasCode = code.some(({ path }) => path.startsWith(`${room}/`))
    const path = `${room}/README.md`
    if (!hasCode || paths.has(path)) return []
    return [{ path, line: 1, message: 'missing: say what the folder is for, and list its files' }]
  })
}

function checkCitations(sources: readonly Source[]): Finding[] {
  const known = new Set(sources.flatMap(({ path }) => [path, ...foldersOf(path)]))
  const names = new Set(sources.map(({ path }) => posix.basename(path)))
  const documents = sources.filter(({ path }) => path.endsWith('.md'))
  return documents.flatMap(({ path, text }) =>
    citations(text).flatMap(({ cited, at, isLink }) => {
      if (exists(cited, isLink, posix.dirname(path), known, names)) return []
      const message = `${cited}: no such file or folder; name the one that took its place`
      return [{ path, line: lineAt(text, at), message }]
    }),
  )
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

type Citation = { cited: string; at: number; isLink: boolean }

/** Code spans and links outside fenced blocks, without anchors and line numbers. */
function citations(text: string): Citation[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, ' '))
  const found = (pattern: RegExp, isLink: boolean) =>
    [...prose.matchAll(pattern)].map((match) => ({
      cited: (match[1] ?? '').replace(/#.*$|:\d+$/, ''),
      at: match.index,
      isLink,
    }))
  return [...found(CODE_SPAN, false), ...found(LINK, true)].filter(
    ({ cited }) => cited !== '' && !NOT_A_PATH.test(cited),
  )
}

/** A code span need not be a path at all; it counts as one when it looks like a path of ours. */
function exists(
  cited: string,
  isLink: boolean,
  folder: string,
  known: ReadonlySet<string>,
  names: ReadonlySet<string>,
): boolean {
  const path = cited.replace(/\/$/, '')
  if (isLink) return known.has(posix.join(folder, path))
  if (TOP_FOLDERS.test(cited)) return known.has(path) || known.has(posix.join(folder, path))
  return FILE_NAME.test(cited) ? names.has(cited) : true
}
