import { computed, type ReadonlySignal } from '@preact/signals'
import type { ConnectionView } from './connection.ts'

/** Cluster time as the countdowns may show it: it stands still while nobody tells us of bids that move the end. */
export interface LinkTime {
  readonly nowMs: number
  readonly isFrozen: boolean
}

export function createLinkTime(
  now: ReadonlySignal<number>,
  connection: ReadonlySignal<ConnectionView>,
): ReadonlySignal<LinkTime> {
  let lastMs: number | undefined
  return computed(
    () => {
      const isFrozen = isSilent(connection.value)
      if (!isFrozen || lastMs === undefined) lastMs = now.value
      return { nowMs: lastMs, isFrozen }
    },
    { unwatched: () => (lastMs = undefined) },
  )
}

/** Whether what the page shows may have been overtaken. A page without a socket asks by HTTP and does not count. */
function isSilent(view: ConnectionView): boolean {
  return view.state === 'reconnecting' || view.state === 'offline' || view.isQuiet
}
