import type { Clock } from '../../lib/clock.ts'
import { createDeferred } from '../../lib/deferred.ts'
import { Suspended } from '../errors.ts'
import type { Link } from './link.ts'
import { type Patience, within } from './within.ts'

/** The link in use, and those who wait for one while we are between two. */
export interface LinkHolder {
  readonly current: Link | undefined
  /** @throws Suspended when none came in time, or all were refused */
  next(patience: Patience): Promise<Link>
  use(link: Link | undefined): void
  /** Nobody is let wait: the session does not serve. */
  refuse(): void
}

export function createLinkHolder(deps: {
  clock: Clock
  onLink: (link: Link | undefined) => void
}): LinkHolder {
  let current: Link | undefined
  let waiting = newWaiting()
  return {
    get current() {
      return current
    },
    next: (patience) =>
      within(deps.clock, patience, waiting.promise, () => new Suspended('no link in time')),
    use(link) {
      current = link
      if (link === undefined) waiting = newWaiting()
      else waiting.resolve(link)
      deps.onLink(link)
    },
    refuse() {
      if (current !== undefined) return
      waiting.reject(new Suspended())
      waiting = newWaiting()
    },
  }
}

function newWaiting() {
  const waiting = createDeferred<Link>()
  waiting.promise.catch(() => undefined) // often nobody waits
  return waiting
}
