// The aims: every one is a ratio to the floor of the same run, or a ceiling, and stands beside what
// the peers needed for the same work.
import type { Weights } from './pages.ts'
import type { PushResult } from './push.ts'
import type { Result } from './tablet.ts'

export interface Medians {
  [contender: string]: Partial<Result>
}

export interface Measures {
  clients: Medians
  weights: Weights
  pushes: { [target: string]: PushResult }
}

export interface Verdict {
  measure: string
  goal: string
  measured: string
  met: boolean
  /** Ours against each peer: how many times less it takes; below 1 the peer is ahead. */
  peers: { [peer: string]: number }
}

interface Row {
  measure: string
  field: keyof Result
  unit: string
  /** At most so many times the floor, or at most so much. */
  timesFloor?: number
  atMost?: number
}

const PEER_NAMES = ['RxDB', 'PouchDB', 'PouchDB indexeddb']
const LAYER_KB = 42
const SHARE_OF_FLOOR = 0.4
const MICROS_PER_OP = 35

const ROWS: readonly Row[] = [
  { measure: 'first download, all queryable', field: 'bootstrap', unit: 'ms', timesFloor: 2 },
  { measure: 'first 500 customers usable', field: 'first500', unit: 'ms', atMost: 100 },
  { measure: 'bytes over the wire, down', field: 'downMB', unit: 'MB', atMost: 5.6 },
  { measure: 'longest stall, download', field: 'bootstrapStall', unit: 'ms', atMost: 50 },
  { measure: 'longest stall, flush', field: 'flushStall', unit: 'ms', atMost: 50 },
  { measure: 'longest stall, pull', field: 'pullStall', unit: 'ms', atMost: 50 },
  { measure: 'IndexedDB size', field: 'storageMB', unit: 'MB', atMost: 8 },
  { measure: 'look-up p95', field: 'lookupP95', unit: 'ms', atMost: 1 },
  { measure: 'customer history p95', field: 'historyP95', unit: 'ms', atMost: 4 },
  { measure: 'cold reopen to any result', field: 'reopen', unit: 'ms', atMost: 300 },
  { measure: 'cold reopen to recent customers', field: 'recents', unit: 'ms', atMost: 50 },
  { measure: 'offline write p50, strict', field: 'writeP50', unit: 'ms', atMost: 2.5 },
  { measure: 'offline write p95, strict', field: 'writeP95', unit: 'ms', atMost: 5 },
  { measure: 'flush of 2,000 visits', field: 'flush', unit: 'ms', timesFloor: 2.5 },
  { measure: 'pull of 500 changes', field: 'pull', unit: 'ms', timesFloor: 2 },
]

export function verdicts({ clients, weights, pushes }: Measures): Verdict[] {
  const rows = ROWS.map((row) => verdictOf(row, clients))
  return [...rows, layerVerdict(weights), ...pushVerdicts(pushes)]
}

function verdictOf({ measure, field, unit, timesFloor, atMost }: Row, clients: Medians): Verdict {
  const ours = clients['Regulars']?.[field] ?? NaN
  const floor = clients['floor']?.[field] ?? NaN
  const ratio = ours / floor
  const against = Number.isNaN(ratio) ? '' : `, ${ratio.toFixed(2)} x the floor`
  const peers: Verdict['peers'] = {}
  // Recent customers are kept apart by ours only: a peer's first answer is what it can offer.
  const theirs = field === 'recents' ? 'reopen' : field
  for (const name of PEER_NAMES) {
    const value = clients[name]?.[theirs]
    if (value !== undefined && !Number.isNaN(value)) peers[name] = value / ours
  }
  const isFloor = timesFloor !== undefined
  return {
    measure,
    goal: isFloor ? `<= ${timesFloor} x the floor` : `<= ${atMost} ${unit}`,
    measured: `${shown(ours)} ${unit}${against}`,
    met: isFloor ? ratio <= timesFloor : ours <= (atMost ?? NaN),
    peers,
  }
}

function layerVerdict(weights: Weights): Verdict {
  const kb = (name: string) => (weights[name] ?? NaN) / 1000
  const [page, worker] = [kb('layer'), kb('worker')]
  const ours = page + worker
  const peers: Verdict['peers'] = {}
  const files = { RxDB: 'rxdb', PouchDB: 'pouch', 'PouchDB indexeddb': 'pouch-indexeddb' }
  for (const [peer, file] of Object.entries(files))
    if (weights[file] !== undefined) peers[peer] = kb(file) / ours
  const measured = `${ours.toFixed(1)} KB (page ${page.toFixed(1)}, worker ${worker.toFixed(1)})`
  const goal = `<= ${LAYER_KB} KB gzip`
  return { measure: 'data layer', goal, measured, met: ours <= LAYER_KB, peers }
}

function pushVerdicts(pushes: Measures['pushes']): Verdict[] {
  const ours = pushes['Regulars']
  const floor = pushes['floor, shared commits']
  if (!ours || !floor) return []
  const share = ours.opsPerS / floor.opsPerS
  const peers: Verdict['peers'] = {}
  const cpu: Verdict['peers'] = {}
  for (const name of ['express-pouchdb', 'RxDB endpoint']) {
    const peer = pushes[name]
    if (!peer) continue
    peers[name] = ours.opsPerS / peer.opsPerS
    cpu[name] = peer.cpuMicros / ours.cpuMicros
  }
  return [
    {
      measure: 'pushes of 50 ops by 20 clients',
      goal: `>= ${SHARE_OF_FLOOR * 100} % of the floor with shared commits`,
      measured: `${shown(ours.opsPerS)} ops/s, ${(share * 100).toFixed(0)} % of the floor`,
      met: share >= SHARE_OF_FLOOR,
      peers,
    },
    {
      measure: 'server CPU per op',
      goal: `<= ${MICROS_PER_OP} µs`,
      measured: `${shown(ours.cpuMicros)} µs`,
      met: ours.cpuMicros <= MICROS_PER_OP,
      peers: cpu,
    },
  ]
}

/** Three digits that matter, no more. */
export function shown(value: number): string {
  if (Number.isNaN(value)) return '–'
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
