// Compiling the recorder, running a program under it, and reading what it wrote.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Lacking } from './outcome.ts'
import { findCompiler } from './tools.ts'

const SOURCE = fileURLToPath(new URL('./recorder.c', import.meta.url))
const HEADER_BYTES = 17
const KINDS = ['W', 'T', 'S', 'D', 'U', 'R'] as const

/** See recorder.c. `offset` is the new length of a truncation, `data` the new path of a rename. */
export interface DiskRecord {
  kind: (typeof KINDS)[number]
  path: string
  offset: number
  data: Buffer
}

/** Runs a module of ours with the recorder in front of libc; gives what it did to the folder. */
export function record(
  module: string,
  args: readonly string[],
  folder: string,
  scratch: string,
): DiskRecord[] {
  const compiler = findCompiler()
  if (process.platform !== 'linux') throw new Lacking('writes are recorded on Linux only')
  if (compiler === null) throw new Lacking('there is no C compiler (cc, gcc or clang)')
  const [library, log] = [join(scratch, 'recorder.so'), join(scratch, 'recording')]
  const flags = ['-O2', '-shared', '-fPIC', '-pthread', '-o', library, SOURCE, '-ldl']
  const compiled = spawnSync(compiler, flags, { encoding: 'utf8' })
  if (compiled.status !== 0) throw new Lacking(`the recorder did not compile: ${compiled.stderr}`)
  const env = { ...process.env, LD_PRELOAD: library, RECORD_FOLDER: folder, RECORD_LOG: log }
  const ran = spawnSync(process.execPath, [module, ...args], { env, encoding: 'utf8' })
  if (ran.status !== 0) throw new Error(`the recorded program failed: ${ran.stderr}`)
  return readRecording(readFileSync(log))
}

/** The records of a log, in order. Throws when the log ends inside a record. */
export function readRecording(log: Buffer): DiskRecord[] {
  const records: DiskRecord[] = []
  for (let at = 0; at < log.length;) {
    const letter = String.fromCharCode(log.readUInt8(at))
    const kind = KINDS.find((known) => known === letter)
    const [pathBytes, dataBytes] = [log.readUInt32LE(at + 1), log.readUInt32LE(at + 5)]
    const offset = Number(log.readBigInt64LE(at + 9))
    const data = at + HEADER_BYTES + pathBytes
    if (!kind || data + dataBytes > log.length) throw new RangeError('the recording is damaged')
    const path = log.toString('utf8', at + HEADER_BYTES, data)
    records.push({ kind, path, offset, data: log.subarray(data, data + dataBytes) })
    at = data + dataBytes
  }
  return records
}
