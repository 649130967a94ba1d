import { assert } from '../../lib/assert.ts'
import type { OpenOptions } from '../open-options.ts'
import { createRoom } from '../room.ts'
import { type Store, storeLimits } from '../store.ts'
import { createCall } from './call.ts'
import { createCommits } from './commits.ts'
import type { EtcdDoor } from './door.ts'
import { readFingerprints } from './fingerprints.ts'
import { createKeyLayout } from './key-layout.ts'
import { openLifeline } from './lifeline.ts'
import { createReads, createSeen } from './reads.ts'
import { createWatchLine } from './watch-line.ts'
import { createWatches } from './watches.ts'

export interface EtcdOptions extends OpenOptions {
  /** `host:port` of each member. */
  servers: readonly string[]
  /** All our keys stand below it: letters and digits, as in the store's URL. */
  root: string
  /** Without, nobody logs in, and nothing is encrypted. */
  door?: EtcdDoor
}

/**
 * A store on etcd 3.4 or newer, through etcd3's bare KV, lease and watch calls: of the library's own retries, leases, locks,
 * elections and watchers none is used.
 * @throws Suspended when no server let us in within the session timeout, AccessRefused when one said why not
 */
export async function openEtcdStore(options: EtcdOptions): Promise<Store> {
  const { clock, servers, sessionTimeoutMs } = options
  assert(servers.length > 0, 'an etcd store has servers')
  const layout = createKeyLayout(options.root)
  const probeKey = layout.leaf('probe~')
  const seen = createSeen()
  const line = createWatchLine({ ...options, probeEveryMs: sessionTimeoutMs / 3, probeKey })
  const lifeline = await openLifeline({
    ...options,
    timeoutMs: sessionTimeoutMs,
    probeKey,
    onLink: (link) => line.useLink(link),
  })
  const call = createCall({ clock, sessionTimeoutMs, lifeline })
  const watches = createWatches({
    ...options,
    layout,
    line,
    seen,
    isServing: () => lifeline.handle.session.state === 'serving',
    look: (watched) => readFingerprints(call, seen, watched),
  })
  const roomKey = layout.leaf('room~')
  const room = createRoom({
    ...options,
    probe: () =>
      call(
        {
          kind: 'commit',
          isQuorum: true,
          send: (link, grpc) => link.kv.put({ key: roomKey, value: Buffer.from('1') }, grpc),
        },
        {},
      ),
    onChange: () => lifeline.tell(),
  })
  const commits = createCommits({ ...options, call, layout, lifeline, seen, room })
  lifeline.onChange((session) => {
    if (session.state === 'serving') watches.ringAll()
  })

  return {
    kind: 'etcd',
    limits: storeLimits,
    get session() {
      return lifeline.handle.session
    },
    health: () => ({
      servers: lifeline.server === undefined ? [] : [lifeline.server],
      watchCount: watches.count,
      ephemeralCount: commits.ephemeralCount,
      isFull: room.isFull,
    }),
    onSessionChange: (listener) => lifeline.onChange(listener),
    // No etcd is known to us that lacked a commit on one server alone, so there is none to go to: it is said, no more.
    distrust: (reason) => options.log.warn({ reason }, 'the store lacks what was committed'),
    ...createReads({ call, layout, seen }),
    commit: (commit, callOptions = {}) => commits.commit(commit, callOptions),
    watch: (target, { signal }) => watches.watch(target, signal),
    async close() {
      room.close()
      watches.close()
      line.close()
      await lifeline.close()
    },
  }
}
