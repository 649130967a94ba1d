import type { Disk, Facts } from './disk.ts'

/** How many revisions are set aside on disk at a time: rising across crashes without a write for each. */
const revisionBlock = 1_000_000n

/** Store-wide revisions, never given twice, also to ephemerals that a crash forgets. */
export interface Revisions {
  next(): bigint
  /** What the next write must take along so that `next` may go on; empty nearly always. */
  due(): Facts
  /** What `due` gave, or `last`, is on disk. */
  written(facts: Facts): void
  /** At a clean stop: nothing beyond these was used. */
  last(): Facts
}

/** Nothing may be given out before the first `due` is written. */
export function createRevisions(disk: Pick<Disk, 'fact'>): Revisions {
  let current = BigInt(disk.fact('revisions') ?? '0')
  let ceiling = current
  return {
    next: () => ++current,
    due: () =>
      ceiling - current > revisionBlock / 2n ? {} : { revisions: String(current + revisionBlock) },
    written(facts) {
      if (facts.revisions !== undefined) ceiling = BigInt(facts.revisions)
    },
    last: () => ({ revisions: String(current) }),
  }
}
