import { acknowledgeFirst } from './acknowledge-first.ts'
import { closeConflated } from './close-conflated.ts'
import { closeUnguarded } from './close-unguarded.ts'
import { creditShort } from './credit-short.ts'
import { creditTwice } from './credit-twice.ts'
import { extensionLater } from './extension-later.ts'
import { forwardedAsRejected } from './forwarded-as-rejected.ts'
import { idsForgotten } from './ids-forgotten.ts'
import { immortalEphemerals } from './immortal-ephemerals.ts'
import { linkAsStore } from './link-as-store.ts'
import { newBidId } from './new-bid-id.ts'
import { noGuard } from './no-guard.ts'
import { notesUnread } from './notes-unread.ts'
import { numbersPerNode } from './numbers-per-node.ts'
import type { Plant } from './plant.ts'
import { refusalAsSuccess } from './refusal-as-success.ts'
import { retryAsNewBatch } from './retry-as-new-batch.ts'
import { staleFreshReads } from './stale-fresh-reads.ts'
import { termUnchecked } from './term-unchecked.ts'
import { tornCommit } from './torn-commit.ts'
import { unknownAsRejected } from './unknown-as-rejected.ts'
import { versionZero } from './version-zero.ts'
import { wallClockTimers } from './wall-clock-timers.ts'
import { watchWithoutReread } from './watch-without-reread.ts'

/** Every planted bug. */
export const plants: readonly Plant[] = [
  noGuard,
  acknowledgeFirst,
  refusalAsSuccess,
  retryAsNewBatch,
  tornCommit,
  versionZero,
  newBidId,
  unknownAsRejected,
  forwardedAsRejected,
  idsForgotten,
  watchWithoutReread,
  numbersPerNode,
  closeConflated,
  extensionLater,
  closeUnguarded,
  creditTwice,
  creditShort,
  notesUnread,
  linkAsStore,
  termUnchecked,
  wallClockTimers,
  staleFreshReads,
  immortalEphemerals,
]
