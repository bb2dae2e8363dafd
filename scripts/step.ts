// Running the tools of node_modules, for the scripts that run several of them.
import { spawn } from 'node:child_process'
import { delimiter, resolve } from 'node:path'

const windows = process.platform === 'win32'

/** The tools installed here come before any of the same name on the machine. */
function toolEnv(): NodeJS.ProcessEnv {
  const bin = resolve('node_modules', '.bin')
  return { ...process.env, PATH: [bin, process.env.PATH ?? ''].join(delimiter) }
}

/** Runs a tool with its output on the terminal; resolves with its exit code. */
export function runTool(command: string, args: string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', shell: windows, env: toolEnv() })
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`)
      resolve(127)
    })
    child.on('close', (code) => resolve(code ?? 1))
  })
}

/** Runs a tool and keeps its output, so that tools side by side do not mix their lines. */
export function captureTool(
  command: string,
  args: string[],
): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(command, args, { stdio: 'pipe', shell: windows, env: toolEnv() })
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => (output += String(chunk)))
    }
    child.on('error', (error) => resolve({ ok: false, output: `${command}: ${error.message}` }))
    child.on('close', (code) => resolve({ ok: code === 0, output }))
  })
}
