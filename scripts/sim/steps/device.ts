// What happens to tablets: they crash, lose their disk, are set back or copied, have a wrong clock,
// go to another store, are shut out, and are seen to by a person.
import { must } from '#model/assert.ts'
import { SCHEMA } from '#model/op.ts'
import { NOT_SERVED, waitingOnDisk } from '../app-version.ts'
import { untilQuiet } from '../browser.ts'
import { enrolTablet } from '../chain.ts'
import { type Dump, dumpDisk, metaOnDisk, wipeDisk } from '../disk.ts'
import { diskFault } from '../disk-faults.ts'
import { putOnDisk } from '../open-world.ts'
import type { Tablet } from '../tablet.ts'
import type { World } from '../world.ts'
import { type Act, NOTHING } from './act.ts'
import { write } from './write.ts'

const TABLETS_MAX = 8
const DAY_MS = 86_400_000

/** The app ends while it waits for the network. */
export const crash: Act = async (world, tablet) => {
  const wasBusy = tablet.isSyncing
  tablet.crash()
  world.touched.add(tablet)
  return wasBusy ? 'in a cycle' : 'at rest'
}

/** The power is cut between two transactions of a cycle or of a write. */
export const crashAmid: Act = async (world, tablet, random) => {
  const fault = diskFault(tablet.database)
  fault.crashIn = random.whole(0, 9)
  if (random.chance(0.2)) await write(world, tablet, random)
  await world.sync(tablet, 0, () => (fault.isDown ? 'lose-answer' : null))
  await untilQuiet()
  const { isDown, writes } = fault
  tablet.crash()
  world.touched.add(tablet)
  return `${isDown ? 'cut' : 'whole'} after ${writes} writes`
}

/** The disk is full for a while: what cannot be kept is refused, and nothing that was kept goes. */
export const diskFull: Act = async (world, tablet, random) => {
  const fault = diskFault(tablet.database)
  fault.isFull = true
  const tried = random.chance(0.5) ? await write(world, tablet, random) : ''
  await world.sync(tablet, 0, () => null)
  await untilQuiet()
  fault.isFull = false
  return tried
}

/** The system killed the storage process: one transaction cannot begin. */
export const diskLost: Act = async (world, tablet, random) => {
  await tablet.tab(0)
  diskFault(tablet.database).losesConnection = true
  const tried = random.chance(0.4) ? await write(world, tablet, random) : ''
  await world.sync(tablet, 0, () => null)
  diskFault(tablet.database).losesConnection = false
  return tried
}

/** The browser drops the database; its cookie stays. */
export const evict: Act = async (world, tablet) => {
  if (!tablet.hasDisk) return NOTHING
  tablet.crash()
  await wipeDisk(tablet.database)
  tablet.diskNo += 1
  world.touched.add(tablet)
  return 'gone'
}

interface Copy {
  dump: Dump
  cookie: string
}

const copies = new WeakMap<Tablet, Copy>()

/** A backup of the tablet is made, cookie and all. */
export const dumpDevice: Act = (_world, tablet) => {
  if (!tablet.storeId) return Promise.resolve(NOTHING)
  copies.set(tablet, { dump: dumpDisk(tablet.database), cookie: tablet.cookie })
  return Promise.resolve(`head ${metaOnDisk(tablet.database, 'head')?.n}`)
}

/** The tablet is set back to its backup. */
export const restoreDevice: Act = async (world, tablet) => {
  const copy = copies.get(tablet)
  if (!copy) return NOTHING
  const before = metaOnDisk(tablet.database, 'head')?.n
  tablet.crash()
  tablet.cookie = copy.cookie
  await putOnDisk(tablet, copy.dump)
  tablet.diskNo += 1
  world.touched.add(tablet)
  return `from ${before} to ${metaOnDisk(tablet.database, 'head')?.n}`
}

/** A second tablet is made from the disk and cookie of the first; both go on. */
export const clone: Act = async (world, tablet) => {
  if (world.tablets.length >= TABLETS_MAX || !tablet.storeId) return NOTHING
  const twin = world.addTablet(`${world.tablets[0]?.database}-twin-${world.tablets.length}`)
  twin.cookie = tablet.cookie
  twin.schema = tablet.schema
  twin.setClock(tablet.skewMs)
  await putOnDisk(twin, dumpDisk(tablet.database))
  world.touched.add(twin)
  return twin.name
}

/** Somebody sets the clock, up to three days wrong. */
export const skew: Act = (_world, tablet, random) => {
  const days = random.whole(-3 * DAY_MS, 3 * DAY_MS)
  tablet.setClock(random.pick([0, days, random.whole(-100_000, 100_000)]))
  return Promise.resolve(`${tablet.skewMs} ms`)
}

/** Today's app takes the place of an older one, whatever waits to be sent. */
export function updateApp(world: World, tablet: Tablet): void {
  if (waitingOnDisk(tablet) > 0) world.count('updated with unsent work')
  tablet.crash()
  tablet.schema = SCHEMA
  world.touched.add(tablet)
}

export const update: Act = (world, tablet) => {
  if (tablet.schema === SCHEMA) return Promise.resolve(NOTHING)
  const from = tablet.schema
  updateApp(world, tablet)
  return Promise.resolve(`from schema ${from}`)
}

/** The server goes on to a version that does not serve this app any more. */
export const moveOn: Act = (_world, tablet) => {
  if (tablet.schema === SCHEMA || !tablet.isServed) return Promise.resolve(NOTHING)
  tablet.schema = NOT_SERVED
  return Promise.resolve('served no more')
}

/** The tablet is carried to another store and enrolled there, with whatever it still holds. */
export const otherStore: Act = async (world, tablet, random) => {
  const store = random.pick(world.chain.stores)
  if (store === tablet.storeId) return NOTHING
  return (await enrolTablet(world, tablet, store)) ? `to ${store.slice(-6)}` : 'refused'
}

export const revoke: Act = async (world, tablet) => {
  const { device } = tablet
  if (!device) return NOTHING
  const path = `/api/admin/devices/${device.device_id}/revoke`
  const { admin } = world.chain.cookies
  return String((await world.ask('POST', path, admin, {})).status)
}

/** Whether somebody has to do something at this tablet. */
export function needsPerson(tablet: Tablet): boolean {
  if (!tablet.device) return true
  const trouble = metaOnDisk(tablet.database, 'trouble')?.code
  return trouble === 'fork' || trouble === 'revoked' || trouble === 'signed-out'
}

/** A person sees what the tablet says and enrols it anew where that is the way. */
export const mend: Act = async (world, tablet) => {
  if (!needsPerson(tablet)) return NOTHING
  const store = tablet.storeId ?? must(world.chain.stores[tablet.index % 3], 'a store')
  const trouble = metaOnDisk(tablet.database, 'trouble')?.code ?? 'empty'
  return (await enrolTablet(world, tablet, store)) ? `enrolled after ${trouble}` : 'refused'
}
