// What is at stake: somebody trying all PINs at the counter. Real PBKDF2 with few rounds.
import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { saveClerkKeys } from './clerk-keys.ts'
import { verifierOf } from './pin.ts'
import { openTestLocal } from './test-local.ts'
import { clerksOf, LOCK_MS, unlock } from './unlock.ts'

const SALT = 'a1'.repeat(16)
const DEVICE_SALT = 'b2'.repeat(32)
const ITERATIONS = 1000

async function withPin(pin: string) {
  const tablet = await openTestLocal()
  const setPin = async (next: string) => {
    const verifier = await verifierOf(next, SALT, ITERATIONS, DEVICE_SALT)
    const key = { staff_id: tablet.clerk, salt: SALT, iterations: ITERATIONS, verifier }
    await saveClerkKeys(tablet.local, { device_salt: DEVICE_SALT, clerks: [key] })
  }
  await setPin(pin)
  return { ...tablet, setPin }
}

test('a clerk unlocks with the right PIN, each time under a new unlock', async () => {
  const { local, clerk } = await withPin('482915')
  expect(await clerksOf(local)).toEqual([{ id: clerk, name: '王芳', role: 'clerk' }])
  const [one, two] = [await unlock(local, clerk, '482915'), await unlock(local, clerk, '482915')]
  expect(one).toMatchObject({ ok: true, actor: { actor_id: clerk, name: '王芳', role: 'clerk' } })
  expect(one.ok && two.ok && one.actor.unlock_id === two.actor.unlock_id).toBe(false)
})

test('five wrong PINs lock the clerk for five minutes, even for the right one', async () => {
  const { local, clerk, clock } = await withPin('482915')
  const left: number[] = []
  for (const pin of ['111111', '222222', '333333', '444444', '555555']) {
    const answer = await unlock(local, clerk, pin)
    if (!answer.ok) left.push(answer.triesLeft)
  }
  expect(left).toEqual([4, 3, 2, 1, 0])
  const lockedUntil = clock.now + LOCK_MS
  expect(await unlock(local, clerk, '482915')).toEqual({ ok: false, triesLeft: 0, lockedUntil })
  clock.now += LOCK_MS
  expect(await unlock(local, clerk, '482915')).toMatchObject({ ok: true })
})

test('a lock is not shortened by a clock that is set back', async () => {
  const { local, clerk, clock } = await withPin('482915')
  for (let i = 0; i < 5; i += 1) await unlock(local, clerk, '000000')
  clock.now -= 86_400_000
  expect(await unlock(local, clerk, '482915')).toMatchObject({ ok: false })
})

test('tries at once are not more tries than one after the other', async () => {
  const { local, clerk } = await withPin('482915')
  const pins = Array.from({ length: 12 }, (_, index) => `00000${index % 10}`)
  const answers = await Promise.all(pins.map((pin) => unlock(local, clerk, pin)))
  expect(answers.every((answer) => !answer.ok)).toBe(true)
  expect(await unlock(local, clerk, '482915')).toMatchObject({ ok: false, triesLeft: 0 })
})

test('a right PIN forgives the wrong ones before it, and a new PIN its predecessor’s', async () => {
  const { local, clerk, setPin } = await withPin('482915')
  for (let i = 0; i < 4; i += 1) await unlock(local, clerk, '000000')
  expect(await unlock(local, clerk, '482915')).toMatchObject({ ok: true })
  expect(await unlock(local, clerk, '000000')).toMatchObject({ ok: false, triesLeft: 4 })
  for (let i = 0; i < 4; i += 1) await unlock(local, clerk, '000000')
  await setPin('731846')
  expect(await unlock(local, clerk, '731846')).toMatchObject({ ok: true })
})

test('nobody unlocks without a key on this device', async () => {
  const { local } = await withPin('482915')
  expect(await unlock(local, local.deps.uuid(), '482915')).toMatchObject({ ok: false })
})
