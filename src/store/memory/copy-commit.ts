import type { Commit } from '../store.ts'

/** The commit as it was asked for, whatever the caller does with its buffers afterwards. */
export function copyCommit(commit: Commit): Commit {
  return {
    guards: commit.guards,
    writes: commit.writes.map((write) =>
      write.kind === 'delete' ? write : { ...write, value: new Uint8Array(write.value) },
    ),
  }
}
