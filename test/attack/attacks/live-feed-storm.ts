import { timeUntil } from '../../faults/wait.ts'
import type { Attack } from '../attack.ts'
import { frameBytes, openRawSocket } from '../stage/frame-bytes.ts'
import { sell } from '../stage/person.ts'
import type { Stage } from '../stage/stage.ts'

/** Subscriptions that supersede each other, in one write, on sockets that are then cut or left alone. */
export const liveFeedStorm: Attack = {
  name: 'live-feed-storm',
  promise: 'subscriptions that supersede each other never stop the auctions of others',
  async run(stage) {
    const seller = await stage.guest('Selma')
    for (const count of [4, 10, 50, 600]) {
      const auctionId = await sell(seller)
      const frames = Array.from({ length: count }, () => subscribe(auctionId))
      const broken = await strike(stage, `${count} subscribes`, frames)
      if (broken.length > 0) return broken
    }
    for (const count of [4, 50]) {
      const auctionId = await sell(seller)
      const pair = [subscribe(auctionId), unsubscribe(auctionId)]
      const frames = Array.from({ length: count }, () => pair).flat()
      const broken = await strike(stage, `${count} subscribes and unsubscribes`, frames)
      if (broken.length > 0) return broken
    }
    return leftAlone(stage, await sell(seller))
  },
}

const socketsLeftAlone = 20
const framesOnEach = 50

async function strike(stage: Stage, what: string, frames: readonly Buffer[]): Promise<string[]> {
  const { socket } = await openRawSocket(stage.door, stage.newAddress())
  socket.write(Buffer.concat(frames))
  // Written and taken before it goes.
  await stage.view.healthMs(stage.healthMsMax)
  socket.destroy()
  return silence(stage, `after ${what} (${Buffer.concat(frames).length} bytes)`)
}

async function leftAlone(stage: Stage, auctionId: string): Promise<string[]> {
  const from = stage.newAddress()
  const sockets = await Promise.all(
    Array.from({ length: socketsLeftAlone }, () => openRawSocket(stage.door, from)),
  )
  const frames = Array.from({ length: framesOnEach }, () => subscribe(auctionId))
  for (const { socket } of sockets) socket.write(Buffer.concat(frames))
  const broken = await silence(stage, `while ${socketsLeftAlone} such sockets stay`)
  for (const { socket } of sockets) socket.destroy()
  return broken
}

async function silence(stage: Stage, when: string): Promise<string[]> {
  const { healthMsMax } = stage
  const answers = async () => (await stage.view.healthMs(healthMsMax)) !== undefined
  const tookMs = await timeUntil(answers, { withinMs: healthMsMax })
  return tookMs === undefined ? [`silent for more than ${healthMsMax} ms ${when}`] : []
}

const subscribe = (auctionId: string) =>
  frameBytes(JSON.stringify({ type: 'subscribe', auctionId }))
const unsubscribe = (auctionId: string) =>
  frameBytes(JSON.stringify({ type: 'unsubscribe', auctionId }))
