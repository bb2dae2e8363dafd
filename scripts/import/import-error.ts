/** Something the person who runs the import has to put right; the message is in their words. */
export class ImportError extends Error {
  override name = 'ImportError'
}
