import { EventEmitter } from 'node:events'
import type { WebSocket } from 'ws'
import type { SocketLike } from '../../src/client/platform.ts'
import type { Entropy } from '../../src/lib/entropy.ts'
import type { SimProcess } from './process.ts'
import type { SimTime } from './sim-time.ts'

/** What one connection is exposed to, looked at for each packet. */
export interface Weather {
  /** One way, in ms. */
  latencyMs(): number
  /** Nothing passes now; it does after the weather has changed. */
  isSilent(): boolean
}

/** One way of a connection: in order, as TCP has it; what is stuck arrives when the weather clears, unless the way broke. */
interface Way {
  readonly bufferedBytes: number
  send(bytes: number, arrive: () => void): void
  /** Tries again what was stuck. */
  clear(): void
  /** Loses all that is under way but for a first part of it, drawn from the seed; that still arrives. */
  breakOff(): void
}

interface Packet {
  readonly bytes: number
  readonly arrive: () => void
}

export function createWay(deps: { time: SimTime; entropy: Entropy; weather: Weather }): Way {
  const { time, entropy, weather } = deps
  let queue: Packet[] = []
  let bufferedBytes = 0
  let isMoving = false
  let isBroken = false

  const move = () => {
    const [packet] = queue
    if (packet === undefined || isMoving || weather.isSilent()) return
    isMoving = true
    time.after(weather.latencyMs(), () => {
      isMoving = false
      // All that was sent until now travelled together.
      if (weather.isSilent()) return
      const arrived = queue
      queue = []
      bufferedBytes = 0
      for (const { arrive } of arrived) arrive()
      move()
    })
  }
  return {
    get bufferedBytes() {
      return bufferedBytes
    },
    send(bytes, arrive) {
      if (isBroken) return
      queue.push({ bytes, arrive })
      bufferedBytes += bytes
      move()
    },
    clear: move,
    breakOff() {
      isBroken = true
      queue = queue.slice(0, Math.floor(entropy.random() * (queue.length + 1)))
    },
  }
}

/** The node's end: what the gateway uses of a `ws` socket. */
class NodeEnd extends EventEmitter {
  readyState = 1
  readonly deps: {
    down: Way
    byteWeight: number
    onClose: (code: number) => void
    onPing: () => void
  }

  constructor(deps: NodeEnd['deps']) {
    super()
    this.deps = deps
  }
  get bufferedAmount(): number {
    return this.deps.down.bufferedBytes * this.deps.byteWeight
  }
  send(bytes: string | Buffer): void {
    this.emit('down', bytes.toString())
  }
  ping(): void {
    this.deps.onPing()
  }
  close(code: number): void {
    if (this.readyState !== 1) return
    this.readyState = 2
    this.deps.onClose(code)
  }
  terminate(): void {
    this.over()
    this.deps.onClose(1006)
  }
  over(): void {
    if (this.readyState === 3) return
    this.readyState = 3
    this.emit('close')
  }
}

export interface SimConnection {
  readonly socket: WebSocket
  /** The node's process ended: the rest of what it sent may be lost, and its machine says so or not. */
  nodeDied(isTold: boolean): void
  /** A cut on the way: both ends hear of it. */
  cut(): void
  /** The weather changed. */
  refresh(): void
}

/** Both ends of one WebSocket, from its upgrade on. */
export function connectSocket(deps: {
  time: SimTime
  entropy: Entropy
  weather: Weather
  /** What a byte counts for, where the node looks how much is buffered. */
  byteWeight: number
  client: SimProcess
  node: SimProcess
  page: SocketLike
  onGone: (connection: SimConnection) => void
}): SimConnection & { up(frame: string): void; clientClosed(): void } {
  const { time, client, node, page } = deps
  const down = createWay(deps)
  const up = createWay(deps)
  let isPageOver = false
  const tellPage = (code: number) =>
    client.enter(() => {
      if (isPageOver) return
      isPageOver = true
      page.onclose?.({ code } as never)
    })
  const end = new NodeEnd({
    down,
    byteWeight: deps.byteWeight,
    onPing: () =>
      down.send(2, () => client.enter(() => up.send(2, () => node.enter(() => end.emit('pong'))))),
    onClose(code) {
      down.send(4, () => {
        tellPage(code)
        up.send(4, () => node.enter(() => gone()))
      })
    },
  })
  const gone = () => {
    end.over()
    deps.onGone(connection)
  }
  end.on('down', (text: string) =>
    down.send(text.length, () =>
      client.enter(() => {
        if (!isPageOver) page.onmessage?.({ data: text } as never)
      }),
    ),
  )
  const connection = {
    socket: end as unknown as WebSocket,
    up: (frame: string) =>
      up.send(frame.length, () =>
        node.enter(() => {
          if (end.readyState === 1) end.emit('message', Buffer.from(frame), false)
        }),
      ),
    clientClosed() {
      isPageOver = true
      up.send(4, () => node.enter(() => gone()))
    },
    nodeDied(isTold: boolean) {
      down.breakOff()
      up.breakOff()
      if (isTold) time.after(deps.weather.latencyMs() + 1, () => tellPage(1006))
      deps.onGone(connection)
    },
    cut() {
      down.breakOff()
      up.breakOff()
      time.after(deps.weather.latencyMs(), () => tellPage(1006))
      time.after(deps.weather.latencyMs(), () => node.enter(() => gone()))
    },
    refresh() {
      down.clear()
      up.clear()
    },
  }
  // Before all that the node will send.
  down.send(1, () =>
    client.enter(() => {
      if (!isPageOver) page.onopen?.({} as never)
    }),
  )
  return connection
}
