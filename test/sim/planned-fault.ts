import type { Entropy } from '../../src/lib/entropy.ts'

/** Whom it hits: one node by name, or whoever is that just then. */
export type Target = 'leader' | 'holder' | { readonly nodeId: string }

interface OfNode {
  readonly target: Target
}
interface Lasting {
  readonly forMs: number
}

/** What is going to go wrong. The names say what; faults.ts does it. */
export type Harm =
  /** kill -9 at any moment; back after a while. `isTold`: its connections are reset, else they just go silent. */
  | ({ kind: 'kill'; isTold: boolean } & OfNode & Lasting)
  /** kill -9 at the n-th call to the store from now: before it was sent, on its way, or with the answer on its way. */
  | ({ kind: 'kill-at-call'; call: number; when: 'before' | 'sent' | 'answered' } & OfNode &
      Lasting)
  /** SIGTERM; back after a while. */
  | ({ kind: 'terminate' } & OfNode & Lasting)
  | ({ kind: 'freeze' } & OfNode & Lasting)
  /** Nothing passes between a node and the store. */
  | ({ kind: 'silence' } & OfNode & Lasting)
  /** No node reaches the store. */
  | ({ kind: 'quorum-loss' } & Lasting)
  | ({ kind: 'lose-replies'; share: number } & OfNode & Lasting)
  | ({ kind: 'lose-requests'; share: number } & OfNode & Lasting)
  /** Requests that arrive when nobody waits for them any more. */
  | ({ kind: 'late'; share: number } & OfNode & Lasting)
  | ({ kind: 'slow'; slowness: number } & OfNode & Lasting)
  /** The next commit is carried out, and its answer lost. */
  | ({ kind: 'drop-reply' } & OfNode)
  | ({ kind: 'expire' } & OfNode)
  | ({ kind: 'jump-wall-clock'; byMs: number } & OfNode)
  /** A bidder's page is loaded again. */
  | { kind: 'reload'; bidder: number }
  /** A bidder's connections are reset. */
  | { kind: 'cut'; bidder: number }
  | ({ kind: 'freeze-page'; bidder: number } & Lasting)
  /** Bidders and a node do not hear each other. */
  | ({ kind: 'silence-people' } & OfNode & Lasting)

export interface PlannedFault {
  readonly atMs: number
  readonly harm: Harm
}

const faultsMax = 9

export function drawFaults(
  entropy: Entropy,
  among: { nodeIds: readonly string[]; beginMs: number; endMs: number; sessionTimeoutMs: number },
): PlannedFault[] {
  const random = () => entropy.random()
  const count = Math.floor(random() * (faultsMax + 1))
  const faults = Array.from({ length: count }, () => ({
    atMs: among.beginMs + random() * (among.endMs - among.beginMs),
    harm: drawHarm(entropy, among),
  }))
  return faults.sort((a, b) => a.atMs - b.atMs)
}

function drawHarm(
  entropy: Entropy,
  { nodeIds, sessionTimeoutMs }: { nodeIds: readonly string[]; sessionTimeoutMs: number },
): Harm {
  const random = () => entropy.random()
  const upTo = (count: number) => Math.floor(random() * count)
  const target = (): Target =>
    random() < 0.5
      ? { nodeId: nodeIds[upTo(nodeIds.length)] ?? 'n1' }
      : random() < 0.5
        ? 'leader'
        : 'holder'
  /** Often around the bounds at which somebody is given up. */
  const forMs = () => sessionTimeoutMs * (0.1 + random() * (random() < 0.5 ? 0.9 : 2.4))
  const when = (['before', 'sent', 'answered'] as const)[upTo(3)] ?? 'sent'
  const kinds: (() => Harm)[] = [
    () => ({ kind: 'kill', target: target(), forMs: forMs(), isTold: random() < 0.7 }),
    () => ({ kind: 'kill-at-call', target: target(), forMs: forMs(), call: upTo(12), when }),
    () => ({ kind: 'kill-at-call', target: 'holder', forMs: forMs(), call: upTo(6), when }),
    () => ({ kind: 'terminate', target: target(), forMs: forMs() }),
    () => ({ kind: 'freeze', target: target(), forMs: forMs() }),
    () => ({ kind: 'freeze', target: 'holder', forMs: forMs() }),
    () => ({ kind: 'silence', target: target(), forMs: forMs() }),
    () => ({ kind: 'quorum-loss', forMs: forMs() }),
    () => ({ kind: 'lose-replies', target: target(), forMs: forMs(), share: 0.1 + random() * 0.6 }),
    () => ({
      kind: 'lose-requests',
      target: target(),
      forMs: forMs(),
      share: 0.1 + random() * 0.6,
    }),
    () => ({ kind: 'late', target: target(), forMs: forMs(), share: 0.1 + random() * 0.5 }),
    () => ({ kind: 'slow', target: target(), forMs: forMs(), slowness: 10 + random() * 300 }),
    () => ({ kind: 'drop-reply', target: 'holder' }),
    () => ({ kind: 'expire', target: target() }),
    () => ({ kind: 'jump-wall-clock', target: target(), byMs: (random() - 0.5) * 60_000 }),
    () => ({ kind: 'reload', bidder: upTo(7) }),
    () => ({ kind: 'cut', bidder: upTo(7) }),
    () => ({ kind: 'freeze-page', bidder: upTo(7), forMs: forMs() * 3 }),
    () => ({ kind: 'silence-people', target: target(), forMs: forMs() * 2 }),
  ]
  return (kinds[upTo(kinds.length)] ?? (() => ({ kind: 'drop-reply', target: 'holder' })))()
}
