// A push, a pull and a part of the first download, cut at every byte of request and answer. The
// real engine meets the real server through the cutting proxy; after every cut it must know that
// the fate is open, and once the network is whole both sides must agree.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { openServerPool } from './api-server.ts'
import { CuttingProxy, type Side } from './cutting-proxy.ts'
import type { History } from './device.ts'
import { type DeviceCard, ledgerFile, makeInstallation } from './installation.ts'
import { type Outcome, outcomeOf, type Say, secondsSince } from './outcome.ts'
import { proveLedger } from './proof.ts'
import { openTablet, type Tablet } from './tablet.ts'

const SIZE = { stores: 1, devicesPerStore: 2, customersPerStore: 6 }
const QUIET_CYCLES_MAX = 6
const SAY_EVERY = 1000
const PROBLEMS_MAX = 20

export type Exchange = 'part' | 'push' | 'pull'
const EXCHANGES: readonly Exchange[] = ['part', 'push', 'pull']

export interface CutOptions {
  /** 1 cuts at every byte, 2 at every second, … */
  step: number
  exchanges?: readonly Exchange[]
  say: Say
}

interface Field {
  proxy: CuttingProxy
  url: string
  cards: DeviceCard[]
  sender: Tablet
  receiver: Tablet
  options: CutOptions
  problems: string[]
}

function note({ problems }: Field, text: string): void {
  if (problems.length < PROBLEMS_MAX) problems.push(text)
}

/** Syncs without any cut until nothing is on its way. */
async function settle(field: Field, tablet: Tablet): Promise<void> {
  for (let cycle = 0; cycle < QUIET_CYCLES_MAX; cycle += 1) {
    const ok = await tablet.cycle()
    if (ok && (await tablet.count('waiting', 'sent')) === 0) return
  }
  note(field, 'a tablet did not come to rest')
}

/** One cycle under a cut; gives true when the cut was hit. */
async function cycleCut(field: Field, tablet: Tablet, path: string, side: Side, bytes: number) {
  field.proxy.arm({ path, side, bytes })
  const ok = await tablet.cycle()
  const isHit = field.proxy.disarm() > 0
  const where = `${path}, ${side} cut after ${bytes} bytes`
  if (isHit && ok) note(field, `${where}: the engine took it for a success`)
  if (!isHit && !ok) note(field, `${where}: the engine failed without a cut`)
  return isHit
}

function customerOf(tablet: Tablet): string {
  const [first] = tablet.card.customers
  if (first === undefined) throw new Error('unreachable: the store has customers')
  return first
}

/** Each byte of a push that carries one new visit. */
async function cutPushes(field: Field, side: Side): Promise<number> {
  const { sender, options } = field
  const customer = customerOf(sender)
  for (let bytes = 0; ; bytes += options.step) {
    // A request that was cut never arrived: the visit that waits can be sent again as it is.
    if (side === 'answer' || bytes === 0) await sender.logVisit(customer)
    const isHit = await cycleCut(field, sender, '/api/sync/push', side, bytes)
    const waiting = await sender.count('waiting')
    if (isHit && waiting !== 1) note(field, `push, ${side} ${bytes}: ${waiting} visits wait, not 1`)
    if (side === 'answer' || !isHit) await settle(field, sender)
    if (!isHit) return bytes
    if (bytes % SAY_EVERY === 0 && bytes > 0) options.say(`  push, ${side}: ${bytes} bytes`)
  }
}

/** Each byte of a pull that brings one new visit of the other tablet. */
async function cutPulls(field: Field, side: Side): Promise<number> {
  const { sender, receiver, options } = field
  const customer = customerOf(sender)
  await settle(field, receiver)
  const before = (await receiver.visitsOf(customer)).length
  await sender.logVisit(customer)
  await settle(field, sender)
  for (let bytes = 0; ; bytes += options.step) {
    const isHit = await cycleCut(field, receiver, '/api/sync/pull', side, bytes)
    if (bytes % SAY_EVERY === 0 && bytes > 0) options.say(`  pull, ${side}: ${bytes} bytes`)
    if (isHit) continue
    const after = (await receiver.visitsOf(customer)).length
    if (after !== before + 1) note(field, `pull, ${side}: ${after - before} visits came, not 1`)
    return bytes
  }
}

