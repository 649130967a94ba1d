import type { Lock } from '../recipes/lock.ts'
import type { Store } from '../store/store.ts'

/** Gives locks up in one commit; where that fails (one of them may have been taken away), each by itself. Never throws. */
export async function leaveTogether(
  store: Pick<Store, 'commit'>,
  locks: readonly Lock[],
): Promise<void> {
  if (locks.length === 0) return
  const writes = locks.flatMap(({ farewell }) => (farewell === undefined ? [] : [farewell.write]))
  const isGone = await store.commit({ guards: [], writes }).then(
    ({ ok }) => ok,
    () => false,
  )
  for (const { farewell } of locks) if (isGone) farewell?.landed()
  const others = locks.filter(({ farewell }) => !isGone || farewell === undefined)
  await Promise.all(others.map((lock) => lock.release()))
}
