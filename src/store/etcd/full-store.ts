import type { ITxnResponse } from 'etcd3'
import { asError } from '../../lib/clock.ts'
import { OutcomeUnknown, Suspended } from '../errors.ts'
import type { Commit, CommitResult, Write } from '../store.ts'
import type { Call } from './call.ts'
import type { KeyLayout } from './key-layout.ts'
import type { Transaction } from './transaction.ts'

/** etcd's words for it, at the door as well as after the deed. */
const noSpace = 'database space exceeded'

export function isFull(error: unknown): boolean {
  return error instanceof OutcomeUnknown && error.message.includes(noSpace)
}

type Telling = Exclude<Write, { kind: 'delete' }>

/**
 * What became of a commit that a full etcd refused. It refuses some at the door, and some that it has carried out already, in
 * the same words: a read through the quorum tells them apart by what one of the writes left.
 * @throws Suspended when nothing was written; OutcomeUnknown when that cannot be told any more
 */
export async function settleFull(
  commit: Commit,
  { resultOf }: Transaction,
  deps: { call: Call; layout: KeyLayout },
): Promise<CommitResult> {
  const telling = tellingWrite(commit)
  if (telling === undefined) throw new OutcomeUnknown('the store is full')
  const { write, before } = telling
  const found = await read(write, deps)
  // A create finds nothing, a guarded put the version it was decided on: it never happened.
  if (found?.mod_revision === before) throw new Suspended('the store is full')
  if (found === undefined || !found.value.equals(write.value))
    throw new OutcomeUnknown('the store is full, and somebody else wrote since')
  const header = { revision: found.mod_revision }
  return resultOf({ succeeded: true, header, responses: [] } as unknown as ITxnResponse)
}

/** One of which it is known how its key looked before: absent, or of the version that was guarded. */
function tellingWrite({ guards, writes }: Commit) {
  for (const write of writes) {
    if (write.kind === 'create') return { write: write as Telling, before: undefined }
    const guard = guards.find(({ kind, key }) => kind === 'unchanged' && key === write.key)
    if (write.kind === 'put' && guard?.kind === 'unchanged')
      return { write: write as Telling, before: guard.version as string | undefined }
  }
  return undefined
}

async function read({ key }: Telling, { call, layout }: { call: Call; layout: KeyLayout }) {
  try {
    const answer = await call(
      {
        kind: 'read',
        isQuorum: true,
        send: (link, grpc) => link.kv.range({ key: layout.leaf(key) }, grpc),
      },
      {},
    )
    return answer.kvs[0]
  } catch (error) {
    throw new OutcomeUnknown('the store is full and silent', { cause: asError(error) })
  }
}
