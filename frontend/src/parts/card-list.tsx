import { useMemo } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useOnScreen } from '../state/on-screen.ts'
import { language } from '../words/say.ts'
import { AuctionCard } from './auction-card.tsx'

/** A multiple of any number of columns, so that each shelf ends with a whole row. */
const shelfItems = 12
/** Beyond, the browser leaves out the shelves that are far from the screen. It leaves them out of what is read aloud, too. */
const wholeShelvesMax = 10

/**
 * Cards on shelves of a dozen, so that a thousand cards scroll as a few dozen do. All of them can be found and tabbed to;
 * of a long list those near the screen are read aloud, each with its place among all.
 */
export function CardList(props: {
  auctions: readonly AuctionJson[]
  words: string
  label: string
}) {
  const { auctions, words, label } = props
  const starts: number[] = []
  for (let from = 0; from < auctions.length; from += shelfItems) starts.push(from)
  const isLong = starts.length > wholeShelvesMax
  return (
    <div class="shelves" role="list" aria-label={label} data-long={isLong ? '' : undefined}>
      {starts.map((from) => (
        <Shelf
          key={from}
          auctions={auctions.slice(from, from + shelfItems)}
          words={words}
          from={from}
          countOfAll={isLong ? auctions.length : undefined}
        />
      ))}
    </div>
  )
}

/** Drawn anew only when one of its auctions is another, or has gone on. */
function Shelf(props: {
  auctions: readonly AuctionJson[]
  words: string
  from: number
  /** Given where they cannot be counted. */
  countOfAll: number | undefined
}) {
  const { auctions, words, from, countOfAll } = props
  const { element, isOnScreen: isNear } = useOnScreen<HTMLUListElement>('600px')
  const known = auctions.map(({ id, epoch, seq }) => `${id} ${epoch} ${seq}`).join()
  return useMemo(
    () => (
      <ul class="cards shelf" role="presentation" ref={element}>
        {auctions.map((auction, index) => {
          const place =
            countOfAll === undefined ? undefined : { at: from + index + 1, of: countOfAll }
          return <AuctionCard key={auction.id} {...{ auction, words, isNear, place }} />
        })}
      </ul>
    ),
    [known, words, isNear, countOfAll, language()],
  )
}
