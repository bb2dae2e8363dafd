// What clerks do at their tablets, by the functions that the screens call.
import type { Random } from '../../demo/random.ts'
import { SCHEMA } from '#model/op.ts'
import { PURPOSES } from '#model/visit.ts'
import type { Author } from '#web/local/commit.ts'
import type { Local } from '#web/local/database.ts'
import { LocalError } from '#web/local/errors.ts'
import { getPast } from '#web/local/past.ts'
import { getCustomer } from '#web/local/read.ts'
import { keepVisitor } from '#web/local/visitors.ts'
import {
  addTag,
  createCustomer,
  editVisit,
  logVisit,
  removeTag,
  setConsent,
  setCustomer,
  tally,
  voidVisit,
} from '#web/local/write.ts'
import { sealAsWritten } from '../app-version.ts'
import { customersOnDisk } from '../shown.ts'
import { metaOnDisk, opsOnDisk } from '../disk.ts'
import { diskFault } from '../disk-faults.ts'
import { describe, type Tablet } from '../tablet.ts'
import type { World } from '../world.ts'
import { type Act, NOTHING } from './act.ts'

const NAMES = ['王芳', '李娜', '张伟', 'Ann Lee', 'Bo Chen', 'Zoë', '陈思']
const WORKS = {
  create: 4,
  'create-whole': 3,
  edit: 4,
  consent: 2,
  tag: 3,
  untag: 2,
  visit: 6,
  mend: 3,
  void: 1,
  tally: 2,
}
type Work = keyof typeof WORKS

interface Scene {
  world: World
  tablet: Tablet
  local: Local
  author: Author
  random: Random
  /** Whom it is about; null: anybody. */
  about: string | null
}

/** Whoever is unlocked: a clerk of the store, now and then one who does not work here any more. */
export function authorAt(world: World, tablet: Tablet, random: Random): Author {
  const { stores, clerks } = world.chain
  const own = clerks[stores.indexOf(tablet.storeId ?? '')] ?? []
  const from = random.chance(0.04) ? clerks.flat() : own
  const actor_id = from.length > 0 ? random.pick(from) : random.pick(clerks.flat())
  return { actor_id, unlock_id: world.source.uuid() }
}

function phoneOf(random: Random): string {
  return `+86138${String(random.whole(0, 40)).padStart(8, '0')}`
}

async function create({ local, author, random, world }: Scene, isWhole: boolean): Promise<string> {
  const name = `${random.pick(NAMES)}${random.whole(0, 99)}`
  const phone = random.chance(0.5) ? { phone: phoneOf(random) } : {}
  const word = { purpose: 'marketing', channel: 'sms', state: 'granted', proof: 'said so' } as const
  const more = isWhole ? { consents: [word], tag_ids: [random.pick(world.chain.tags)] } : {}
  return createCustomer(local, author, { name, ...phone, ...more })
}

async function edit({ local, author, random }: Scene, customer: string): Promise<unknown> {
  const note = random.chance(0.2) ? null : `note ${random.whole(0, 999)}`
  const name = `${random.pick(NAMES)}${random.whole(0, 99)}`
  const fields = [{ note }, { name }, { phone: phoneOf(random) }, { card: null, tier: 'gold' }]
  return setCustomer(local, author, customer, random.pick(fields))
}

async function consent({ local, author, random }: Scene, customer: string): Promise<unknown> {
  const state = random.chance(0.5) ? 'granted' : 'refused'
  const proof = random.chance(0.5) ? { proof: 'signed' } : {}
  const word = { purpose: 'marketing', channel: 'sms', state, ...proof } as const
  return setConsent(local, author, customer, word)
}

async function aboutVisit(scene: Scene, customer: string, work: Work): Promise<unknown> {
  const { local, author, random } = scene
  const { visits } = await getPast(local, customer)
  if (visits.length === 0) return NOTHING
  const visit = random.pick(visits)
  if (work === 'void') return voidVisit(local, author, visit.id)
  const spend = { spend_minor: random.whole(1, 9_999) }
  return editVisit(local, author, visit.id, random.chance(0.5) ? spend : { need: 'tea' })
}

async function aboutCustomer(scene: Scene, work: Work): Promise<unknown> {
  const { local, author, random, tablet, world } = scene
  const known = customersOnDisk(tablet.database)
  if (known.length === 0) return NOTHING
  const customer = scene.about ?? random.pick(known)
  switch (work) {
    case 'edit':
      return edit(scene, customer)
    case 'consent':
      return consent(scene, customer)
    case 'tag':
      return addTag(local, author, customer, random.pick(world.chain.tags))
    case 'untag':
      return removeTag(local, author, customer, random.pick(world.chain.tags))
    case 'visit':
      return logVisit(local, author, customer, random.pick(PURPOSES))
    default:
      return aboutVisit(scene, customer, work)
  }
}

function isNew(work: Work): boolean {
  return work === 'create' || work === 'create-whole' || work === 'tally'
}

async function work(scene: Scene, kind: Work): Promise<unknown> {
  if (kind === 'tally') return tally(scene.local, scene.author, scene.random.whole(1, 9))
  if (isNew(kind)) return create(scene, kind === 'create-whole')
  return aboutCustomer(scene, kind)
}

/** One thing that a clerk does. */
export const write: Act = (world, tablet, random) => {
  const kinds = Object.keys(WORKS) as Work[]
  return save(world, tablet, random, kinds[random.weighted(Object.values(WORKS))] ?? 'tally')
}

/** Something that a clerk writes about a customer. */
export function writeAbout(world: World, tablet: Tablet, random: Random, customer: string) {
  return save(world, tablet, random, random.pick(['edit', 'tag', 'visit'] as const), customer)
}

/** What is called saved must be on the disk when it is. */
async function save(
  world: World,
  tablet: Tablet,
  random: Random,
  kind: Work,
  about: string | null = null,
): Promise<string> {
  const local = await tablet.local()
  const author = authorAt(world, tablet, random)
  const head = metaOnDisk(tablet.database, 'head')
  const before = head?.n ?? 0
  world.touched.add(tablet)
  try {
    await work({ world, tablet, local, author, random, about }, kind)
    const after = metaOnDisk(tablet.database, 'head')?.n ?? 0
    if (isNew(kind) && after === before) world.fail(`I1 ${tablet.name} lost a ${kind} it saved`)
    for (const { n, op } of opsOnDisk(tablet.database)) if (n > before) world.saved.add(op.op_id)
    if (tablet.schema < SCHEMA && after > before) world.count('written by an older app')
    if (head && after > before) await sealAsWritten(tablet, head)
    return `${kind} ${before}>${after}`
  } catch (error) {
    const isCut = diskFault(tablet.database).isDown
    if (!isCut && !(error instanceof LocalError)) world.fail(`a write threw ${describe(error)}`)
    return `${kind} refused ${error instanceof Error ? error.message : String(error)}`
  }
}

/** A customer of another store is looked up online and served here. */
export const visitor: Act = async (world, tablet, random) => {
  const local = await tablet.local()
  const other = random.pick(world.tablets)
  const known = customersOnDisk(other.database)
  if (known.length === 0 || !other.storeId) return NOTHING
  const id = random.pick(known)
  const shown = await getCustomer(await other.local(), id)
  const home = shown?.row.home_store_id
  const reply = home ? await world.json('GET', `/api/customers/${home}/${id}`, tablet.cookie) : null
  if (!reply || !tablet.storeId) return NOTHING
  await keepVisitor(local, reply as Parameters<typeof keepVisitor>[1])
  world.touched.add(tablet)
  return 'fetched'
}
