import { signal, type ReadonlySignal } from '@preact/signals'
import type { ClusterClock } from '../../../src/client/client.ts'
import type { Clock, Timer } from '../../../src/lib/clock.ts'

/** How often what shows a countdown looks again. */
const tickMs = 250

/**
 * Cluster time, for showing: by the socket's samples where there is a socket, else by what the last HTTP answer said.
 * Good to some tens of milliseconds; what counts is the stamp of the node.
 */
export interface ClusterTime {
  /** Ms since 1970. Ticks four times a second while somebody looks. */
  readonly now: ReadonlySignal<number>
  /** An answer said this just now; used until the socket knows better. */
  note(serverTime: string): void
}

export function createClusterTime(deps: { clock: Clock; samples: ClusterClock }): ClusterTime {
  const { clock, samples } = deps
  let notedOffsetMs = 0
  let timer: Timer | undefined
  const read = () =>
    samples.offsetMs() === undefined ? clock.wallMs() + notedOffsetMs : samples.now()
  const arm = () => {
    timer = clock.setTimer(tickMs - (((read() % tickMs) + tickMs) % tickMs), () => {
      now.value = read()
      arm()
    })
  }
  const now = signal(read(), { watched: arm, unwatched: () => timer?.cancel() })
  return {
    now,
    note(serverTime) {
      const noted = Date.parse(serverTime) - clock.wallMs()
      if (Number.isFinite(noted)) notedOffsetMs = noted
    },
  }
}
