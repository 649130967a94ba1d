import type { Clock } from '../../lib/clock.ts'
import type { Keepalive } from './keepalive.ts'
import type { Link } from './link.ts'
import { within } from './within.ts'

/**
 * What a session asks a server to know that it lives. Each question waits a sixth of the session timeout and then rejects.
 * Instants are of the monotonic clock, from before the question was sent: the server's count began no earlier.
 */
export interface VitalSigns {
  /** The server has caught up with all that was committed before this was asked, and has a quorum behind it. */
  readQuorum(link: Link): Promise<void>
  /** The quorum answered to something sent then: saves the next beat its read. */
  sawQuorum(sentMs: number): void
  /**
   * Renews the lease and, unless the quorum was seen a moment ago, reads through it: in etcd 3.4 a leader goes on renewing
   * until it notices that it lost its quorum, so that the lease alone proves nothing. Since when both stand proven, or
   * undefined: the lease is gone.
   */
  beat(link: Link, keepalive: Keepalive): Promise<number | undefined>
  /** A new lease, of whole seconds, rounded up. */
  grant(link: Link): Promise<{ leaseId: string; sentMs: number }>
  /** Best effort, never rejects: a lease runs out by itself as well. */
  revoke(link: Link, leaseId: string): Promise<void>
  /** Waits as long as all of the above do, and no longer than until `signal` aborts. */
  answered<T>(asked: Promise<T>): Promise<T>
}

export function createVitalSigns(deps: {
  clock: Clock
  timeoutMs: number
  /** A key that nobody writes. */
  probeKey: Buffer
  signal: AbortSignal
}): VitalSigns {
  const { clock, timeoutMs, probeKey } = deps
  const patienceMs = timeoutMs / 6
  let quorumMs = -Infinity

  const options = () => ({ deadline: clock.wallMs() + patienceMs })
  const unanswered = () => new Error('no answer')
  const signs: VitalSigns = {
    answered: (asked) => within(clock, { ms: patienceMs, signal: deps.signal }, asked, unanswered),
    sawQuorum(sentMs) {
      quorumMs = Math.max(quorumMs, sentMs)
    },
    async readQuorum(link) {
      const sentMs = clock.monotonicMs()
      await signs.answered(link.kv.range({ key: probeKey, count_only: true }, options()))
      signs.sawQuorum(sentMs)
    },
    async beat(link, keepalive) {
      const sentMs = clock.monotonicMs()
      const isQuorumFresh = sentMs - quorumMs < timeoutMs / 18
      const [stands] = await Promise.all([
        signs.answered(keepalive.renew()),
        isQuorumFresh ? undefined : signs.readQuorum(link),
      ])
      return stands ? Math.min(sentMs, quorumMs) : undefined
    },
    async grant(link) {
      const sentMs = clock.monotonicMs()
      const TTL = Math.ceil(timeoutMs / 1000)
      const { ID } = await signs.answered(link.lease.leaseGrant({ TTL }, options()))
      return { leaseId: ID, sentMs }
    },
    async revoke(link, leaseId) {
      const revoked = link.lease.leaseRevoke({ ID: leaseId }, options())
      await within(clock, { ms: patienceMs }, revoked, unanswered).catch(() => undefined)
    },
  }
  return signs
}
