import { timeUntil } from '../../faults/wait.ts'
import { nodesPath } from '../../../src/gateway/nodes/link-protocol.ts'
import type { Attack } from '../attack.ts'
import { frameBytes, handshakeText, openRawSocket } from '../stage/frame-bytes.ts'
import { openNodeHandshakes } from '../stage/node-handshake.ts'
import type { Stage } from '../stage/stage.ts'
import { closeCodeIn } from '../stage/text-frames.ts'
import { openRaw, type RawConnection } from '../stage/wire.ts'

/** Somebody who overheard a node's handshake, and somebody who speaks as a node. */
export const nodePasses: Attack = {
  name: 'node-passes',
  promise: 'an overheard pass opens nothing, and a node forwards no name that no guest could have',
  stores: ['zookeeper', 'etcd'],
  notThroughProxy: 'the proxy lets nobody through to /nodes',
  async run(stage) {
    const handshakes = await openNodeHandshakes(stage)
    try {
      return [
        ...(await replay(stage, await handshakes.next())),
        ...(await forge(stage, await handshakes.next())),
      ]
    } finally {
      await handshakes.close()
    }
  },
}

async function replay(stage: Stage, headers: readonly string[]): Promise<string[]> {
  const from = stage.newAddress()
  const first = await openRawSocket(stage.door, from, { path: nodesPath, headers })
  const second = await openRaw(stage.door, stage.newAddress())
  second.socket.write(handshakeText(stage.door, nodesPath, headers))
  await second.answered(3_000)
  const isIn = second.text.startsWith('HTTP/1.1 101')
  first.socket.destroy()
  second.socket.destroy()
  return isIn ? ['a pass that was shown before opens /nodes once more'] : []
}

async function forge(stage: Stage, headers: readonly string[]): Promise<string[]> {
  const broken: string[] = []
  const connection = await openRawSocket(stage.door, stage.newAddress(), {
    path: nodesPath,
    headers,
  })
  const name = '\u001b[31mFORGED\u001b[0m\nBob'
  const id = '01J0000000000000000000000A'
  const bids = [['forged-bid-1', id, name, 100, 1]]
  connection.socket.write(frameBytes(JSON.stringify([[1, id, `locks/${id}/x~1`, bids]])))
  if (!(await isRefused(connection)))
    broken.push('a forwarded name with commands for a terminal is taken')
  connection.socket.destroy()
  return broken
}

/** The node says goodbye; whether the other side answers to that is not its concern. */
async function isRefused(connection: RawConnection): Promise<boolean> {
  const saysGoodbye = async () => connection.isClosed || closeCodeIn(connection.text) !== undefined
  return (await timeUntil(saysGoodbye, { withinMs: 3_000 })) !== undefined
}
