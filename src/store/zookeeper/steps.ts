import type { ACL } from 'node-zookeeper-client'
import type { Commit, Guard, Key } from '../store.ts'
import type { Answer } from './calls.ts'
import { codes } from './failures.ts'
import type { LibraryClient } from './library.ts'
import type { Paths } from './paths.ts'

/** One operation of ZooKeeper's `multi`, and the guards that it proves. */
export interface Step {
  readonly kind: 'check' | 'create' | 'put' | 'delete'
  readonly key: Key
  readonly proves: readonly Guard[]
  readonly value?: Uint8Array
  readonly isEphemeral?: boolean
  /** Of `check` and `put`; otherwise any. */
  readonly version?: number
}

/**
 * A commit as ZooKeeper's operations. A guard on a key that is also written rides on the write where it can; one that a key
 * is absent, for which there is no check, becomes a creation that is taken back in the same `multi`.
 */
export function stepsOf(commit: Commit): Step[] {
  const left = new Set(commit.guards)
  const writes = commit.writes.map((write): Step => {
    const own: Guard = { kind: write.kind === 'create' ? 'absent' : 'present', key: write.key }
    const riding = [...left].filter((guard) => guard.key === write.key && guard.kind === own.kind)
    const unchanged =
      write.kind === 'put'
        ? [...left].find((guard) => guard.key === write.key && guard.kind === 'unchanged')
        : undefined
    if (unchanged !== undefined) riding.push(unchanged)
    for (const guard of riding) left.delete(guard)
    return {
      kind: write.kind,
      key: write.key,
      proves: [own, ...riding],
      ...(write.kind !== 'delete' && { value: write.value }),
      ...(write.kind === 'create' && { isEphemeral: write.ephemeral !== undefined }),
      ...(unchanged?.kind === 'unchanged' && { version: Number(unchanged.version) }),
    }
  })
  return [...[...left].flatMap(checksOf), ...writes]
}

function checksOf(guard: Guard): Step[] {
  const { key } = guard
  if (guard.kind === 'absent') {
    return [
      { kind: 'create', key, proves: [guard], value: new Uint8Array(0) },
      { kind: 'delete', key, proves: [] },
    ]
  }
  const version = guard.kind === 'unchanged' ? Number(guard.version) : anyVersion
  return [{ kind: 'check', key, proves: [guard], version }]
}

const anyVersion = -1
const ephemeralMode = 1
const persistentMode = 0

export interface StepResult {
  readonly type: number
  readonly err?: number
  readonly stat?: { readonly version: number }
}

/** Sends the steps as one `multi`. Of a refused one the results tell which step failed first, and how. */
export function sendSteps(
  client: LibraryClient,
  steps: readonly Step[],
  { paths, acl }: { paths: Paths; acl: ACL[] },
  answer: Answer<StepResult[] | undefined>,
): void {
  const transaction = client.transaction()
  const { ops } = transaction as unknown as { ops: { version?: number }[] }
  for (const step of steps) {
    const path = paths.leaf(step.key)
    const bytes = Buffer.from(step.value ?? [])
    if (step.kind === 'create') {
      const mode = step.isEphemeral === true ? ephemeralMode : persistentMode
      transaction.create(path, bytes, acl, mode)
      continue
    }
    if (step.kind === 'put') transaction.setData(path, bytes)
    else if (step.kind === 'delete') transaction.remove(path)
    else transaction.check(path)
    // Not as an argument: the library takes version 0, which every new leaf has, for "any version".
    const op = ops.at(-1)
    if (op !== undefined) op.version = step.version ?? anyVersion
  }
  transaction.commit(answer)
}

/** What a step's failure proves about its guards. */
export function failedBy(step: Step, code: number): Guard[] {
  if (code !== codes.badVersion) return [...step.proves]
  return step.proves.filter((guard) => guard.kind === 'unchanged')
}
