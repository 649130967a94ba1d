import { useEffect, useRef, useState } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { OwnAuctions } from '../parts/own-auctions.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { SellForm } from '../parts/sell-form.tsx'
import { say } from '../words/say.ts'

export function SellPage() {
  const [created, setCreated] = useState<AuctionJson>()
  return (
    <>
      <PageHead title={say('sell')} />
      <div class="sell">
        <div class="stack">
          {created !== undefined && <Created key={created.id} auction={created} />}
          <SellForm onCreated={setCreated} />
        </div>
        <OwnAuctions />
      </div>
    </>
  )
}

function Created({ auction }: { auction: AuctionJson }) {
  const link = useRef<HTMLAnchorElement>(null)
  useEffect(() => link.current?.focus(), [])
  return (
    <div class="notice good" role="alert">
      <p>
        {auction.phase === 'open' ? say('auctionIsOpen') : say('auctionIsAnnounced')}{' '}
        <a ref={link} href={`/auction/${auction.id}`}>
          {auction.title}
        </a>
      </p>
    </div>
  )
}
