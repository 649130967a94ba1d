import type { DemoDeed, DemoNodeJson } from '../../src/protocol/demo.ts'

export type DemoNodeState = DemoNodeJson['state']

/** A node of the demo, in whatever way it runs; it can be killed, and then keeps its port, its name and its store. */
export interface DemoNode {
  readonly nodeId: string
  readonly url: string
  /** Undefined while it is dead, or where all nodes share this process. */
  readonly pid: number | undefined
  readonly state: DemoNodeState
  /** What can be done to it just now. */
  readonly deeds: readonly DemoDeed[]
  /** Resolves when it is done. @throws when it is not among `deeds`, or a restart failed */
  do(deed: DemoDeed): Promise<void>
  /** Told when it died without our doing. */
  onDied(listener: () => void): void
  /** In order, whatever its state. */
  stop(): Promise<void>
}

/** Somebody asked for what cannot be done to a node just now. */
export class DeedRefused extends Error {
  override readonly name = 'DeedRefused'
}

export function refuseDeed(node: Pick<DemoNode, 'nodeId' | 'state' | 'deeds'>, deed: DemoDeed) {
  const { nodeId, state, deeds } = node
  const can = deeds.length === 0 ? 'wait a moment' : `it can be asked to ${deeds.join(' or ')}`
  return new DeedRefused(`${nodeId} is ${state} and takes no ${deed}; ${can}.`)
}
