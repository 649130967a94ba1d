import { useApp } from '../state/app.ts'
import { say } from '../words/say.ts'

export function WatchButton({ auctionId }: { auctionId: string }) {
  const { watchlist } = useApp()
  const isWatched = watchlist.ids.value.includes(auctionId)
  return (
    <button
      class="chip"
      type="button"
      aria-pressed={isWatched}
      onClick={() => (isWatched ? watchlist.remove(auctionId) : watchlist.add(auctionId))}
    >
      {say(isWatched ? 'isWatched' : 'watch')}
    </button>
  )
}
