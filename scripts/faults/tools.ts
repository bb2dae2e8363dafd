// What this machine has. Nothing is installed here: a run says what it lacks.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MEMORY_FOLDER = '/dev/shm'

function runs(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/** The C compiler's name, or null. */
export function findCompiler(): string | null {
  return ['cc', 'gcc', 'clang'].find((name) => runs(name, ['--version'])) ?? null
}

/** Why another process cannot be traced here, or null when it can. */
export function whyNoTrace(): string | null {
  if (process.platform !== 'linux') return 'system calls are traced on Linux only'
  if (!runs('strace', ['-V'])) return 'strace is not installed'
  if (process.getuid?.() !== 0) return 'tracing a running process needs root'
  return null
}

/** A new folder in memory where there is one, because a run writes its files thousands of times. */
export function makeFastFolder(name: string): string {
  const base = existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir()
  return mkdtempSync(join(base, `regulars-${name}-`))
}
