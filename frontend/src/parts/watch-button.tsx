import { useApp } from '../state/app.ts'
import { say } from '../words/say.ts'

export function WatchButton(props: { auctionId: string; shortcut?: 'w' }) {
  const { watchlist } = useApp()
  const { auctionId, shortcut } = props
  const isWatched = watchlist.ids.value.includes(auctionId)
  return (
    <button
      class="chip"
      type="button"
      aria-pressed={isWatched}
      data-shortcut={shortcut}
      data-acts="true"
      onClick={() => (isWatched ? watchlist.remove(auctionId) : watchlist.add(auctionId))}
    >
      {say(isWatched ? 'isWatched' : 'watch')}
    </button>
  )
}
