import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Direction, Held } from '../support/proxy.ts'
import type { LinkAnswer, LinkOrder } from './link-order.ts'

/** All ways from one node to the store's servers, or from the others to it, each through a proxy of its own. What is done is done to all. */
export interface Links {
  /** Where the servers are found, in their order. */
  readonly ports: readonly number[]
  cut(): Promise<void>
  silence(direction: Direction, held?: Held): Promise<void>
  delay(ms: number): Promise<void>
  /** The next request passes, its reply does not, and its connection is reset. */
  dropNextReply(): Promise<void>
  truncateNextReply(bytes: number): Promise<void>
  /** Ends all that was done, armed or not. */
  heal(): Promise<void>
}

export interface LinkedServer {
  readonly host: string
  readonly clientPort: number
}

export interface LinkHouse {
  /** Listens on `host`, one free port for each server. */
  open(nodeId: string, host: string, servers: readonly LinkedServer[]): Promise<Links>
  close(): Promise<void>
}

const answerWithinMs = 10_000

export function startLinkHouse(): LinkHouse {
  const child = fork(fileURLToPath(new URL('link-process.ts', import.meta.url)), [], {
    execArgv: ['--import', import.meta.resolve('tsx')],
  })
  const order = createOrders(child)
  return {
    async open(nodeId, host, servers) {
      const names = servers.map((_, index) => `${nodeId}/${index + 1}`)
      const ports = await Promise.all(
        servers.map((server, index) =>
          order({ do: 'open', link: names[index] ?? '', to: server, host }),
        ),
      )
      const all = async (make: (link: string) => LinkOrder) => {
        await Promise.all(names.map((link) => order(make(link))))
      }
      return {
        ports: ports.map((port) => port ?? 0),
        cut: () => all((link) => ({ link, do: 'cut' })),
        silence: (direction, held = 'delivered') =>
          all((link) => ({ link, do: 'silence', direction, held })),
        delay: (ms) => all((link) => ({ link, do: 'delay', ms })),
        dropNextReply: () => all((link) => ({ link, do: 'drop-reply' })),
        truncateNextReply: (bytes) => all((link) => ({ link, do: 'truncate-reply', bytes })),
        heal: () => all((link) => ({ link, do: 'heal' })),
      }
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

type Settle = (answer: LinkAnswer) => void

function createOrders(child: ChildProcess): (order: LinkOrder) => Promise<number | undefined> {
  const waiting = new Map<number, Settle>()
  let lastId = 0
  child.on('message', (answer: LinkAnswer) => {
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  return (order) =>
    new Promise((resolve, reject) => {
      const id = ++lastId
      const late = setTimeout(() => {
        waiting.delete(id)
        reject(new Error(`the links did not ${order.do} within ${answerWithinMs} ms`))
      }, answerWithinMs)
      waiting.set(id, ({ value, error }) => {
        clearTimeout(late)
        if (error === undefined) resolve(value)
        else reject(new Error(error))
      })
      child.send({ ...order, id })
    })
}