/** Each byte of the only part of a new tablet's first download. */
async function cutParts(field: Field, side: Side): Promise<number> {
  const { url, cards, options } = field
  const [card] = cards
  if (!card) throw new Error('unreachable: two tablets are enrolled')
  const tablet = await openTablet(card, url)
  for (let bytes = 0; ; bytes += options.step) {
    const isHit = await cycleCut(field, tablet, '/api/sync/part/', side, bytes)
    const stored = await tablet.local.db.part.count()
    if (isHit && stored > 0) note(field, `part, ${side} ${bytes}: a cut part was stored`)
    if (bytes % SAY_EVERY === 0 && bytes > 0) options.say(`  part, ${side}: ${bytes} bytes`)
    if (isHit) continue
    if (stored === 0) note(field, `part, ${side}: no part was stored`)
    tablet.local.close()
    return bytes
  }
}

async function historyOf({ card, local }: Tablet): Promise<History> {
  const rows = await local.db.op.orderBy('n').toArray()
  const acknowledged = rows.filter((row) => row.state === 'acked').length
  const { device_id, store_id } = card
  return { device_id, store_id, made: rows.map((row) => row.op), acknowledged }
}

/** Both tablets know the same visits of every customer. */
async function compare(field: Field): Promise<void> {
  const { sender, receiver } = field
  for (const customer of sender.card.customers) {
    const [one, two] = await Promise.all(
      [sender, receiver].map(async (tablet) => (await tablet.visitsOf(customer)).sort().join()),
    )
    if (one !== two) note(field, `the tablets disagree about customer ${customer}`)
  }
}

async function cutAll(field: Field): Promise<string[]> {
  const { sender, receiver } = field
  const cuts = { part: cutParts, push: cutPushes, pull: cutPulls }
  const lines: string[] = []
  // The first push of a store finds no part yet; later ones must not change what was measured.
  await settle(field, sender)
  await settle(field, receiver)
  for (const name of field.options.exchanges ?? EXCHANGES) {
    const request = await cuts[name](field, 'request')
    const answer = await cuts[name](field, 'answer')
    lines.push(`${name}: cut after each of ${request} bytes of request, ${answer} of answer`)
  }
  await settle(field, sender)
  await settle(field, receiver)
  await compare(field)
  return lines
}

/** Cuts every exchange at every byte, or every `step`th, and proves ledger and tablets. */
export async function runCuts(options: CutOptions): Promise<Outcome> {
  const start = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'regulars-cuts-'))
  const pool = await openServerPool()
  const proxy = new CuttingProxy()
  try {
    const { ledger: first, cards } = await makeInstallation(folder, SIZE, Date.now())
    await first.close()
    const server = pool.take()
    proxy.point(await server.open(folder))
    const url = await proxy.listen()
    const [one, two] = cards
    if (!one || !two) throw new Error('unreachable: two tablets are enrolled')
    const [sender, receiver] = [await openTablet(one, url), await openTablet(two, url)]
    const field: Field = { proxy, url, cards, sender, receiver, options, problems: [] }
    const lines = await cutAll(field)
    await server.close()
    const ledger = await openLedger(ledgerFile(folder), nodePorts)
    const proof = await proveLedger(ledger, [await historyOf(sender), await historyOf(receiver)])
    await ledger.close()
    sender.local.close()
    receiver.local.close()
    const every = options.step === 1 ? 'every byte' : `every ${options.step}th byte`
    return outcomeOf('proxy', [...lines, `${every}, ${secondsSince(start)}`], proof, field.problems)
  } finally {
    await proxy.close()
    await pool.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
