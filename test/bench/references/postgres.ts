import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findProgram } from '../../../src/ensemble/find-program.ts'
import { freePort } from '../../../src/ensemble/free-port.ts'
import { createServerProcess } from '../../../src/ensemble/server-process.ts'

/** A PostgreSQL server of our own, as durable as it comes: fsync and synchronous commits stay on. */
export interface Postgres {
  readonly port: number
  readonly version: string
  readonly pid: number | undefined
  stop(): Promise<void>
}

const debianHome = '/usr/lib/postgresql'

/** Undefined where `initdb` and `postgres` are not installed, or could not run: postgres refuses to be run by root. */
export async function startPostgres(): Promise<Postgres | undefined> {
  const programs = programsFolder()
  const user = userToBe()
  if (programs === undefined || user === undefined) return undefined
  // Not below the folder of the bench, which is closed to other users.
  const home = mkdtempSync(join(tmpdir(), 'lotkeeper-postgres-'))
  const data = join(home, 'data')
  if (user.ids !== undefined) chownSync(home, user.ids.uid, user.ids.gid)
  const asUser = { cwd: home, stdio: 'pipe', ...user.ids } as const
  const initdb = join(programs, 'initdb')
  execFileSync(initdb, ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8'], asUser)
  const port = await freePort()
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=']
  const words: readonly string[] = [...user.prefix, join(programs, 'postgres')]
  const server = createServerProcess({
    name: 'postgres',
    program: words[0] ?? '',
    args: [...words.slice(1), '-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    folder: home,
    logFile: join(home, 'postgres.log'),
    isReady: async () => {
      execFileSync(join(programs, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)])
      return true
    },
  })
  await server.start()
  const told = execFileSync(join(programs, 'postgres'), ['--version']).toString()
  const version = /\d+(\.\d+)*/.exec(told)?.[0] ?? '?'
  return {
    port,
    version,
    get pid() {
      return server.pid
    },
    async stop() {
      await server.kill()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function programsFolder(): string | undefined {
  const debian = existsSync(debianHome)
    ? readdirSync(debianHome).map((version) => join(debianHome, version, 'bin'))
    : []
  const onPath = findProgram('initdb')
  const folders = [...debian.sort().reverse(), ...(onPath === undefined ? [] : [dirname(onPath)])]
  const needed = ['initdb', 'postgres', 'pg_isready']
  return folders.find((folder) => needed.every((name) => existsSync(join(folder, name))))
}

interface User {
  readonly ids: { uid: number; gid: number } | undefined
  /** Of a command line. */
  readonly prefix: readonly string[]
}

function userToBe(): User | undefined {
  if (process.getuid?.() !== 0) return { ids: undefined, prefix: [] }
  const setpriv = findProgram('setpriv')
  if (setpriv === undefined) return undefined
  try {
    const idOf = (which: string) => Number(execFileSync('id', [which, 'postgres']).toString())
    const ids = { uid: idOf('-u'), gid: idOf('-g') }
    const become = ['--reuid', String(ids.uid), '--regid', String(ids.gid), '--clear-groups']
    return { ids, prefix: [setpriv, ...become, '--pdeathsig', 'KILL', '--'] }
  } catch {
    return undefined
  }
}
