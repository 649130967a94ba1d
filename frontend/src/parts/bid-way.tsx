import { useApp } from '../state/app.ts'
import { say } from '../words/say.ts'

/** Where the time of the last own bid went, station by station. */
export function BidWay() {
  const way = useApp().lastBid.way.value
  if (way === undefined) return null
  const timing = way.node?.timing ?? undefined
  const ms = (value: number) => say('milliseconds', { count: value.toFixed(value < 10 ? 1 : 0) })
  const inNodeMs = timing === undefined ? 0 : timing.waitedMs + timing.lockMs + timing.commitMs
  return (
    <section class="way" aria-labelledby="way">
      <h2 id="way">{say('wayTitle')}</h2>
      <dl class="facts">
        {timing !== undefined && way.node !== undefined && (
          <>
            <dt>{say('wayWaited', { node: way.node.nodeId })}</dt>
            <dd class="number">{ms(timing.waitedMs)}</dd>
            <dt>{say('wayLock')}</dt>
            <dd class="number">{ms(timing.lockMs)}</dd>
            <dt>{say('wayCommit', { count: timing.batchSize })}</dt>
            <dd class="number">{ms(timing.commitMs)}</dd>
            <dt>{say('wayNetwork')}</dt>
            <dd class="number">{ms(Math.max(0, way.tookMs - inNodeMs))}</dd>
          </>
        )}
        <dt>{say('wayTotal', { seq: way.seq })}</dt>
        <dd class="number">
          <strong>{ms(way.tookMs)}</strong>
        </dd>
      </dl>
    </section>
  )
}
