import type { Clock } from '../lib/clock.ts'
import type { Down, Welcome } from '../protocol/down.ts'
import type { Up } from '../protocol/up.ts'
import { socketPath, subprotocol } from '../protocol/version.ts'
import type { ClientLimits } from './client.ts'
import type { ClockEstimate } from './clock-estimate.ts'
import type { SocketEnd } from './close-advice.ts'
import { createGreeting } from './greeting.ts'
import { parseFrame } from './parse-frame.ts'
import type { SocketConstructor, SocketLike } from './platform.ts'
import { createTimeAsker } from './time-asker.ts'

/** One socket to one node, from connecting to its end. It is live once the node has greeted us as who we are. */
export interface SocketLink {
  readonly url: string
  /** Live, and no greeting is on its way: the node knows who sends. */
  readonly isSettled: boolean
  /** False when it is not live: then nothing was sent. */
  send(frame: Up): boolean
  /** Says who we are from now on; the node greets again. */
  hello(token: string): void
  /** Ends it without a word to the listener. */
  drop(): void
}

export interface LinkListener {
  /** The first time it is live, and each time the node greets again. */
  onWelcome(welcome: Welcome): void
  onFrame(frame: Down): void
  /** A question stays unanswered, or the node is heard again. */
  readonly onQuiet: (isQuiet: boolean) => void
  /** Once, when it is over without our asking. */
  onEnd(end: SocketEnd): void
}

export interface LinkDeps {
  WebSocket: SocketConstructor
  clock: Clock
  estimate: ClockEstimate
  limits: ClientLimits
}

export function openLink(
  deps: LinkDeps,
  to: { url: string; token: () => string | undefined },
  listener: LinkListener,
): SocketLink {
  const socket = new deps.WebSocket(socketUrlOf(to.url), [subprotocol])
  const greeting = createGreeting()
  let isOver = false
  const sendFrame = (frame: Up) => {
    if (!isOver) socket.send(JSON.stringify(frame))
  }
  const onSilent = () => end({ why: 'silent' })
  const asker = createTimeAsker(deps, sendFrame, { onQuiet: listener.onQuiet, onSilent })
  const timer = deps.clock.setTimer(deps.limits.connectTimeoutMs, () => {
    const welcome = greeting.makeDo()
    if (welcome === undefined) end({ why: 'not-greeted' })
    else live(welcome)
  })

  function over(): void {
    if (isOver) return
    isOver = true
    timer.cancel()
    asker.stop()
    if (socket.terminate === undefined) socket.close()
    else socket.terminate()
  }
  function end(how: SocketEnd): void {
    if (isOver) return
    over()
    listener.onEnd(how)
  }
  function hello(token: string): void {
    if (greeting.asks()) sendFrame({ type: 'hello', token })
  }
  function live(welcome: Welcome): void {
    timer.cancel()
    asker.start()
    listener.onWelcome(welcome)
  }
  function heard(frame: Down | undefined): void {
    asker.heard()
    if (frame?.type === 'time') asker.answered(frame)
    else if (frame?.type === 'welcome' && greeting.heard(frame)) live(frame)
    else if (frame !== undefined) listener.onFrame(frame)
  }

  listen(socket, {
    onOpen: () => {
      greeting.opened()
      const token = to.token()
      if (token !== undefined) hello(token)
    },
    onText: (text) => {
      if (!isOver) heard(parseFrame(text))
    },
    onClose: (code) => end({ why: 'closed', code }),
  })
  return {
    url: to.url,
    get isSettled() {
      return !isOver && greeting.isSettled
    },
    send(frame) {
      if (isOver || !greeting.isDone) return false
      sendFrame(frame)
      return true
    },
    hello,
    drop: over,
  }
}

function listen(
  socket: SocketLike,
  on: { onOpen: () => void; onText: (text: unknown) => void; onClose: (code: number) => void },
): void {
  socket.onopen = on.onOpen
  socket.onmessage = (event: { data: unknown }) => on.onText(event.data)
  socket.onclose = (event: { code: number }) => on.onClose(event.code)
  // A close always follows; without a listener the `ws` package would throw.
  socket.onerror = () => undefined
}

function socketUrlOf(url: string): string {
  return `${url.replace(/^http/, 'ws')}${socketPath}`
}
