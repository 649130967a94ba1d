import { useApp } from '../state/app.ts'
import { connectionInWords } from '../state/connection.ts'
import { say } from '../words/say.ts'

/** Shown where a page follows something live; elsewhere there is no link to speak of. */
export function Connection() {
  const { connection } = useApp()
  const view = connection.value
  const { word, detail } = connectionInWords(view)
  return (
    <p
      class="connection"
      role="status"
      aria-label={say('connection')}
      data-state={view.state}
      data-quiet={view.isQuiet}
      title={view.pausedWhy}
      hidden={view.state === 'idle'}
    >
      <span class="dot" aria-hidden="true" />
      <strong>{word}</strong> <span>{detail}</span>
    </p>
  )
}
