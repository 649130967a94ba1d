import { seededEntropy } from '../../../src/lib/entropy.ts'
import type { Plan, PlannedAuction } from '../plan.ts'
import type { Harm, PlannedFault } from '../planned-fault.ts'

/**
 * The world in which a bug has its chance: three nodes, one auction with many eager bidders, and the faults that a plant names.
 * What is drawn stays drawn: when exactly things happen, and in which order.
 */
export function stage(over: (at: StageContext) => Partial<Plan>): (plan: Plan) => Plan {
  return (plan) => {
    const { seed } = plan
    const entropy = seededEntropy(seed * 3 + 1)
    const about = (ms: number) => ms + entropy.random() * 400
    const fault = (atMs: number, harm: Harm): PlannedFault => ({ atMs: about(atMs), harm })
    const base: Plan = {
      ...plan,
      timing: { sessionTimeoutMs: 6_000, closeGraceMs: 250, lockPatienceMs: 300 },
      nodes: ['n1', 'n2', 'n3'].map((nodeId, index) => ({
        ...{ nodeId, startMs: index * 300, wallOffsetMs: 0 },
        driftPpm: (entropy.random() - 0.5) * 200,
      })),
      staleMsMax: 0,
      auctions: [auction],
      bidders: Array.from({ length: 6 }, (_, index) => ({
        ...{ name: `b${index + 1}`, thinkMs: 150, wallOffsetMs: 0 },
      })),
      faults: [],
      faultsEndMs: 7_000,
    }
    return { ...base, ...over({ fault, auction, plan: base }) }
  }
}

export interface StageContext {
  /** Somewhat later than that, by the seed. */
  readonly fault: (atMs: number, harm: Harm) => PlannedFault
  readonly auction: PlannedAuction
  readonly plan: Plan
}

const auction: PlannedAuction = {
  createMs: 3_000,
  startsInMs: undefined,
  durationMs: 6_000,
  softClose: null,
  mayRaiseOwnBid: true,
}
