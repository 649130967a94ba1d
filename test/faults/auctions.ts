import type { Entropy } from '../../src/lib/entropy.ts'
import type { Client } from '../../src/client/client.ts'
import { createNodeClient } from '../../src/client/node.ts'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import type { CreateAuctionBody } from '../../src/protocol/http-request.ts'

/** What is for sale in a run: one auction that everybody wants, and many quiet ones whose ends are spread over it. */
export interface Sale {
  readonly hot: AuctionJson
  readonly quiet: readonly AuctionJson[]
  /** Told of each that is added; without it none ever is. */
  onAdded?(listener: (auctions: readonly AuctionJson[]) => void): void
}

/** One whose seller is still there. */
export interface OpenSale extends Sale {
  /** Opens so many more quiet ones, which end within that time from now. */
  add(count: number, ends: { fromMs: number; toMs: number }): Promise<readonly AuctionJson[]>
  /** The seller leaves; the auctions stay. */
  close(): void
}

const createAtOnce = 16
const firstEndMs = 8_000

export async function openSale(options: {
  urls: readonly string[]
  quietCount: number
  /** How long faults and bidding are meant to last. */
  spanMs: number
  hot: { endMs: number; softCloseMs: number }
  entropy: Entropy
}): Promise<OpenSale> {
  const { spanMs, quietCount, hot, entropy } = options
  const seller = createNodeClient({ urls: options.urls })
  const quiet: AuctionJson[] = []
  const listeners: ((auctions: readonly AuctionJson[]) => void)[] = []
  let count = 0
  const add: OpenSale['add'] = async (more, { fromMs, toMs }) => {
    const plans = Array.from({ length: more }, (_, index) => {
      const share = (index + entropy.random()) / more
      return quietAuction(count++, Math.round(fromMs + Math.max(0, toMs - fromMs) * share))
    })
    const added: AuctionJson[] = []
    for (let at = 0; at < plans.length; at += createAtOnce) {
      const some = plans.slice(at, at + createAtOnce)
      added.push(...(await Promise.all(some.map((plan) => create(seller, plan)))))
    }
    quiet.push(...added)
    for (const listener of listeners) listener(added)
    return added
  }
  try {
    await seller.session.create('Selma, who sells')
    await add(quietCount, { fromMs: firstEndMs, toMs: spanMs })
    const hotAuction = await create(seller, {
      title: 'What everybody wants',
      startPrice: '100.00',
      increment: '1.00',
      durationMs: hot.endMs,
      softClose: { windowMs: hot.softCloseMs, extensionMs: hot.softCloseMs, mode: 'add' },
    })
    return {
      hot: hotAuction,
      quiet,
      add,
      onAdded: (listener) => void listeners.push(listener),
      close: () => seller.close(),
    }
  } catch (error) {
    seller.close()
    throw error
  }
}

function quietAuction(index: number, durationMs: number): CreateAuctionBody {
  const mode = index % 4 < 2 ? 'add' : 'reset'
  const softClose = { windowMs: 3_000, extensionMs: 2_000, mode, maxExtensions: 4 } as const
  return {
    title: `Quiet lot ${index + 1}`,
    startPrice: '10.00',
    increment:
      index % 3 === 0
        ? [
            { from: 0, step: '0.50' },
            { from: '20.00', step: '1.00' },
          ]
        : '0.50',
    durationMs,
    softClose: index % 2 === 0 ? softClose : null,
    mayRaiseOwnBid: index % 5 === 0,
  }
}

const createTriesMax = 20

/** The same key each time: an answer that got lost does not make a second auction. */
async function create(seller: Client, plan: CreateAuctionBody): Promise<AuctionJson> {
  const idempotencyKey = `sale-${plan.title.replaceAll(' ', '-')}`
  for (let tries = 1; ; tries++) {
    try {
      return await seller.auctions.create(plan, { idempotencyKey })
    } catch (error) {
      if (tries >= createTriesMax) throw error
    }
  }
}
