import { pause } from '../../faults/wait.ts'
import { apiPath } from '../../../src/protocol/version.ts'
import type { Attack } from '../attack.ts'
import { sell } from '../stage/person.ts'
import type { Stage } from '../stage/stage.ts'
import { openRaw } from '../stage/wire.ts'

/** Requests sent one behind the other on connections that never take an answer. */
export const unreadAnswers: Attack = {
  name: 'unread-answers',
  promise: 'whoever asks and never reads does not fill the memory of a node, and is cut',
  async run(stage) {
    const seller = await stage.guest('Selma')
    for (let lots = 0; lots < lotCount; lots++)
      await sell(seller, { description: 'x'.repeat(4_000) })
    const paths = stage.isShort ? briefly : everything
    const broken: string[] = []
    for (const path of paths) broken.push(...(await strike(stage, path)))
    return broken
  },
}

const lotCount = 20
const connectionCount = 4
const requestsOnEach = 1_500
const briefly = ['/openapi.json', '/metrics', `${apiPath}/auctions?limit=200`]
const everything = [
  ...briefly,
  ...['/', '/favicon.svg', '/healthz', '/readyz', '/nope'],
  ...['/time', '/cluster', '/cluster/lock-turns', '/session'].map((path) => apiPath + path),
]
const growthMbMax = 100
/** The promise is 30 s; a node looks every 5 s. */
const cutWithinMs = 40_000

async function strike(stage: Stage, path: string): Promise<string[]> {
  const beforeMb = stage.view.rssMb() ?? 0
  const from = stage.newAddress()
  const connections = await Promise.all(
    Array.from({ length: connectionCount }, () => openRaw(stage.door, from, false)),
  )
  const request = `GET ${path} HTTP/1.1\r\nHost: ${stage.door.host}:${stage.door.port}\r\n\r\n`
  for (const { socket } of connections) socket.write(request.repeat(requestsOnEach))
  const broken: string[] = []
  let peakMb = 0
  for (let looks = 0; looks < 20; looks++) {
    await pause(150)
    peakMb = Math.max(peakMb, (stage.view.rssMb() ?? 0) - beforeMb)
    if (peakMb > growthMbMax) {
      broken.push(`unread ${path}: the node grew by ${Math.round(peakMb)} MB`)
      break
    }
  }
  // Each such wait is half a minute: it is enough to see it for the largest answers.
  if (!stage.isShort && briefly.includes(path) && broken.length === 0) {
    const cut = await Promise.all(connections.map((one) => one.closed(cutWithinMs)))
    const openCount = cut.filter((isCut) => !isCut).length
    if (openCount > 0) broken.push(`unread ${path}: ${openCount} open after ${cutWithinMs} ms`)
  }
  for (const { socket } of connections) socket.destroy()
  return broken
}
