import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Real disks for tests: small ones in memory that can be filled and closed to writes.

export interface TestDisk {
  folder: string
  /** Writes until there is no room; `free` gives it back. */
  fill(): void
  free(): void
  /** Fails while a file is open for writing. */
  setReadOnly(isReadOnly: boolean): void
  remove(): void
}

/** Mounts a disk of so many megabytes, or says why that cannot be done here. */
export function mountDisk(megabytes: number): TestDisk | string {
  if (process.getuid?.() !== 0) return 'a disk can only be mounted by root'
  const folder = mkdtempSync(join(tmpdir(), 'regulars-disk-'))
  const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: 'pipe' })
  try {
    run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'regulars', folder)
  } catch (error) {
    rmSync(folder, { recursive: true })
    return `no disk can be mounted: ${error instanceof Error ? error.message : 'unknown'}`
  }
  const ballast = join(folder, 'ballast')
  return {
    folder,
    fill: () => writeUntilFull(ballast),
    free: () => rmSync(ballast, { force: true }),
    setReadOnly: (isReadOnly) => {
      run('mount', '-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, folder)
    },
    remove: () => {
      run('umount', '-l', folder)
      rmSync(folder, { recursive: true })
    },
  }
}

function writeUntilFull(path: string): void {
  const file = openSync(path, 'w')
  try {
    for (const bytes of [65_536, 4_096, 1])
      try {
        for (;;) writeSync(file, Buffer.alloc(bytes))
      } catch {
        // No room for a piece of this size; smaller ones may still fit.
      }
  } finally {
    closeSync(file)
  }
}
