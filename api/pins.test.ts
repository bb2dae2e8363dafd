// The tablet computes the same two steps with WebCrypto: were a byte taken otherwise there, no
// clerk could unlock. The vectors were made with WebCrypto, not with the code under test.
import { webcrypto } from 'node:crypto'
import { expect, test } from 'vitest'
import { deviceSalt, hashPin, isWeakPin, PIN_ITERATIONS, verifierFor } from './pins.ts'

const fixedSalt = (count: number) => new Uint8Array(count).fill(7)

async function verifierOnTablet(pin: string, saltHex: string, deviceSaltHex: string) {
  const { subtle } = webcrypto
  const bits = await subtle.deriveBits(
    {
      name: 'PBKDF2',
      hash: 'SHA-256',
      salt: Buffer.from(saltHex, 'hex'),
      iterations: PIN_ITERATIONS,
    },
    await subtle.importKey('raw', Buffer.from(pin), 'PBKDF2', false, ['deriveBits']),
    256,
  )
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = Buffer.from(deviceSaltHex, 'hex')
  const hmacKey = await subtle.importKey('raw', key, algorithm, false, ['sign'])
  return Buffer.from(await subtle.sign('HMAC', hmacKey, bits)).toString('hex')
}

test('a tablet comes to the verifier that the server gave it', async () => {
  const kept = await hashPin('482913', fixedSalt)
  const salt = deviceSalt('a secret of the server', 'a device')
  const verifier = verifierFor(salt, kept.hash)
  expect(await verifierOnTablet('482913', kept.salt, salt)).toBe(verifier)
  expect(await verifierOnTablet('482914', kept.salt, salt)).not.toBe(verifier)
})

test('two devices get different verifiers of one PIN', async () => {
  const { hash } = await hashPin('482913', fixedSalt)
  const [one, other] = [deviceSalt('secret', 'one'), deviceSalt('secret', 'other')]
  expect(verifierFor(one, hash)).not.toBe(verifierFor(other, hash))
  expect(deviceSalt('secret', 'one')).toBe(one)
})

test('PINs that an onlooker would try first are weak, others are not', () => {
  const weak = ['000000', '999999', '123456', '654321', '121212', '123123', '112233', '888888']
  expect(weak.filter((pin) => !isWeakPin(pin))).toEqual([])
  const fine = ['482913', '100200', '135791', '246801', '902134']
  expect(fine.filter(isWeakPin)).toEqual([])
})
