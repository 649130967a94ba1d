import { signal, type ReadonlySignal } from '@preact/signals'
import type { Client } from '../../../src/client/client.ts'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import type { Frames } from './frames.ts'

/** Auctions of a list, followed over the page's one socket only while somebody can see them. */
export interface LiveLots {
  /** Undefined until the feed has brought it. */
  follow(auctionId: string): Followed
}

export interface Followed {
  readonly auction: ReadonlySignal<AuctionJson | undefined>
  end(): void
}

export function createLiveLots(client: Client, frames: Frames): LiveLots {
  return {
    follow(auctionId) {
      const auction = signal<AuctionJson | undefined>(undefined)
      const show = (news: AuctionJson) => frames.next(() => (auction.value = news))
      const end = watch(client, auctionId, show)
      return { auction, end }
    },
  }
}

/** More than a client may watch are on no screen; one that is stays as the list has it. */
function watch(client: Client, auctionId: string, onNews: (auction: AuctionJson) => void) {
  try {
    const watching = client.watch(auctionId, (update) => onNews(update.auction))
    return () => watching.end()
  } catch {
    return () => undefined
  }
}
