/**
 * Whether this Node runs the server: 22.19 or newer in 22, or 24 and newer. On older ones the
 * SQLite driver ends the process without a message, so this is asked before anything is loaded.
 */
export function supportsNode(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major >= 24 || (major === 22 && minor >= 19)
}
