import { useMemo } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useOnScreen } from '../state/on-screen.ts'
import { language } from '../words/say.ts'
import { AuctionCard } from './auction-card.tsx'

/** A multiple of any number of columns, so that each shelf ends with a whole row. */
const shelfItems = 12

/**
 * Cards on shelves of a dozen. The browser lays out and draws the shelves that are near the screen and leaves the others
 * out, so that a thousand cards scroll as a dozen do; all of them can be found, tabbed to and read out all the same.
 */
export function CardList(props: {
  auctions: readonly AuctionJson[]
  words: string
  label: string
}) {
  const { auctions, words, label } = props
  const shelves: (readonly AuctionJson[])[] = []
  for (let from = 0; from < auctions.length; from += shelfItems)
    shelves.push(auctions.slice(from, from + shelfItems))
  return (
    <div class="shelves" role="list" aria-label={label}>
      {shelves.map((onShelf, place) => (
        <Shelf key={place} auctions={onShelf} words={words} />
      ))}
    </div>
  )
}

/** Drawn anew only when one of its auctions is another, or has gone on. */
function Shelf({ auctions, words }: { auctions: readonly AuctionJson[]; words: string }) {
  const { element, isOnScreen: isNear } = useOnScreen<HTMLUListElement>('600px')
  const known = auctions.map(({ id, epoch, seq }) => `${id} ${epoch} ${seq}`).join()
  return useMemo(
    () => (
      <ul class="cards shelf" role="presentation" ref={element}>
        {auctions.map((auction) => (
          <AuctionCard key={auction.id} {...{ auction, words, isNear }} />
        ))}
      </ul>
    ),
    [known, words, isNear, language()],
  )
}
