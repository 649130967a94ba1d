import type { ICompare, IRequestOp, ITxnRequest, ITxnResponse } from 'etcd3'
import { must } from '../../lib/assert.ts'
import { guardsOf } from '../check-commit.ts'
import type { Commit, CommitResult, Guard, Key, Write } from '../store.ts'
import type { KeyLayout } from './key-layout.ts'

/** A commit in etcd's words: compare, then write; otherwise read every guarded key, which tells the guards that failed. */
export interface Transaction {
  readonly request: ITxnRequest
  resultOf: (response: ITxnResponse) => CommitResult
}

interface Found {
  readonly mod_revision: string
}

export function transactionOf(commit: Commit, layout: KeyLayout, leaseId: string): Transaction {
  const guards = guardsOf(commit)
  const rawKeys = new Map<Key, Buffer>()
  for (const { key } of guards) if (!rawKeys.has(key)) rawKeys.set(key, layout.leaf(key))
  const raw = (key: Key) => must(rawKeys.get(key), 'guard of a write')
  return {
    request: {
      compare: guards.map((guard) => compareOf(guard, raw(guard.key))),
      success: commit.writes.map((write) => writeOf(write, raw(write.key), leaseId)),
      failure: [...rawKeys.values()].map((key) => ({ request_range: { key, keys_only: true } })),
    },
    resultOf(response) {
      if (response.succeeded) {
        const { revision } = response.header
        const written = commit.writes.filter((write) => write.kind !== 'delete')
        return {
          ok: true,
          revision: BigInt(revision),
          versions: new Map(written.map((write) => [write.key, revision])),
        }
      }
      const found = new Map<Key, Found | undefined>()
      let index = 0
      for (const key of rawKeys.keys()) {
        found.set(key, response.responses[index++]?.response_range.kvs[0])
      }
      return { ok: false, failed: guards.filter((guard) => !holds(guard, found.get(guard.key))) }
    },
  }
}

function compareOf(guard: Guard, key: Buffer): ICompare {
  switch (guard.kind) {
    case 'absent':
      return { target: 'Create', result: 'Equal', key, create_revision: 0 }
    case 'present':
      return { target: 'Create', result: 'Greater', key, create_revision: 0 }
    case 'unchanged':
      return { target: 'Mod', result: 'Equal', key, mod_revision: guard.version }
  }
}

function writeOf(write: Write, key: Buffer, leaseId: string): IRequestOp {
  if (write.kind === 'delete') return { request_delete_range: { key } }
  const value = Buffer.from(write.value.buffer, write.value.byteOffset, write.value.byteLength)
  // Without ignore_lease a put would cut an ephemeral loose from its session, to live for ever.
  if (write.kind === 'put') return { request_put: { key, value, ignore_lease: true } }
  return {
    request_put: write.ephemeral === undefined ? { key, value } : { key, value, lease: leaseId },
  }
}

function holds(guard: Guard, found: Found | undefined): boolean {
  switch (guard.kind) {
    case 'absent':
      return found === undefined
    case 'present':
      return found !== undefined
    case 'unchanged':
      return found?.mod_revision === guard.version
  }
}
