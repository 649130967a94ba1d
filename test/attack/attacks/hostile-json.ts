import { apiPath } from '../../../src/protocol/version.ts'
import type { Attack } from '../attack.ts'
import { openFeedSocket } from '../stage/feed-socket.ts'
import { said } from '../stage/person.ts'

/** Values that look like text or numbers to a library and are neither, in every field of every frame and body. */
export const hostileJson: Attack = {
  name: 'hostile-json',
  promise: 'no value of any field of a frame or body ends a node or is a failure of it',
  async run(stage) {
    const seller = await stage.guest('Selma')
    const broken: string[] = []
    for (const value of values) {
      for (const [type, fields] of Object.entries(frames)) {
        for (const field of fields) {
          const socket = await openFeedSocket(stage.door, stage.newAddress())
          socket.send({ type, [field]: value })
          const answer = await socket.frame(
            (frame) => frame.type === 'error' || frame.type === 'outcome',
          )
          if (answer === undefined)
            broken.push(`${type} with ${field} ${JSON.stringify(value)}: no answer`)
          socket.terminate()
          if (stage.node.pid === undefined) return [...broken, 'the node is gone']
        }
      }
      for (const [path, fields] of Object.entries(bodies)) {
        for (const field of fields) {
          const body = { name: 'Ann', [field]: value }
          const call = { method: 'POST', path: apiPath + path, token: seller.token, body }
          const answer = await seller.caller.ask(call)
          if (answer.status >= 500 || answer.status < 400) {
            broken.push(`${path} with ${field} ${JSON.stringify(value)}: ${said(answer)}`)
          }
        }
      }
    }
    return broken
  },
}

const values: readonly unknown[] = [
  { length: { toString: 1 } },
  { length: { toString: 1, valueOf: 1 }, size: { toString: 1 } },
  { toString: 1, valueOf: 1, toJSON: 1, then: 1 },
  [{ length: { toString: 1 } }],
]
const frames = {
  hello: ['token'],
  subscribe: ['auctionId', 'after'],
  unsubscribe: ['auctionId'],
  bid: ['bidId', 'auctionId', 'amount'],
  time: ['t0'],
}
const bodies = {
  '/session': ['name'],
  '/auctions': [
    'title',
    'description',
    'currency',
    'startPrice',
    'increment',
    'startsAt',
    'softClose',
  ],
  '/auctions/01J0000000000000000000000A/bids': ['bidId', 'amount'],
}
