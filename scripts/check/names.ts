// Names tell what a file holds: kebab-case nouns, PascalCase components, no drawer for the rest.
import { posix } from 'node:path'
import { type Finding, isCode, type Source } from './source.ts'

const DRAWERS = /^(utils?|helpers?|common|misc|shared)\.(ts|js|mjs|svelte)$/
/** A dictionary's file holds words by where they stand, and some stand everywhere. */
const DICTIONARY = /^web\/lib\/i18n\/(zh|en)\//
const ROUTE_FILE = /^\+[a-z]+(@\w*)?(\.svelte|\.ts)$/
const MODULE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.(ts|js|mjs)$/
const COMPONENT = /^[A-Z][A-Za-z0-9]*\.svelte$/

export function checkNames(sources: readonly Source[]): Finding[] {
  return sources.filter(isCode).flatMap(({ path }) => {
    const name = posix.basename(path)
    const message = problemOf(path, name)
    return message === undefined ? [] : [{ path, line: 1, message: `${name}: ${message}` }]
  })
}

function problemOf(path: string, name: string): string | undefined {
  if (DRAWERS.test(name) && !DICTIONARY.test(path)) return 'name the file after what it holds'
  if (ROUTE_FILE.test(name) || MODULE.test(name) || COMPONENT.test(name)) return undefined
  return 'modules are named in kebab-case, components in PascalCase'
}
