import { type Backoff, createBackoff } from '../../lib/backoff.ts'
import type { Clock, Timer } from '../../lib/clock.ts'
import type { Entropy } from '../../lib/entropy.ts'
import type { Log } from '../../lib/log.ts'
import type { Link } from './link.ts'
import { openWatchStream, type WatchedKeys, type WatchStream } from './watch-stream.ts'

export interface Watched {
  readonly keys: WatchedKeys
  /** Armed (again), or something happened; `revision` is the store's at that time. */
  ring(revision: string): void
}

/**
 * Keeps a watch stream open over whatever link is in use, with all that is wanted armed on it. Every so often a watcher is
 * created and dropped again: a stream that leaves that unanswered is replaced, as it would tell of nothing else either.
 */
export interface WatchLine {
  add(watched: Watched): void
  remove(watched: Watched): void
  useLink(link: Link | undefined): void
  close(): void
}

interface LineDeps {
  clock: Clock
  entropy: Entropy
  log: Log
  probeEveryMs: number
  /** A key that nobody writes. */
  probeKey: Buffer
}

interface Line extends LineDeps {
  readonly backoff: Backoff
  readonly idOf: Map<Watched, number>
  readonly byId: Map<number, Watched>
  nextId: number
  link: Link | undefined
  stream: WatchStream | undefined
  probeId: number | undefined
  timer: Timer | undefined
}

const backoffMinMs = 50
const backoffMaxMs = 2_000

export function createWatchLine(deps: LineDeps): WatchLine {
  const line: Line = {
    ...deps,
    backoff: createBackoff({ minMs: backoffMinMs, maxMs: backoffMaxMs, entropy: deps.entropy }),
    idOf: new Map(),
    byId: new Map(),
    nextId: 1,
    link: undefined,
    stream: undefined,
    probeId: undefined,
    timer: undefined,
  }
  const useLink = (link: Link | undefined) => {
    drop(line)
    line.link = link
    if (link !== undefined) start(line, link)
  }
  return {
    add: (watched) => arm(line, watched),
    remove(watched) {
      const id = line.idOf.get(watched)
      if (id === undefined) return
      line.idOf.delete(watched)
      line.byId.delete(id)
      line.stream?.remove(id)
    },
    useLink,
    close: () => useLink(undefined),
  }
}

function arm(line: Line, watched: Watched): void {
  const id = line.nextId++
  line.idOf.set(watched, id)
  line.byId.set(id, watched)
  line.stream?.add(id, watched.keys)
}

function start(line: Line, link: Link): void {
  open(line, link).catch((error: unknown) => {
    if (line.link === link) reopen(line, link, error)
  })
}

async function open(line: Line, link: Link): Promise<void> {
  let broken: Error | undefined
  const stream = await openWatchStream(link, {
    onArmed(id, revision) {
      line.backoff.reset()
      if (id === line.probeId) {
        line.probeId = undefined
        stream.remove(id)
      } else line.byId.get(id)?.ring(revision)
    },
    onChange: (id, revision) => line.byId.get(id)?.ring(revision),
    onBroken(reason) {
      broken = reason
      if (line.stream === stream) reopen(line, link, reason)
    },
  })
  if (line.link !== link) stream.close()
  else if (broken !== undefined) reopen(line, link, broken)
  else {
    line.stream = stream
    line.byId.clear()
    for (const watched of line.idOf.keys()) arm(line, watched)
    probeLater(line, link)
  }
}

function drop(line: Line): void {
  line.timer?.cancel()
  line.stream?.close()
  line.stream = undefined
  line.probeId = undefined
}

function reopen(line: Line, link: Link, reason: unknown): void {
  drop(line)
  line.log.info({ server: link.server, reason: String(reason) }, 'watch stream opened anew')
  line.timer = line.clock.setTimer(line.backoff.nextMs(), () => start(line, link))
}

function probeLater(line: Line, link: Link): void {
  line.timer = line.clock.setTimer(line.probeEveryMs, () => {
    if (line.probeId !== undefined) {
      reopen(line, link, 'it does not answer')
      return
    }
    line.probeId = line.nextId++
    line.stream?.add(line.probeId, { key: line.probeKey })
    probeLater(line, link)
  })
}
