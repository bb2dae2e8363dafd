// Segments of parts as they lie in the database: JSON, gzipped. Fed by hand: a Blob in between
// costs a talk with another process.

/** Safe cast: the server wrote the segment and its checksum was compared, or we packed it. */
export async function unpack<T>(segment: Uint8Array): Promise<T> {
  const { readable, writable } = new DecompressionStream('gzip')
  const writer = writable.getWriter()
  const written = writer.write(new Uint8Array(segment)).then(() => writer.close())
  const [read] = await Promise.all([new Response(readable).json() as Promise<T>, written])
  return read
}

export async function pack(value: unknown): Promise<Uint8Array> {
  const { readable, writable } = new CompressionStream('gzip')
  const writer = writable.getWriter()
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  const written = writer.write(bytes).then(() => writer.close())
  const [packed] = await Promise.all([new Response(readable).arrayBuffer(), written])
  return new Uint8Array(packed)
}
