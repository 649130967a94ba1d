import { type Entropy, seededEntropy } from '../../src/lib/entropy.ts'
import { drawFaults, type PlannedFault } from './planned-fault.ts'
import type { SimTiming } from './sim-node.ts'

/** safety: any faults, to the very end. liveness: the faults stop, and then everything has to finish. */
export type Mode = 'safety' | 'liveness'

/** Everything about one simulated world that is drawn before it begins. */
export interface Plan {
  readonly seed: number
  readonly mode: Mode
  readonly timing: SimTiming
  readonly nodes: readonly PlannedNode[]
  /** How old plain reads may be. */
  readonly staleMsMax: number
  /** How much heavier than it is each byte weighs on a socket: that a slow one is conflated is not left to megabytes. */
  readonly byteWeight: number
  readonly auctions: readonly PlannedAuction[]
  readonly bidders: readonly PlannedBidder[]
  readonly faults: readonly PlannedFault[]
  /** No fault begins after this, in ms since the beginning; in liveness mode everything is healed then. */
  readonly faultsEndMs: number
}

export interface PlannedNode {
  readonly nodeId: string
  readonly startMs: number
  readonly wallOffsetMs: number
  readonly driftPpm: number
}

export interface PlannedAuction {
  readonly createMs: number
  /** Undefined: opens at once. */
  readonly startsInMs: number | undefined
  readonly durationMs: number
  readonly softClose: {
    windowMs: number
    extensionMs: number
    mode: 'add' | 'reset'
    maxExtensions: number
  } | null
  readonly mayRaiseOwnBid: boolean
}

export interface PlannedBidder {
  readonly name: string
  readonly thinkMs: number
  /** A phone's clock may be wrong by much. */
  readonly wallOffsetMs: number
}

const warmUpMs = 5_000

export function drawPlan(seed: number, mode: Mode): Plan {
  const entropy = seededEntropy(seed * 2 + (mode === 'safety' ? 0 : 1))
  const random = () => entropy.random()
  const nodeCount = pick(entropy, [1, 2, 2, 3, 3, 3, 3, 3, 5])
  const faultsEndMs = warmUpMs + 6_000 + random() * 14_000
  const sessionTimeoutMs = pick(entropy, [2_000, 3_000, 6_000])
  const isSkewed = random() < 0.2
  const nodes = Array.from({ length: nodeCount }, (_, index) => ({
    nodeId: `n${index + 1}`,
    startMs: index === 0 ? 0 : random() * 1_500,
    wallOffsetMs: (random() - 0.5) * (isSkewed && index === 0 ? 10_000 : 40),
    driftPpm: (random() - 0.5) * 200,
  }))
  const auctions = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
    drawAuction(entropy, faultsEndMs),
  )
  return {
    seed,
    mode,
    timing: { sessionTimeoutMs, closeGraceMs: 250, lockPatienceMs: pick(entropy, [300, 1_000]) },
    nodes,
    byteWeight: pick(entropy, [1, 1, 200]),
    staleMsMax: pick(entropy, [0, 0, 200, 2_000]),
    auctions,
    bidders: Array.from({ length: 2 + Math.floor(random() * 5) }, (_, index) => ({
      name: `b${index + 1}`,
      thinkMs: 100 + random() * 900,
      wallOffsetMs: random() < 0.2 ? (random() - 0.5) * 1_200_000 : 0,
    })),
    faults: drawFaults(entropy, {
      nodeIds: nodes.map(({ nodeId }) => nodeId),
      beginMs: warmUpMs,
      endMs: faultsEndMs,
      sessionTimeoutMs,
    }),
    faultsEndMs,
  }
}

function drawAuction(entropy: Entropy, faultsEndMs: number): PlannedAuction {
  const random = () => entropy.random()
  const softClose =
    random() < 0.25
      ? null
      : {
          windowMs: 500 + Math.floor(random() * 2_500),
          extensionMs: 500 + Math.floor(random() * 2_500),
          mode: pick(entropy, ['add', 'reset'] as const),
          maxExtensions: 1 + Math.floor(random() * 5),
        }
  return {
    createMs: 3_000 + random() * 1_000,
    startsInMs: random() < 0.3 ? 500 + Math.floor(random() * 4_000) : undefined,
    durationMs: 5_000 + Math.floor(random() * (faultsEndMs - warmUpMs)),
    softClose,
    mayRaiseOwnBid: random() < 0.5,
  }
}

export function pick<T>(entropy: Entropy, from: readonly T[]): T {
  return from[Math.floor(entropy.random() * from.length)] as T
}
