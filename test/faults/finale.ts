import type { AuctionJson } from '../../src/protocol/auction.ts'
import type { EventJson } from '../../src/protocol/event.ts'
import type { AuctionListJson, EventsPageJson } from '../../src/protocol/http.ts'
import type { Cluster } from './cluster.ts'
import type { Sale } from './auctions.ts'
import type { Eyes } from './eyes.ts'
import { askNode } from './http.ts'
import type { Fault } from '../checker/history.ts'
import type { NodeProcess } from './node-process.ts'
import type { Recorder } from './recorder.ts'
import { pause, timeUntil } from './wait.ts'
import type { Watchers } from './watchers.ts'

const closedWithinMs = 90_000
/** Stores find a session expired a little later. */
const expiryMs = 5_000
const feedsWithinMs = 15_000
const readAtOnce = 12
const triesMax = 40
const pageLimit = 200

/** After the last bid: waits until everything is closed, then notes what every surviving node has to tell. */
export async function readFinale(run: {
  cluster: Cluster
  eyes: Eyes
  recorder: Recorder
  sale: Sale
  watchers: Watchers
  say: (progress: string) => void
  options: { sessionTimeoutMs: number }
}): Promise<void> {
  const { cluster, eyes, recorder, sale, watchers, say } = run
  const nodes = cluster.upNodes()
  say(`waits for the closes; then reads the journals of ${nodes.map((n) => n.nodeId).join(', ')}`)
  await timeUntil(async () => isAllClosed(nodes), { withinMs: closedWithinMs, everyMs: 500 })
  const batches = await eyes.rawLog(sale.hot.id)
  recorder.add({ t: 'raw', auctionId: sale.hot.id, batches })
  const ids = [sale.hot.id, ...sale.quiet.map(({ id }) => id)]
  await Promise.all(nodes.map((node) => readNode(node, ids, recorder)))
  const { seq } = await eyes.head(sale.hot.id)
  await timeUntil(async () => watchers.lowestSeq(sale.hot.id) >= seq, { withinMs: feedsWithinMs })
  // Feeds of the quiet auctions have had longer than this for their last event.
  await pause(500)
  await noteLeftovers(run, ids)
}

/** When whatever was killed last has had its session timeout, and some seconds. */
async function noteLeftovers(
  run: { eyes: Eyes; recorder: Recorder; options: { sessionTimeoutMs: number } },
  ids: readonly string[],
): Promise<void> {
  const { eyes, recorder, options } = run
  const last = recorder.lines.findLast((line): line is Fault => line.t === 'fault')
  const dueMs = (last?.atMs ?? 0) + options.sessionTimeoutMs + expiryMs
  await pause(dueMs - recorder.now())
  const seen = await eyes.leftovers(ids)
  recorder.add({ t: 'leftovers', atMs: recorder.now(), ...seen })
}

async function isAllClosed(nodes: readonly NodeProcess[]): Promise<boolean> {
  const [node] = nodes
  if (node === undefined) throw new Error('no node survived')
  for (const phase of ['open', 'scheduled']) {
    const { status, body } = await askNode(node.url, `/auctions?phase=${phase}&limit=1`)
    if (status !== 200 || (body as AuctionListJson).items.length > 0) return false
  }
  return true
}

async function readNode(
  node: NodeProcess,
  ids: readonly string[],
  recorder: Recorder,
): Promise<void> {
  const waiting = [...ids]
  const reader = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const auction = (await read(node, `/auctions/${id}?fresh=true`)) as AuctionJson
      const { phase, seq, endsAt, extensions, result } = auction
      recorder.add({
        ...{ t: 'view', node: node.nodeId, auctionId: id, phase, seq, endsAt, extensions },
        winner: result?.winner?.id,
        hammerPrice: result?.hammerPrice,
      })
      const events = await readJournal(node, id)
      recorder.add({ t: 'journal', node: node.nodeId, auctionId: id, events })
    }
  }
  await Promise.all(Array.from({ length: readAtOnce }, reader))
}

async function readJournal(node: NodeProcess, id: string): Promise<EventJson[]> {
  const events: EventJson[] = []
  for (;;) {
    const after = events.at(-1)?.seq ?? 0
    const path = `/auctions/${id}/events?after=${after}&limit=${pageLimit}`
    const page = (await read(node, path)) as EventsPageJson
    events.push(...page.events)
    if (page.events.length === 0 || (events.at(-1)?.seq ?? 0) >= page.seq) return events
  }
}

/** A busy or just woken node may need a second try; a node that never answers fails the run. */
async function read(node: NodeProcess, path: string): Promise<unknown> {
  let last = ''
  for (let tries = 1; tries <= triesMax; tries++) {
    try {
      const { status, body } = await askNode(node.url, path)
      if (status === 200) return body
      last = `${status} ${JSON.stringify(body)}`
    } catch (error) {
      last = String(error)
    }
    await pause(250)
  }
  throw new Error(`${node.nodeId} does not answer ${path}: ${last}`)
}
