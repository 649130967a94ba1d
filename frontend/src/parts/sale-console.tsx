import { useEffect, useState } from 'preact/hooks'
import { useApp } from '../state/app.ts'
import { openRoom, type Room } from '../state/room.ts'
import { saleFiguresOf } from '../state/sale-figures.ts'
import { language, say } from '../words/say.ts'

/** One running sale in figures, as it goes. */
export function SaleConsole({ auctionId }: { auctionId: string }) {
  const { client, visitor, clock, entropy, frames, resumed, lastBid } = useApp()
  const [room, setRoom] = useState<Room>()
  useEffect(() => {
    const opened = openRoom({
      ...{ client, auctionId, visitor, clock, entropy, frames, resumed, lastBid },
    })
    setRoom(opened)
    return () => opened.close()
  }, [auctionId])
  return room === undefined ? null : <Figures room={room} />
}

function Figures({ room }: { room: Room }) {
  const { time, connection } = useApp()
  const auction = room.auction.value
  if (auction === undefined) return null
  const figures = saleFiguresOf(auction, room.history.value, time.now.value)
  const rise = figures.risePercent
  return (
    <dl class="figures">
      <Figure
        label={say('watchersOn', { node: connection.value.nodeId ?? '' })}
        value={room.watcherCount.value ?? '–'}
      />
      <Figure label={say('bidderFigure')} value={figures.bidderCount} />
      <Figure label={say('bidsPerMinute')} value={figures.bidsPerMinute} />
      <Figure
        label={say('againstStart')}
        value={rise === undefined ? '–' : `+${rise.toLocaleString(language().locale)} %`}
      />
    </dl>
  )
}

function Figure({ label, value }: { label: string; value: number | string }) {
  return (
    <div>
      <dt class="small muted">{label}</dt>
      <dd class="number">{value}</dd>
    </div>
  )
}
