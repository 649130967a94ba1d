import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findProgram } from '../../src/ensemble/find-program.ts'
import { createServerProcess, type ServerProcess } from '../../src/ensemble/server-process.ts'
import { eventually } from '../support/eventually.ts'

let folder: string
let server: ServerProcess

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotkeeper-process-'))
})
afterEach(async () => {
  await server.kill()
  await rm(folder, { recursive: true })
})

function processOf(script: string, isReady: () => Promise<boolean>): ServerProcess {
  return createServerProcess({
    name: 'a server',
    program: 'sh',
    args: ['-c', script],
    folder,
    logFile: join(folder, 'log'),
    isReady,
    readyWithinMs: 1_000,
  })
}
const logged = async (text: string) => (await readFile(join(folder, 'log'), 'utf8')).includes(text)

function stateOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/stat`, 'utf8').then((stat) => stat.split(' ')[2] ?? '')
}
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('start resolves when the server is ready, and kill when it is gone', async () => {
  server = processOf('echo ready; exec sleep 60', () => logged('ready'))
  await server.start()
  const pid = server.pid!
  expect(isAlive(pid)).toBe(true)
  await server.kill()
  expect(isAlive(pid)).toBe(false)
  expect(server.pid).toBeUndefined()
})

test('a restarted server is another process', async () => {
  server = processOf('echo ready; exec sleep 60', () => logged('ready'))
  await server.start()
  const first = server.pid
  await server.restart()
  expect(server.pid).not.toBe(first)
})

test('a server that exits at once says what it wrote', async () => {
  server = processOf('echo no disk >&2; exit 3', () => logged('ready'))
  await expect(server.start()).rejects.toThrow(/exited with 3[^]*no disk/)
})

test('a server that never gets ready is killed', async () => {
  server = processOf('echo $$ >pid; exec sleep 60', async () => false)
  await expect(server.start()).rejects.toThrow(/not ready in time/)
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8'))
  expect(isAlive(pid)).toBe(false)
})

test.runIf(process.platform === 'linux')('a paused server stands still until resumed', async () => {
  server = processOf('echo ready; while :; do :; done', () => logged('ready'))
  await server.start()
  server.pause()
  await eventually(async () => (await stateOf(server.pid!)) === 'T')
  server.resume()
  await eventually(async () => (await stateOf(server.pid!)) !== 'T')
})

test.runIf(findProgram('setpriv'))('a server dies with its parent, even a killed one', async () => {
  server = processOf('exec sleep 60', async () => true)
  const source = new URL('../../src/ensemble/server-process.ts', import.meta.url).href
  const script = `
    const { createServerProcess } = await import(${JSON.stringify(source)})
    const server = createServerProcess({ name: 'a server', program: 'sleep', args: ['60'],
      folder: ${JSON.stringify(folder)}, logFile: ${JSON.stringify(join(folder, 'log'))}, isReady: async () => true })
    await server.start()
    console.log(server.pid)
    setInterval(() => undefined, 1000)`
  const parent = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { cwd: new URL('../..', import.meta.url) },
  )
  const pid = await new Promise<number>((resolve) => {
    parent.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())))
  })
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  await eventually(() => !isAlive(pid))
})
