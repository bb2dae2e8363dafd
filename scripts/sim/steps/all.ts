import type { StepKind } from '../schedule.ts'
import type { Act } from './act.ts'
import * as desk from './desk.ts'
import * as device from './device.ts'
import * as odd from './odd-ops.ts'
import * as server from './server.ts'
import * as network from './sync.ts'
import { visitor, write } from './write.ts'

/** What each kind of step does. */
export const ACTS: Record<StepKind, Act> = {
  write,
  sync: network.sync,
  begin: network.beginCycle,
  deliver: network.deliver,
  'second-tab': network.beginInSecondTab,
  visitor,
  'desk-write': server.deskWrite,
  mend: device.mend,
  poison: odd.poison,
  'poison-group': odd.poisonGroup,
  damaged: odd.damaged,
  'future-op': odd.futureOp,
  'future-row': odd.futureRow,
  transfer: desk.transfer,
  merge: desk.merge,
  unmerge: desk.unmerge,
  erase: desk.erase,
  compact: desk.compactFeeds,
  decide: desk.decide,
  'accept-loss': desk.acceptLoss,
  crash: device.crash,
  'crash-amid': device.crashAmid,
  'disk-full': device.diskFull,
  'disk-lost': device.diskLost,
  evict: device.evict,
  'dump-device': device.dumpDevice,
  'restore-device': device.restoreDevice,
  clone: device.clone,
  backup: server.backup,
  'restore-server': server.restoreServer,
  'restart-server': server.restartServer,
  skew: device.skew,
  update: device.update,
  'move-on': device.moveOn,
  'other-store': device.otherStore,
  revoke: device.revoke,
  'long-pause': server.longPause,
}
