import { Fragment } from 'preact'
import { useApp } from '../state/app.ts'
import { stationsOf } from '../state/bid-way.ts'
import { decimal } from '../state/decimal.ts'
import { say } from '../words/say.ts'

/** Where the time of the last own bid went, station by station. Without one: nothing, or what would be here. */
export function BidWay({ tellsWithout = false }: { tellsWithout?: boolean }) {
  const way = useApp().lastBid.way.value
  if (way === undefined && !tellsWithout) return null
  return (
    <section class="way" aria-labelledby="way">
      <h2 id="way">{say('wayTitle')}</h2>
      {way === undefined ? (
        <p class="muted">{say('wayNone')}</p>
      ) : (
        <dl class="facts">
          {stationsOf(way).map(({ words, ms, isMost }) => (
            <Fragment key={words}>
              <dt>{words}</dt>
              <dd class="number">
                {inMilliseconds(ms)}
                {isMost && <span class="tag">{say('wayMost')}</span>}
              </dd>
            </Fragment>
          ))}
          <dt>{say('wayTotal', { seq: way.seq })}</dt>
          <dd class="number">
            <strong>{inMilliseconds(way.tookMs)}</strong>
          </dd>
          {way.toldMs !== undefined && (
            <>
              <dt>{say('wayTold')}</dt>
              <dd class="number">{inMilliseconds(way.toldMs)}</dd>
            </>
          )}
        </dl>
      )}
    </section>
  )
}

function inMilliseconds(ms: number): string {
  return say('milliseconds', { count: decimal(ms, ms < 10 ? 1 : 0) })
}
