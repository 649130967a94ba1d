import type { Entropy } from '../../src/lib/entropy.ts'
import type { OpenSale } from './auctions.ts'
import type { Cluster } from './cluster.ts'
import type { Eyes } from './eyes.ts'
import type { Load } from './load.ts'
import type { RunOptions } from './options.ts'
import type { Prober } from './prober.ts'
import type { Recorder } from './recorder.ts'
import type { Victims } from './victims.ts'

/** What a scenario works with, while everybody bids. */
export interface Run {
  readonly options: RunOptions
  readonly cluster: Cluster
  readonly eyes: Eyes
  readonly recorder: Recorder
  readonly sale: OpenSale
  readonly load: Load
  readonly prober: Prober
  readonly victims: Victims
  /** Of the seed: who is hit. */
  readonly entropy: Entropy
  /** For the person who waits. */
  say: (progress: string) => void
}
