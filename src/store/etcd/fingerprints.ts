import type { IRequestOp } from 'etcd3'
import type { Call } from './call.ts'
import type { Seen } from './reads.ts'
import type { WatchedKeys } from './watch-stream.ts'

/** Ranges in one question; etcd takes 128. */
const batchMax = 64

/**
 * What tells, without their values, whether watched keys changed: of a key its last revision; of a directory how many leaves
 * it has and when the newest came. Read from the link's own server, and not at one moment.
 */
export async function readFingerprints(
  call: Call,
  seen: Seen,
  watched: readonly WatchedKeys[],
): Promise<string[]> {
  const fingerprints: string[] = []
  for (let at = 0; at < watched.length; at += batchMax) {
    const success = watched.slice(at, at + batchMax).map(lookAt)
    const { header, responses } = await call(
      { kind: 'read', isQuorum: false, send: (link, grpc) => link.kv.txn({ success }, grpc) },
      {},
    )
    seen.at(header.revision)
    for (const { response_range } of responses) {
      const newest = response_range.kvs[0]
      fingerprints.push(
        newest === undefined
          ? 'none'
          : `${response_range.count}/${newest.create_revision}/${newest.mod_revision}`,
      )
    }
  }
  return fingerprints
}

function lookAt(keys: WatchedKeys): IRequestOp {
  const newest = { limit: 1, sort_target: 'Create', sort_order: 'Descend' } as const
  return { request_range: { ...keys, ...newest, keys_only: true, serializable: true } }
}
