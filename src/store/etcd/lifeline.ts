import { must } from '../../lib/assert.ts'
import { createBackoff } from '../../lib/backoff.ts'
import { asError, type Clock, sleep } from '../../lib/clock.ts'
import { createDeferred } from '../../lib/deferred.ts'
import type { Entropy } from '../../lib/entropy.ts'
import type { Log } from '../../lib/log.ts'
import { Suspended } from '../errors.ts'
import type { Session } from '../store.ts'
import type { EtcdDoor } from './door.ts'
import { refusalOf } from './refusal.ts'
import { type Keepalive, openKeepalive } from './keepalive.ts'
import { type Link, openLink } from './link.ts'
import { createLinkHolder, type LinkHolder } from './link-holder.ts'
import { reach } from './reach.ts'
import { createSessionHandle, type SessionHandle } from './session-handle.ts'
import { createVitalSigns, type VitalSigns } from './vital-signs.ts'
import { type Patience, within } from './within.ts'

/**
 * Keeps one session alive over one link at a time, by nine beats in a session timeout. A server that leaves a beat unanswered
 * is left for the next one, frozen and refusing alike: with three of them and one frozen, before the silence suspends us.
 */
export interface Lifeline {
  /** The session in force, or the last one until there is a new one. */
  readonly handle: SessionHandle
  readonly server: string | undefined
  /**
   * The link in use; while there is none, waits for the next.
   * @throws Suspended when none came in time, or the session ceased to serve
   */
  link(patience: Patience): Link | Promise<Link>
  /** Told at each change of the session or its state. Returns the way to stop listening. */
  onChange(listener: (session: Session) => void): () => void
  /** Tells the listeners of a change that is not the session's own. */
  tell(): void
  /** The quorum answered to something sent at that instant of the monotonic clock. */
  sawQuorum(sentMs: number): void
  /** The server told us that our lease is gone. */
  lose(): void
  /** Revokes the lease where it can, and stops. Never throws. */
  close(): Promise<void>
}

export interface LifelineDeps {
  clock: Clock
  entropy: Entropy
  log: Log
  servers: readonly string[]
  timeoutMs: number
  root: string
  door?: EtcdDoor
  /** A key that nobody writes. */
  probeKey: Buffer
  /** A new link serves, or (undefined) the last one does not any more. */
  onLink: (link: Link | undefined) => void
}

interface Life extends LifelineDeps {
  readonly links: LinkHolder
  readonly signs: VitalSigns
  readonly stop: AbortController
  readonly tell: (session: Session) => void
  /** Told of each link that was given up. */
  readonly onFailure: (error: unknown) => void
  handle: SessionHandle | undefined
  isClosing: boolean
}

const backoffMinMs = 50
const backoffMaxMs = 500

