import type { Stage, StageKind } from './stage/stage.ts'

/** What one kind of stranger tries, from outside of the program alone. */
export interface Attack {
  /** For `--attack`. */
  readonly name: string
  /** The promise that it tries to break, as a sentence of the trade; the name of its test. */
  readonly promise: string
  /** All without. */
  readonly stores?: readonly StageKind[]
  /** Why it is not tried through the proxy; undefined when it is. */
  readonly notThroughProxy?: string
  /** It needs a node of its own, started like this. */
  readonly ownNode?: { readonly flags?: readonly string[]; readonly inside?: readonly string[] }
  /** @returns what was broken, each in plain words */
  run(stage: Stage): Promise<readonly string[]>
}

export interface AttackResult {
  readonly name: string
  readonly promise: string
  readonly store: string
  readonly way: 'direct' | 'proxy'
  readonly tookMs: number
  readonly violations: readonly string[]
  /** Why it was not tried. */
  readonly leftOut?: string
}
