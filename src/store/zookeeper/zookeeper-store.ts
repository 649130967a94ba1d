import { assert, must } from '../../lib/assert.ts'
import { createDeferred } from '../../lib/deferred.ts'
import type { StoreAccess } from '../access.ts'
import { AccessRefused, Suspended } from '../errors.ts'
import type { OpenOptions } from '../open-options.ts'
import { type CallOptions, type Store, storeLimits } from '../store.ts'
import { createBarrier } from './barrier.ts'
import { createCommits } from './commits.ts'
import type { Connection } from './connection.ts'
import { createDirectories } from './directories.ts'
import { aclOf } from './library.ts'
import { createLink, type Link } from './link.ts'
import { createPaths } from './paths.ts'
import { type Patience, patienceOf, whenOver } from './patience.ts'
import { createReads } from './reads.ts'
import { parseServer } from './server-address.ts'
import { tlsRefusalOf } from '../tls-refusal.ts'
import { createWatches } from './watches.ts'

export interface ZookeeperOptions extends OpenOptions, StoreAccess {
  /** `host:port` of each server. */
  servers: readonly string[]
  /** Where everything of ours stands: `lotkeeper`, or `some/where`. */
  root: string
}

const openRoot =
  'what stands in ZooKeeper below this root was made without a login, so everybody may write it: ' +
  'take a new root, or set the ACL of all of it (docs/security.md)'

/** A server that is there, and why it does not have us; undefined when it may just be away. */
function refusalOf(reason: Error): AccessRefused | undefined {
  if (reason instanceof AccessRefused) return reason
  const advice = tlsRefusalOf(reason)
  return advice === undefined ? undefined : new AccessRefused(advice, { cause: reason })
}

/** Opening waits so long for a first session, or the session timeout if that is longer. */
const openMinMs = 5_000

/**
 * The store on a ZooKeeper ensemble (3.5 or newer), over node-zookeeper-client.
 * @throws Suspended when no server granted a session in time, AccessRefused when one said why not
 */
export async function openZookeeperStore(options: ZookeeperOptions): Promise<Store> {
  assert(options.servers.length > 0, 'at least one server')
  const paths = createPaths(options.root)
  const { tls, login, log } = options
  const acl = aclOf(login)
  const directories = createDirectories(paths, acl)
  const watches = createWatches({ ...options, paths })
  const first = createDeferred<Connection>()
  let lastFailure: Error | undefined
  const onFailure = (reason: Error) => {
    lastFailure = reason
    const refusal = refusalOf(reason)
    if (refusal !== undefined) first.reject(refusal)
  }
  const link = createLink({
    ...options,
    servers: options.servers.map(parseServer),
    access: { tls, login },
    onFailure,
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
  const ready = async (until: Patience) => {
    const connection = await first.promise
    await directories.ensureRoot(connection, until)
    // Whose it is shows only when it is written.
    await directories.writeBarrier(connection, until)
    if (login !== undefined && (await directories.isRootOpen(connection, until)))
      log.warn({ root: paths.root }, openRoot)
  }
  await firstSession(options, link, ready, () => lastFailure)
  const commits = createCommits({ ...options, paths, acl, directories, link, patience })

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
  lastFailure: () => Error | undefined,
): Promise<void> {
  const openMs = Math.max(openMinMs, options.sessionTimeoutMs)
  const until = { untilMs: options.clock.monotonicMs() + openMs, signal: undefined }
  const late = createDeferred<never>()
  const cancel = whenOver(options.clock, until, () => {
    const why = lastFailure() === undefined ? '' : `; the last try: ${lastFailure()?.message ?? ''}`
    late.reject(new Suspended(`no ZooKeeper server answers at ${options.servers.join(', ')}${why}`))
  })
  try {
    await Promise.race([ready(until), late.promise])
  } catch (error) {
    await link.close()
    if (error instanceof Suspended || error instanceof AccessRefused) throw error
    throw new Suspended(undefined, { cause: error })
  } finally {
    cancel()
  }
}
