// Ceilings for files and functions. Reaching one means that the idea has two parts: name them.
import ts from 'typescript'
import { type Finding, isCode, isTest, parse, type Source } from './source.ts'

const FILE_LINES = { test: 500, svelte: 250, code: 300 }
const FUNCTION_LINES = 60
const COMMENT_COLUMNS = 100
/** Lists of words and data are long without being hard: dictionaries, migrations, seed data. */
const EXEMPT = /^(web\/lib\/i18n\/(zh|en)(\.|\/)|db\/migrations\/)|\.data\.ts$/
const GROUPS_OF_TESTS = /^(describe|suite)\b/

export function checkSizes(sources: readonly Source[]): Finding[] {
  return sources
    .filter((source) => isCode(source) && !EXEMPT.test(source.path))
    .flatMap((source) => [...checkFile(source), ...checkFunctions(source), ...checkLines(source)])
}

function checkFile({ path, text }: Source): Finding[] {
  const lines = text.replace(/\n$/, '').split('\n').length
  const kind = isTest(path) ? 'test' : path.endsWith('.svelte') ? 'svelte' : 'code'
  const ceiling = FILE_LINES[kind]
  if (lines <= ceiling) return []
  const message = `the file has ${lines} lines, the ceiling is ${ceiling}: split it by idea`
  return [{ path, line: ceiling + 1, message }]
}

function checkFunctions(source: Source): Finding[] {
  const file = parse(source)
  const found: Finding[] = []
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line + 1
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body && !isGroupOfTests(node)) {
      const line = lineOf(node.getStart())
      const lines = lineOf(node.getEnd()) - line + 1
      const message = `a function of ${lines} lines, the ceiling is ${FUNCTION_LINES}: split it`
      if (lines > FUNCTION_LINES) found.push({ path: source.path, line, message })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** The callback of describe() is a heading, not a function that anyone reads as one. */
function isGroupOfTests({ parent }: ts.Node): boolean {
  return ts.isCallExpression(parent) && GROUPS_OF_TESTS.test(parent.expression.getText())
}

/** Prettier folds code but leaves comments as they are. A line with an address cannot be folded. */
function checkLines({ path, text }: Source): Finding[] {
  return text.split('\n').flatMap((content, index) => {
    const isComment = /^\s*(\/\/|\/?\*|<!--)/.test(content)
    if (!isComment || content.length <= COMMENT_COLUMNS || content.includes('://')) return []
    return [{ path, line: index + 1, message: `a comment past column ${COMMENT_COLUMNS}: fold it` }]
  })
}
