import { parseArgs } from 'node:util'
import { ImportError } from './import-error.ts'

export interface Options {
  folder: string
  mapping: string
  isDry: boolean
  dataDir: string | null
  rejects: string | null
  allowsRejects: boolean
  /** E-mail of a desk account to make for the administrator. */
  admin: string | null
}

export const USAGE = `npm run import -- <folder> --mapping <file> [options]
  --dry-run         read everything, write nothing, report what would happen
  --data DIR        the installation's data folder (else DATA_DIR, else data)
  --rejects FILE    where rejected rows, warnings and duplicates are listed
  --allow-rejects   exit with 0 although rows were rejected
  --admin E-MAIL    make a desk account for the administrator and print its password`

const OPTIONS = {
  mapping: { type: 'string' },
  'dry-run': { type: 'boolean' },
  data: { type: 'string' },
  rejects: { type: 'string' },
  'allow-rejects': { type: 'boolean' },
  admin: { type: 'string' },
} as const

/** The command line. Throws ImportError with the usage when it cannot be understood. */
export function readOptions(args: string[]): Options {
  const { values, positionals } = parse(args)
  const [folder, ...extra] = positionals
  if (folder === undefined || extra.length > 0 || values.mapping === undefined)
    throw new ImportError(`a folder and a mapping are needed\n\n${USAGE}`)
  return {
    folder,
    mapping: values.mapping,
    isDry: values['dry-run'] ?? false,
    dataDir: values.data ?? null,
    rejects: values.rejects ?? null,
    allowsRejects: values['allow-rejects'] ?? false,
    admin: values.admin ?? null,
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ImportError(`${reason}\n\n${USAGE}`)
  }
}
