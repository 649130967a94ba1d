import { useApp } from '../state/app.ts'
import { spanInWords } from '../state/time-left.ts'
import { say } from '../words/say.ts'

/** Beyond, the visitor's own clock misleads them, and they are told so. */
const offsetTellMs = 2_000

/** Which clock the countdown goes by, and how far this machine's is from it. */
export function ClockNote() {
  const { client, time, connection } = useApp()
  // Read anew with each tick: the estimate moves.
  const offsetMs = time.now.value > 0 ? client.clock.offsetMs() : undefined
  const rttMs = client.clock.rttMs()
  const node = connection.value.nodeId
  if (offsetMs === undefined || rttMs === undefined || node === undefined) return null
  const rounded = Math.abs(Math.round(offsetMs))
  const ms = rounded === 0 ? '0' : `${offsetMs < 0 ? '−' : '+'}${rounded}`
  const error = Math.max(1, Math.round(rttMs / 2))
  if (Math.abs(offsetMs) < offsetTellMs) {
    return <p class="clock-note small muted">{say('clockOf', { node, ms, error })}</p>
  }
  const span = spanInWords(Math.round(Math.abs(offsetMs) / 1000) * 1000)
  return (
    <p class="clock-note small wrong">
      {say(offsetMs < 0 ? 'clockAhead' : 'clockBehind', { node, span })}
    </p>
  )
}
