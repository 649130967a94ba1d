/** A local ensemble of real servers, each a process of its own, from installed programs. For demo, development and tests. */
export interface Ensemble {
  readonly kind: 'zookeeper' | 'etcd'
  readonly members: readonly EnsembleMember[]
  /** For `--store`: every member's client address, below `root` (letters and digits; default `lotkeeper`). */
  storeUrl(root?: string): string
  /** Kills every member and removes the folder when it was made here. */
  stop(): Promise<void>
}

export interface EnsembleMember {
  readonly id: number
  readonly host: string
  readonly clientPort: number
  /** Undefined while it is down. */
  readonly pid: number | undefined
  /** SIGKILL; resolves when the process is gone. Its data stays. */
  kill(): Promise<void>
  /** Starts it again on its data and ports; resolves when it answers clients (with a quorum) or throws after 30 s. */
  restart(): Promise<void>
  /** SIGSTOP. */
  pause(): void
  /** SIGCONT. */
  resume(): void
  /** Whether it leads its ensemble just now; false when it does not answer. */
  isLeader(): Promise<boolean>
}

export interface EnsembleOptions {
  /** 1 or 3 (or any odd number). */
  size: number
  /** Where data and logs go; a temporary folder by default, removed at the end. */
  folder?: string
  /** Client ports, one per member; free ones by default. */
  ports?: readonly number[]
  /** Where each member lives; on this machine's loopback by default. */
  places?: readonly EnsemblePlace[]
}

/** A network of its own, for one that is to be cut off from the others. */
export interface EnsemblePlace {
  /** The address that clients and the other members reach it by. */
  readonly host: string
  /** What stands before its command, as in `ip netns exec NAME`. */
  readonly inside: readonly string[]
}

export const loopback: EnsemblePlace = { host: '127.0.0.1', inside: [] }

/** The program is not installed; the message says how to install it. */
export class ProgramMissing extends Error {
  override readonly name = 'ProgramMissing'
}
