import { nodesPath } from '../../../src/gateway/nodes/link-protocol.ts'
import type { Attack } from '../attack.ts'
import { footprintOf, leftOver } from '../stage/footprint.ts'
import { handshakeText } from '../stage/frame-bytes.ts'
import type { Stage } from '../stage/stage.ts'
import { openRaw } from '../stage/wire.ts'

/** Upgrades that are refused; the caller says one byte more and leaves in order. */
export const refusedUpgrades: Attack = {
  name: 'refused-upgrades',
  promise: 'upgrades that are refused leave no descriptor in a node',
  async run(stage) {
    const countOfEach = stage.isShort ? 60 : 200
    const before = await footprintOf(stage.view)
    if (before === undefined) return ['the node tells nothing of itself']
    const kinds = {
      'an unknown path': handshakeText(stage.door, '/nope'),
      'a foreign page': handshakeText(stage.door, '/ws', ['Origin: http://evil.example']),
      'an unknown protocol': handshakeText(stage.door, '/ws', ['Sec-WebSocket-Protocol: none']),
      'no pass': handshakeText(stage.door, nodesPath),
      'a wrong handshake': handshakeText(stage.door, '/ws').replace('Version: 13', 'Version: 1'),
    }
    const broken: string[] = []
    for (const [kind, text] of Object.entries(kinds)) {
      for (const ending of ['a byte, then goodbye', 'goodbye', 'nothing more'] as const) {
        await strike(stage, text, ending, countOfEach)
      }
      const left = await leftOver(stage.view, before, { withinMs: 8_000, of: ['descriptors'] })
      broken.push(...left.map((text) => `${countOfEach} refused for ${kind}: ${text}`))
      if (broken.length > 0 && stage.isShort) break
    }
    return broken
  },
}

const atOnce = 30
const answerWithinMs = 3_000

type Ending = 'a byte, then goodbye' | 'goodbye' | 'nothing more'

async function strike(stage: Stage, text: string, ending: Ending, count: number): Promise<void> {
  const from = stage.newAddress()
  const one = async () => {
    const connection = await openRaw(stage.door, from)
    const { socket } = connection
    socket.write(text)
    await connection.answered(answerWithinMs)
    if (ending === 'a byte, then goodbye') socket.write('x')
    if (ending !== 'nothing more') socket.end()
    // Whoever says nothing more still waits for the node to close, and then goes.
    await connection.closed(answerWithinMs)
    socket.destroy()
  }
  for (let done = 0; done < count; done += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, count - done) }, one))
  }
}
