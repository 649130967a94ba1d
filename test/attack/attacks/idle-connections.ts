import { apiPath } from '../../../src/protocol/version.ts'
import type { Attack } from '../attack.ts'
import { openRaw, type RawConnection } from '../stage/wire.ts'

const descriptorsMax = 1_024
const connectionCount = 1_200

/** One address opens more connections than the node has descriptors, and says now and then something on each. */
export const idleConnections: Attack = {
  name: 'idle-connections',
  promise: 'connections of one address never keep out everybody else',
  notThroughProxy: 'it needs a node with few descriptors of its own',
  ownNode: { inside: ['prlimit', `--nofile=${descriptorsMax}:${descriptorsMax}`, '--'] },
  async run(stage) {
    const seller = await stage.guest('Selma')
    const from = stage.newAddress()
    const open: RawConnection[] = []
    const broken: string[] = []
    for (let at = 0; at < connectionCount; at++) {
      const connection = await openRaw(stage.door, from).catch(() => undefined)
      if (connection === undefined) continue
      // A request in full: from here on it is idle, not slow.
      connection.socket.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${stage.door.port}\r\n\r\n`)
      open.push(connection)
    }
    await open.at(-1)?.answered(2_000)
    const kept = open.filter(({ isClosed }) => !isClosed).length
    for (let at = 1; at <= honestCount; at++) {
      const honest = stage.stranger()
      const answer = await honest.ask({ path: `${apiPath}/time` }).catch(() => undefined)
      if (answer?.status !== 200) {
        const told = answer?.status ?? 'no answer'
        broken.push(`honest address ${at} while ${kept} connections stand: ${told}`)
      }
    }
    const { token } = seller
    const own = stage.stranger({ from: seller.caller.from })
    const answer = await own.ask({ path: `${apiPath}/session`, token }).catch(() => undefined)
    if (answer?.status !== 200) broken.push('somebody who was there before is kept out')
    for (const { socket } of open) socket.destroy()
    return broken
  },
}

const honestCount = 5
