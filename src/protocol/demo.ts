import { z } from 'zod'
import { count, instantText } from './scalar.ts'

/** What the control of `lotkeeper demo` tells its page and the cluster pages of its nodes. Not part of what nodes speak. */
export const demoDeeds = ['kill', 'freeze', 'thaw', 'restart'] as const
export type DemoDeed = (typeof demoDeeds)[number]

const temperaments = ['early-bird', 'sniper', 'stubborn', 'cautious', 'jumper', 'waverer'] as const
export type Temperament = (typeof temperaments)[number]

const demoNodeJson = z.object({
  nodeId: z.string(),
  url: z.string(),
  /** Null while it is dead, or where all nodes share one process. */
  pid: z.int().nullable(),
  state: z.enum(['starting', 'running', 'frozen', 'dead']),
  /** What can be done to it just now. */
  deeds: z.array(z.enum(demoDeeds)),
  leads: z.boolean(),
  /** Whether it holds the lock of the auction on the stage. */
  holdsLock: z.boolean(),
})
export type DemoNodeJson = z.infer<typeof demoNodeJson>

const demoFactJson = z.object({
  id: count,
  at: instantText,
  nodeId: z.string(),
  /** `died`: by other hands than the demo's. */
  kind: z.enum(['killed', 'frozen', 'thawed', 'restarted', 'died']),
  /** How long after it the next bid of the auction on the stage was acknowledged; absent until then. */
  nextBidAfterMs: count.optional(),
})
export type DemoFactJson = z.infer<typeof demoFactJson>

/** The robots' acknowledged bids, looked for in the journal again and again, from its beginning after every deed. */
const demoTallyJson = z.object({
  acknowledged: count,
  found: count,
  lost: count,
  refused: count,
  unknown: count,
  sentAgain: count,
})
export type DemoTallyJson = z.infer<typeof demoTallyJson>

export const demoStateJson = z.object({
  store: z.enum(['zookeeper', 'etcd', 'memory']),
  nodes: z.array(demoNodeJson),
  /** The auction that is shown; null until there is one. */
  stage: z.object({ auctionId: z.string(), title: z.string() }).nullable(),
  robots: z.array(z.object({ name: z.string(), temperament: z.enum(temperaments) })),
  tally: demoTallyJson,
  /** The newest last. */
  facts: z.array(demoFactJson),
})
export type DemoStateJson = z.infer<typeof demoStateJson>
