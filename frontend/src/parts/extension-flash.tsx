import { useEffect, useRef, useState } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from '../state/app.ts'
import { softCloseInWords } from '../state/soft-close-words.ts'
import { spanInWords } from '../state/time-left.ts'
import { say } from '../words/say.ts'

const shownMs = 8_000

/** Says for a moment that the end has moved, by how much and by which rule. */
export function ExtensionFlash({ auction }: { auction: AuctionJson }) {
  const { clock } = useApp()
  const endsAtMs = Date.parse(auction.endsAt)
  const lastEndMs = useRef(endsAtMs)
  const [movedMs, setMovedMs] = useState(0)
  useEffect(() => {
    const by = endsAtMs - lastEndMs.current
    lastEndMs.current = endsAtMs
    if (by <= 0) return undefined
    setMovedMs(by)
    const timer = clock.setTimer(shownMs, () => setMovedMs(0))
    return () => timer.cancel()
  }, [endsAtMs])
  if (movedMs === 0 || auction.phase !== 'open') return null
  const { softClose, extensions } = auction
  const all = softClose?.maxExtensions
  return (
    <div class="flash" key={endsAtMs}>
      <p>
        <strong>+{spanInWords(movedMs)}</strong>{' '}
        {all === undefined
          ? say('flashExtended', { count: extensions })
          : say('flashExtendedOf', { count: extensions, all })}
      </p>
      <p class="small">{softCloseInWords(softClose)}</p>
    </div>
  )
}
