import { mkdtempSync, rmSync, statSync, symlinkSync, unlinkSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, sleep } from '../../lib/clock.ts'
import { OperatingError } from '../../lib/errors.ts'

/** Another process (or another store of this one) works on the folder. lmdb itself would let both in. */
export class FolderInUse extends OperatingError {
  constructor(folder: string, pid: number | undefined) {
    const who = pid === undefined ? 'another process' : `process ${pid}`
    super(
      'folder-in-use',
      `${folder} is in use by ${who}. Stop it first, or give this node a folder of its own (--store embedded:<folder>).`,
    )
  }
}

export interface FolderHold {
  release(): void
}

/** A path in sockaddr_un has 108 bytes on Linux and 104 elsewhere, with its final zero. */
const socketPathBytesMax = 103
const attemptsMax = 20
const attemptEveryMs = 50
/** A holder that is alive but does not say its pid within this is refused all the same. */
const answerWithinMs = 500

/**
 * Holds the folder for this process by listening on a Unix socket in it, until `release` or the end of the process. A socket
 * that a killed process left behind refuses connections and is replaced.
 * @throws FolderInUse
 */
export async function holdFolder(folder: string, clock: Clock): Promise<FolderHold> {
  const turn = await takeTurn(folder, clock)
  const path = join(folder, 'in-use.sock')
  const short = shorten(folder, path)
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const server = await listen(short.path)
      if (server !== undefined) {
        return {
          release() {
            // Closing removes the path that was listened on; the detour to a long one is gone by then.
            if (short.path !== path) remove(path)
            server.close()
          },
        }
      }
      const holder = await askHolder(short.path, clock)
      if (holder.isAlive) throw new FolderInUse(folder, holder.pid)
      remove(path)
    }
    throw new FolderInUse(folder, undefined)
  } finally {
    short.remove()
    turn?.close()
  }
}

/**
 * Two that find the same stale socket must not replace it both: one at a time, by a name in Linux’s abstract namespace, which
 * ends with its process. Elsewhere there is no such thing, and two starts in the same millisecond after a crash are not told apart.
 */
async function takeTurn(folder: string, clock: Clock): Promise<Server | undefined> {
  if (process.platform !== 'linux') return undefined
  const { dev, ino } = statSync(folder)
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const turn = await listen(`\0lotkeeper-folder-${dev}-${ino}`)
    if (turn !== undefined) return turn
    await sleep(clock, attemptEveryMs)
  }
  throw new FolderInUse(folder, undefined)
}

/** Undefined when something has that address already. */
function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end(String(process.pid))
    })
    server.unref()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen(path, () => resolve(server))
  })
}

/** A stopped process counts as alive: its kernel still takes the connection. */
function askHolder(path: string, clock: Clock): Promise<{ isAlive: boolean; pid?: number }> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(path)
    const finish = (isAlive: boolean) => {
      timer.cancel()
      socket.destroy()
      const pid = Number.parseInt(answer, 10)
      resolve(Number.isNaN(pid) ? { isAlive } : { isAlive, pid })
    }
    const timer = clock.setTimer(answerWithinMs, () => finish(true))
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.once('end', () => finish(true))
    socket.once('error', (error: NodeJS.ErrnoException) =>
      finish(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    )
  })
}

/** The socket by a way that fits an address: through a link in the folder for temporary files when its own path is too long. */
function shorten(folder: string, path: string): { path: string; remove(): void } {
  if (Buffer.byteLength(path) <= socketPathBytesMax) return { path, remove: () => undefined }
  const base = Buffer.byteLength(tmpdir()) < 60 ? tmpdir() : '/tmp'
  const detour = mkdtempSync(join(base, 'lotkeeper-'))
  symlinkSync(folder, join(detour, 'd'))
  return {
    path: join(detour, 'd', 'in-use.sock'),
    remove: () => rmSync(detour, { recursive: true, force: true }),
  }
}

function remove(path: string) {
  try {
    unlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