/** @throws Suspended when no server let us in within the session timeout, AccessRefused when one said why not */
export async function openLifeline(deps: LifelineDeps): Promise<Lifeline> {
  const { clock } = deps
  const listeners = new Set<(session: Session) => void>()
  const stop = new AbortController()
  const links = createLinkHolder({ clock, onLink: deps.onLink })
  const signs = createVitalSigns({ ...deps, signal: stop.signal })
  const opened = createDeferred<undefined>()
  const tell = (session: Session) => {
    if (session.state === 'serving') opened.resolve(undefined)
    else links.refuse()
    for (const listener of [...listeners]) listener(session)
  }
  let lastFailure: string | undefined
  const onFailure = (error: unknown) => {
    const refusal = refusalOf(error, deps.root)
    // Whoever opens learns it at once; later the next try may fare better, as when a password is being changed.
    if (refusal !== undefined) opened.reject(refusal)
    lastFailure = refusal?.message ?? asError(error).message
  }
  const state = { handle: undefined, isClosing: false }
  const life: Life = { ...deps, links, signs, stop, tell, onFailure, ...state }
  const running = run(life)
  const tooLate = () => {
    const why = lastFailure === undefined ? '' : `; the last one: ${lastFailure}`
    return new Suspended(`no etcd server let us in${why}`)
  }
  try {
    await within(clock, { ms: deps.timeoutMs }, opened.promise, tooLate)
  } catch (error) {
    life.isClosing = true
    stop.abort()
    throw error
  }
  return {
    get handle() {
      return must(life.handle, 'session')
    },
    get server() {
      return links.current?.server
    },
    link: (patience) => links.current ?? links.next(patience),
    onChange(listener) {
      const own = (session: Session) => listener(session)
      listeners.add(own)
      return () => listeners.delete(own)
    },
    tell: () => listeners.forEach((listener) => listener(must(life.handle, 'session').session)),
    sawQuorum: (sentMs) => signs.sawQuorum(sentMs),
    lose: () => life.handle?.lose(),
    async close() {
      if (life.isClosing) return
      life.isClosing = true
      const { handle } = life
      const link = links.current
      const revoked = link && handle && signs.revoke(link, handle.leaseId)
      handle?.lose()
      await revoked
      stop.abort()
      await running
      link?.close()
      listeners.clear()
    },
  }
}

async function run(life: Life): Promise<void> {
  const { clock, servers, stop, links } = life
  const backoff = createBackoff({
    minMs: backoffMinMs,
    maxMs: backoffMaxMs,
    entropy: life.entropy,
  })
  let turn = Math.floor(life.entropy.random() * servers.length)
  while (!isClosing(life)) {
    const link = openLink(must(servers[turn++ % servers.length], 'server'), life.door)
    const reason = await serveOver(life, link).catch((error: unknown) => {
      life.onFailure(error)
      return String(error)
    })
    const wasUsed = links.current === link
    if (wasUsed && isClosing(life)) return // close() has a last word for it
    link.close()
    if (wasUsed) {
      links.use(undefined)
      backoff.reset()
    }
    if (!isClosing(life)) life.log.info({ server: link.server, reason }, 'store link given up')
    await sleep(clock, backoff.nextMs(), stop.signal).catch(() => undefined)
  }
}

function isClosing(life: Life): boolean {
  return life.isClosing
}

/** Takes the link into use once it is proven, and beats until it fails: always rejects in the end. */
async function serveOver(life: Life, link: Link): Promise<never> {
  const { clock, signs, stop } = life
  await signs.answered(reach(link.server, life.timeoutMs / 6, life.door?.tls))
  // What this server answers from now on is no older than anything we saw on the link before.
  await signs.readQuorum(link)
  const old = life.handle?.session.state === 'lost' ? undefined : life.handle
  const handle = old ?? (await openSession(life, link))
  const keepalive = await signs.answered(openKeepalive(link, handle.leaseId))
  try {
    let heardMs = await beat(life, link, handle, keepalive)
    life.handle = handle
    life.links.use(link)
    if (old === undefined) life.tell(handle.session)
    handle.heard(heardMs)
    const ended = AbortSignal.any([stop.signal, keepalive.broken, handle.session.lost])
    for (;;) {
      await sleep(clock, life.timeoutMs / 9, ended)
      heardMs = await beat(life, link, handle, keepalive)
      handle.heard(heardMs)
    }
  } finally {
    keepalive.close()
  }
}

async function beat(
  { signs }: Life,
  link: Link,
  handle: SessionHandle,
  keepalive: Keepalive,
): Promise<number> {
  const heardMs = await signs.beat(link, keepalive)
  if (heardMs !== undefined) return heardMs
  handle.lose()
  throw new Error('the lease is gone')
}

async function openSession(life: Life, link: Link): Promise<SessionHandle> {
  if (life.handle !== undefined) void life.signs.revoke(link, life.handle.leaseId)
  const granted = await life.signs.grant(link)
  return createSessionHandle({ ...life, ...granted, onChange: life.tell })
}
