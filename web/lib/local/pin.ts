// How a PIN is checked: PBKDF2-SHA256, then HMAC-SHA256 with the device's salt as its key. What is
// stored here is of no use on another device.
function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length / 2)
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = parseInt(hex.slice(i * 2, i * 2 + 2), 16)
  return bytes
}

export function hexOf(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The verifier that a PIN gives, in hex; salts are hex too. */
export async function verifierOf(
  pin: string,
  salt: string,
  iterations: number,
  deviceSalt: string,
): Promise<string> {
  const { subtle } = crypto
  const secret = await subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, [
    'deriveBits',
  ])
  const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt: bytesOf(salt), iterations }
  const hash = await subtle.deriveBits(derivation, secret, 256)
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await subtle.importKey('raw', bytesOf(deviceSalt), algorithm, false, ['sign'])
  return hexOf(await subtle.sign('HMAC', key, hash))
}
