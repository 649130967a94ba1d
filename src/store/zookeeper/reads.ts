import { asError, type Clock } from '../../lib/clock.ts'
import { Suspended } from '../errors.ts'
import { assertKey } from '../key.ts'
import type { CallOptions, Entry, Key, Leaf, ListOptions, Store } from '../store.ts'
import type { Barrier } from './barrier.ts'
import type { Connection } from './connection.ts'
import { codeOf, codes, NoAnswer, NotSent } from './failures.ts'
import type { Link } from './link.ts'
import { isLeafName, type Paths } from './paths.ts'
import { type Patience, whenOver } from './patience.ts'

export function createReads(deps: {
  clock: Clock
  paths: Paths
  link: Link
  barrier: Barrier
  patience: (call: CallOptions) => Patience
}): Pick<Store, 'get' | 'list'> {
  const { paths, link } = deps
  return {
    async get(key, options = {}) {
      assertKey(key)
      const patience = deps.patience(options)
      const read = (connection: Connection) => readEntry(connection, paths, key, patience)
      try {
        if (options.fresh !== true) return await read(await link.connected(patience))
        // Refused at once, not behind a barrier that cannot be sent.
        link.current()
        return await whilePatient(deps.clock, patience, deps.barrier.behind(read))
      } catch (error) {
        throw readFailure(error, patience)
      }
    },
    async list(dir, options = {}) {
      assertKey(dir)
      const patience = deps.patience(options)
      // Many questions; unless the caller set a bound to all of them, each has the usual time.
      const renew = options.deadlineMs === undefined ? () => deps.patience(options) : () => patience
      try {
        return await readLeaves(await link.connected(patience), paths, dir, options, renew)
      } catch (error) {
        throw readFailure(error, patience)
      }
    },
  }
}

/** A barrier is shared, so it has a patience of its own; each caller has his. */
function whilePatient<T>(clock: Clock, patience: Patience, asked: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = whenOver(clock, patience, () => reject(new NoAnswer('no answer in time')))
    asked.then(resolve, (error: unknown) => reject(asError(error))).finally(cancel)
  })
}

/** Questions of one list that are under way at once. */
const listWindow = 500

async function readEntry(
  connection: Connection,
  paths: Paths,
  key: Key,
  patience: Patience,
): Promise<Entry | undefined> {
  return unlessMissing(
    connection.ask<Entry>((client, answer) => {
      client.getData(paths.leaf(key), (error, data: Buffer | undefined, stat) => {
        if (error) answer(error, undefined as never)
        else
          answer(null, {
            key,
            value: data ?? new Uint8Array(0),
            version: String(stat.version),
            createRevision: stat.czxid.readBigInt64BE(0),
          })
      })
    }, patience),
  )
}

async function readLeaves(
  connection: Connection,
  paths: Paths,
  dir: Key,
  options: ListOptions,
  renew: () => Patience,
): Promise<Leaf[]> {
  const names = await unlessMissing(
    connection.ask<string[]>(
      (client, answer) => client.getChildren(paths.directory(dir), answer),
      renew(),
    ),
  )
  const keys = (names ?? []).filter(isLeafName).map((name) => `${dir}/${name}`)
  if (options.createRevisions !== true) return keys.map((key) => ({ key }))
  const leaves: Leaf[] = []
  for (let start = 0; start < keys.length; start += listWindow) {
    const window = keys.slice(start, start + listWindow)
    const patience = renew()
    const read = await Promise.all(
      window.map(async (key) => {
        const stat = await connection.ask<{ czxid: Buffer } | null>(
          (client, answer) => client.exists(paths.leaf(key), answer),
          patience,
        )
        return stat === null ? undefined : { key, createRevision: stat.czxid.readBigInt64BE(0) }
      }),
    )
    for (const leaf of read) if (leaf !== undefined) leaves.push(leaf)
  }
  return leaves
}

async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (codeOf(error) === codes.noNode) return undefined
    throw error
  }
}

/** What the port throws when a read got no answer, or an error for one; the caller's own reason when he gave up. */
function readFailure(error: unknown, patience: Patience): Error {
  if (patience.signal?.aborted === true) return asError(patience.signal.reason)
  if (error instanceof NotSent || error instanceof NoAnswer || codeOf(error) !== undefined) {
    return new Suspended(undefined, { cause: error })
  }
  return asError(error)
}
