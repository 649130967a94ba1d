import type { Doorbell } from '../../lib/doorbell.ts'
import type { WatchTarget } from '../store.ts'
import type { Connection } from './connection.ts'
import { codeOf, codes } from './failures.ts'
import { removeWatches } from './library.ts'
import type { Paths } from './paths.ts'
import type { Patience } from './patience.ts'

/** One watched key or directory, however many listen. */
export interface WatchPoint {
  readonly name: string
  readonly path: string
  readonly isDirectory: boolean
  readonly bells: Set<Doorbell>
  /** Somebody sees to its watch; otherwise it waits for a connection, or is polled. */
  isKept: boolean
  /** Between the server's word that it watches and the next change. */
  isArmed: boolean
  /** Ends the waiting for that change. */
  wake: () => void
  /** What a poll saw last. */
  seen: string | undefined
}

export function createWatchPoint(target: WatchTarget, paths: Paths): WatchPoint {
  const isDirectory = 'dir' in target
  return {
    name: nameOfTarget(target),
    path: isDirectory ? paths.directory(target.dir) : paths.leaf(target.key),
    isDirectory,
    bells: new Set(),
    isKept: false,
    isArmed: false,
    wake: () => undefined,
    seen: undefined,
  }
}

export function nameOfTarget(target: WatchTarget): string {
  return 'dir' in target ? `dir ${target.dir}` : `key ${target.key}`
}

const directoryTriesMax = 5

/** Resolves when the server will call `onFire` at the next change: what is read after this misses none. */
export async function arm(
  connection: Connection,
  point: WatchPoint,
  onFire: () => void,
  patience: Patience,
): Promise<void> {
  const { path } = point
  const watchNode = () =>
    connection.ask<object | null>((client, answer) => client.exists(path, onFire, answer), patience)
  if (!point.isDirectory) {
    await watchNode()
    return
  }
  for (let tries = 1; ; tries++) {
    try {
      await connection.ask<string[]>(
        (client, answer) => client.getChildren(path, onFire, answer),
        patience,
      )
      return
    } catch (error) {
      if (codeOf(error) !== codes.noNode || tries === directoryTriesMax) throw error
    }
    // Not there: be told when it comes. If it came meanwhile, watch its children after all.
    if ((await watchNode()) === null) return
  }
}

/** The server need not tell any more. Never fails: on a broken connection there is nothing to take back. */
export function disarm(connection: Connection, path: string, patience: Patience): void {
  connection
    .ask<unknown>((client, answer) => {
      removeWatches(client, path, (error) => answer(error, undefined))
    }, patience)
    .catch(() => undefined)
}

/** Differs from the last one when something changed in between. */
export async function fingerprint(
  connection: Connection,
  point: WatchPoint,
  patience: Patience,
): Promise<string> {
  const stat = await connection.ask<{ czxid: Buffer; mzxid: Buffer; pzxid: Buffer } | null>(
    (client, answer) => client.exists(point.path, answer),
    patience,
  )
  if (stat === null) return 'absent'
  const changed = point.isDirectory ? stat.pzxid : stat.mzxid
  return `${stat.czxid.toString('hex')} ${changed.toString('hex')}`
}
