// The project must build anywhere: no path of one machine, no address of one registry.
import { type Finding, type Source } from './source.ts'

/** Home folders and build folders that only one machine has, where a path begins. */
const MACHINE_PATH = /(?<![\w.$}\])/-])\/(?:work|root|home\/[\w.-]+|Users\/[\w.-]+)\/[\w.@-]/
const DOWNLOAD_ADDRESS = /"resolved": "https?:/

export function checkPlaces(sources: readonly Source[]): Finding[] {
  return sources.flatMap(({ path, text }) => {
    const pattern = path === 'package-lock.json' ? DOWNLOAD_ADDRESS : MACHINE_PATH
    const message =
      pattern === DOWNLOAD_ADDRESS
        ? 'a registry’s address: run npm install --omit-lockfile-registry-resolved'
        : 'a path of one machine: make it relative to the project'
    return text
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [{ path, line: index + 1, message }] : []))
  })
}
