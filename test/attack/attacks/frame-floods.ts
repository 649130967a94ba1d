import { protocolLimits } from '../../../src/protocol/limits.ts'
import type { Attack } from '../attack.ts'
import { openFeedSocket } from '../stage/feed-socket.ts'
import type { Stage } from '../stage/stage.ts'

/** More frames at once than any person's page sends, of text and of what nobody can read. */
export const frameFloods: Attack = {
  name: 'frame-floods',
  promise: 'a socket that floods is closed, whatever its frames are made of',
  async run(stage) {
    const time = JSON.stringify({ type: 'time', t0: 1 })
    return [
      ...(await flood(stage, 'text frames', 3_000, time)),
      ...(await flood(stage, 'frames that are no message', 3_000, '{"type":"nothing"}')),
      ...(await flood(stage, 'binary frames', 20_000, Buffer.of(1, 2, 3))),
    ]
  },
}

/** Refilled while the flood is read, and answers that had left before the node made up its mind. */
const answeredMax = protocolLimits.framesBurst + protocolLimits.rateStrikesMax + 400

async function flood(
  stage: Stage,
  what: string,
  count: number,
  frame: string | Buffer,
): Promise<string[]> {
  const socket = await openFeedSocket(stage.door, stage.newAddress())
  for (let sent = 0; sent < count; sent++) socket.socket.send(frame)
  const isClosed = await socket.closed(5_000)
  const { frameCount } = socket
  socket.terminate()
  const broken: string[] = []
  if (!isClosed) broken.push(`${count} ${what} at once: the socket stays open`)
  if (frameCount > answeredMax) broken.push(`${count} ${what} at once: ${frameCount} answers`)
  return broken
}
