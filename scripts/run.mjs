// `npm run <name>` on a Node that is new enough: this machine's, else Node 24 from the npm
// registry, which stays in npm's cache. Older Nodes crash in the SQLite driver, so none may pass.
// This is plain, old JavaScript, because it is the one file that runs on whatever is there.
import { spawn } from 'node:child_process'

const TWIN_MS = 1000
const PARENT_POLL_MS = 500
const GROUP_POLL_MS = 50
const GROUP_WAIT_MS = 15_000
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }
const windows = process.platform === 'win32'

/** 22.19 and later in 22, or 24 and later: types are stripped, and the SQLite driver loads. */
function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major >= 24 || (major === 22 && minor >= 19)
}

/** True while any process of the child's group is alive; a shell may die before its server. */
function groupLives(child) {
  try {
    process.kill(-child.pid, 0)
    return true
  } catch {
    // No such group: everything has ended.
    return false
  }
}

/** Signals the whole tree. npm and sh pass a signal on to their own child only, or not at all. */
function signalTree(child, signal) {
  if (windows) return void child.kill(signal)
  if (groupLives(child)) process.kill(-child.pid, signal)
}

async function untilGroupEnded(child) {
  const deadline = Date.now() + GROUP_WAIT_MS
  while (groupLives(child)) {
    if (Date.now() > deadline) return signalTree(child, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, GROUP_POLL_MS))
  }
}

const [name, ...extra] = process.argv.slice(2)
if (name === undefined) {
  console.error('usage: node scripts/run.mjs <npm script> [arguments]')
  process.exit(2)
}
const npm = ['run', '--silent', name, '--', ...extra]
const args = isNewEnough(process.versions.node)
  ? npm
  : ['exec', '--yes', '--package=node@24', '--', 'npm', ...npm]

// A group of its own lets one signal reach npm, its shell and the server below them.
const child = spawn('npm', args, { stdio: 'inherit', shell: windows, detached: !windows })

let stoppedBy
let stoppedAt = 0
function stop(signal) {
  // npm and the terminal both send the first signal: its twin must not disturb a clean stop, but a
  // person who asks again means it.
  if (stoppedBy && Date.now() - stoppedAt > TWIN_MS) return signalTree(child, 'SIGKILL')
  if (stoppedBy) return
  stoppedBy = signal
  stoppedAt = Date.now()
  signalTree(child, signal)
}
for (const signal of Object.keys(SIGNALS)) process.on(signal, () => stop(signal))

// Some shells die of a signal without passing it on; then a new parent is the only sign of it.
const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent && !stoppedBy) stop('SIGTERM')
}, PARENT_POLL_MS).unref()

child.on('error', (error) => {
  console.error(`npm could not be started: ${error.message}`)
  process.exit(1)
})
child.on('exit', async (code, signal) => {
  if (stoppedBy && !windows) await untilGroupEnded(child)
  process.exit(code ?? 128 + (SIGNALS[signal ?? stoppedBy] ?? 0))
})
