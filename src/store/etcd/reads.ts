import type { IKeyValue, IRangeRequest, IRangeResponse } from 'etcd3'
import { assertKey } from '../key.ts'
import type { CallOptions, Entry, Key, Leaf, Store } from '../store.ts'
import type { Call } from './call.ts'
import { gatherRanges } from './gathered-ranges.ts'
import type { KeyLayout } from './key-layout.ts'

/** The newest store revision that this session has seen: no plain read may be answered from before it. */
export interface Seen {
  readonly revision: number
  /** Takes the header of an answer. */
  at(revision: string): void
}

export function createSeen(): Seen {
  let seen = 0
  return {
    get revision() {
      return seen
    },
    at(revision) {
      seen = Math.max(seen, Number(revision))
    },
  }
}

const pageSize = 1_000

/**
 * Plain reads are served by the link's own server without asking the quorum ("serializable"): cheaper, and as old as that
 * server. When its answer is older than what we have seen it is asked again, through the quorum. Fresh reads go through the
 * quorum at once; etcd lets those that wait at the same time share one round.
 */
export function createReads(deps: {
  call: Call
  layout: KeyLayout
  seen: Seen
}): Pick<Store, 'get' | 'list'> {
  const { call, layout, seen } = deps
  const gathered = gatherRanges()

  async function range(
    request: IRangeRequest,
    options: CallOptions,
    isFresh: boolean,
  ): Promise<IRangeResponse> {
    const neededRevision = seen.revision
    const answer = await call(
      {
        kind: 'read',
        isQuorum: isFresh,
        send: (link, grpc) => gathered(link, { ...request, serializable: !isFresh }, grpc),
      },
      options,
    )
    if (Number(answer.header.revision) < neededRevision) return range(request, options, true)
    seen.at(answer.header.revision)
    return answer
  }

  return {
    async get(key, options = {}) {
      assertKey(key)
      const answer = await range({ key: layout.leaf(key) }, options, options.fresh === true)
      const found = answer.kvs[0]
      return found === undefined ? undefined : entryOf(key, found)
    },
    async list(dir, options = {}) {
      assertKey(dir)
      const { key, range_end } = layout.leavesOf(dir)
      const leaves: Leaf[] = []
      for (let from = key; ;) {
        const page = await range(
          { key: from, range_end, limit: pageSize, keys_only: true },
          options,
          false,
        )
        for (const found of page.kvs) {
          const leafKey = layout.keyOf(found.key)
          leaves.push(
            options.createRevisions === true
              ? { key: leafKey, createRevision: BigInt(found.create_revision) }
              : { key: leafKey },
          )
        }
        const last = page.kvs.at(-1)
        if (!page.more || last === undefined) return leaves
        from = Buffer.concat([last.key, Buffer.of(0)])
      }
    },
  }
}

function entryOf(key: Key, found: IKeyValue): Entry {
  return {
    key,
    value: new Uint8Array(found.value),
    version: found.mod_revision,
    createRevision: BigInt(found.create_revision),
  }
}
