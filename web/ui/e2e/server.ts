/** The real program, on a port and a data folder of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

/** What tests need to reach the server; plain values, so that vitest can hand them to each file. */
export interface Reach {
  url: string
  data: string
  listen: string
  password: string
}

const BINARY = process.env.ARPENT_BIN ?? resolve(import.meta.dirname, '../../../bin/arpent')
/**
 * A data folder of a server that was stopped, with the demonstration town: copied, it spares each
 * run the making of the town. Without it, as in CI, the first start makes all itself.
 */
const SEED = process.env.ARPENT_E2E_SEED
/** The first start makes a database and reads the demonstration town. */
const START = 240_000

export interface Running {
  reach: Reach
  /** Stops it, and starts it again on the same port and data; meanwhile it does not answer. */
  restart: (meanwhile: () => Promise<void>) => Promise<void>
  stop: () => Promise<void>
}

export async function startServer(): Promise<Running> {
  const data = await mkdtemp(join(tmpdir(), 'arpent-e2e-'))
  if (SEED) await promisify(execFile)('cp', ['-a', `${SEED}/.`, data])
  const listen = `127.0.0.1:${await freePort()}`
  const launch = () =>
    spawn(BINARY, ['serve', '--demo'], {
      env: environment(data, listen),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  let child = launch()
  const restart = async (meanwhile: () => Promise<void>) => {
    await ended(child)
    await meanwhile()
    child = launch()
    await ready(child)
  }
  const stop = async () => {
    await ended(child)
    await rm(data, { recursive: true, force: true })
  }
  try {
    const url = await ready(child)
    const password = (await readFile(join(data, 'admin-password'), 'utf8')).trim()
    return { reach: { url, data, listen, password }, restart, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Runs another command of the program on the same data and answers what it printed. */
export async function arpent(
  { data, listen, input }: Reach & { input?: string },
  ...args: string[]
): Promise<string> {
  const running = promisify(execFile)(BINARY, args, { env: environment(data, listen) })
  running.child.stdin?.end(input)
  const { stdout } = await running
  return stdout.trim()
}

/** Runs SQL as a program beside the server would. */
export async function sql(reach: Reach, statement: string): Promise<string> {
  const address = await arpent(reach, 'database', 'url')
  const args = [address, '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', statement]
  const { stdout } = await promisify(execFile)('psql', args)
  return stdout.trim()
}

const environment = (data: string, listen: string) => ({
  ...process.env,
  ARPENT_DATA: data,
  ARPENT_LISTEN: listen,
})

/** The address in the line the program prints once it answers. */
function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: string[] = []
    const fail = (why: string) => reject(new Error(`${BINARY}: ${why}\n${said.join('\n')}`))
    const timer = setTimeout(() => fail(`not ready after ${START} ms`), START)
    const listen = (line: string) => {
      said.push(line)
      const address = /arpent ready (http:\/\/\S+)/.exec(line)?.[1]
      if (!address) return
      clearTimeout(timer)
      resolve(address.replace(/\/$/, ''))
    }
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface(stream).on('line', listen)
    }
    child.on('error', (error) => fail(error.message))
    child.on('exit', (code) => {
      clearTimeout(timer)
      fail(`ended with ${code}`)
    })
  })
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || !child.pid) return Promise.resolve()
  return new Promise((resolve) => {
    child.on('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
