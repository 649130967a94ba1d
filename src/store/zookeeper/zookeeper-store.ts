import { assert, must } from '../../lib/assert.ts'
import { createDeferred } from '../../lib/deferred.ts'
import { Suspended } from '../errors.ts'
import type { OpenOptions } from '../open-options.ts'
import { type CallOptions, type Store, storeLimits } from '../store.ts'
import { createBarrier } from './barrier.ts'
import { createCommits } from './commits.ts'
import type { Connection } from './connection.ts'
import { createDirectories } from './directories.ts'
import { createLink, type Link } from './link.ts'
import { createPaths } from './paths.ts'
import { type Patience, patienceOf, whenOver } from './patience.ts'
import { createReads } from './reads.ts'
import { parseServer } from './server-address.ts'
import { createWatches } from './watches.ts'

export interface ZookeeperOptions extends OpenOptions {
  /** `host:port` of each server. */
  servers: readonly string[]
  /** Where everything of ours stands: `lotkeeper`, or `some/where`. */
  root: string
}

/** Opening waits so long for a first session, or the session timeout if that is longer. */
const openMinMs = 5_000

/**
 * The store on a ZooKeeper ensemble (3.5 or newer), over node-zookeeper-client.
 * @throws Suspended when no server granted a session in time
 */
export async function openZookeeperStore(options: ZookeeperOptions): Promise<Store> {
  assert(options.servers.length > 0, 'at least one server')
  const paths = createPaths(options.root)
  const directories = createDirectories(paths)
  const watches = createWatches({ ...options, paths })
  const first = createDeferred<Connection>()
  const link = createLink({
    ...options,
    servers: options.servers.map(parseServer),
    probe: (connection, until = patience()) => directories.writeBarrier(connection, until),
    onConnection(connection) {
      first.resolve(connection)
      watches.connected(connection)
    },
  })
  const patience = (call: CallOptions = {}) =>
    patienceOf(options.clock, call, options.sessionTimeoutMs / 3)
  const barrier = createBarrier({
    connected: () => link.connected(patience()),
    write: (connection) => directories.writeBarrier(connection, patience()),
  })
  await firstSession(options, link, async (until) => {
    await directories.ensureRoot(await first.promise, until)
  })
  const commits = createCommits({ ...options, paths, directories, link, patience })

  return {
    kind: 'zookeeper',
    limits: storeLimits,
    get session() {
      return must(link.session, 'session')
    },
    health: () => ({
      servers: link.reachable,
      watchCount: watches.count,
      ephemeralCount: commits.ephemeralCount,
    }),
    onSessionChange: (listener) => link.onSessionChange(listener),
    distrust: (reason) => link.distrust(reason),
    ...createReads({ paths, link, barrier, patience, clock: options.clock }),
    commit: commits.commit,
    watch: (target, { signal }) => watches.watch(target, signal),
    async close() {
      watches.close()
      await link.close()
    },
  }
}

async function firstSession(
  options: ZookeeperOptions,
  link: Link,
  ready: (until: Patience) => Promise<void>,
): Promise<void> {
  const openMs = Math.max(openMinMs, options.sessionTimeoutMs)
  const until = { untilMs: options.clock.monotonicMs() + openMs, signal: undefined }
  const late = createDeferred<never>()
  const cancel = whenOver(options.clock, until, () => {
    late.reject(new Suspended(`no ZooKeeper server answers at ${options.servers.join(', ')}`))
  })
  try {
    await Promise.race([ready(until), late.promise])
  } catch (error) {
    await link.close()
    throw error instanceof Suspended ? error : new Suspended(undefined, { cause: error })
  } finally {
    cancel()
  }
}
