// What happens to the server, and what people do at the desk.
import { renewEpochs } from '#sql/restore.ts'
import { carryOver, readPresent } from '#sql/since-backup.ts'
import { type Act, NOTHING } from './act.ts'

/** The first backup stays, the last one is replaced: a restore may go back far or a little. */
export const backup: Act = async (world) => {
  const name = world.backups.includes('first') ? 'last' : 'first'
  await world.server.storage.save(name)
  if (!world.backups.includes(name)) world.backups.push(name)
  return name
}

/** The server is set back to its backup; all devices must notice and bring what it lacks. */
export const restoreServer: Act = async (world, _tablet, random) => {
  if (world.backups.length === 0) return NOTHING
  const { server } = world
  const name = random.pick(world.backups)
  await server.stop()
  // What is put aside may be readable still, or the disk is gone with it.
  const present = random.chance(0.7) ? await readPresent(server.storage.url) : null
  await server.storage.putBack(name)
  await server.start()
  await renewEpochs(server.ledger, world.now)
  if (present) await carryOver(server.ledger, present, world.now)
  else world.forgetErasures()
  world.serverNo += 1
  return `${name} put back${present ? ', with what must not come back' : ''}`
}

/** The process ends and starts again: only what lay in memory is lost. */
export const restartServer: Act = async (world) => {
  await world.server.stop()
  await world.server.start()
  return 'restarted'
}

/** Headquarters changes a record that every tablet holds. */
export const deskWrite: Act = async (world, _tablet, random) => {
  const { tags, stores, group, cookies } = world.chain
  const create = { kind: 'tag', type: 'create', record_id: world.source.uuid() }
  const drafts = [
    { ...create, payload: { group_id: group, label: `Tag ${random.whole(0, 99)}` } },
    { kind: 'tag', type: 'set', record_id: random.pick(tags), payload: { label: 'Other' } },
    { kind: 'store', type: 'set', record_id: random.pick(stores), payload: { city: '上海' } },
  ]
  const body = { drafts: [random.pick(drafts)] }
  return String((await world.ask('POST', '/api/admin/write', cookies.admin, body)).status)
}

/** Nothing happens for weeks. */
export const longPause: Act = () => Promise.resolve('over')
