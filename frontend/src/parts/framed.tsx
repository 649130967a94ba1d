import { useEffect } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useApp } from '../state/app.ts'
import { errandOf } from '../state/framed.ts'
import type { FramedReport } from '../state/framed-report.ts'

/** In a frame of the demo: goes to the auction that the demo shows, and tells on which node this page is. */
export function Framed() {
  const { client, connection } = useApp()
  const { route } = useLocation()
  const { nodeId, state, resumedSeq } = connection.value
  useEffect(() => {
    const report: FramedReport = { lotkeeper: 'report', nodeId, state, resumedSeq }
    window.parent.postMessage(report, '*')
  }, [nodeId, state, resumedSeq])
  useEffect(() => {
    document.documentElement.dataset['framed'] = ''
    const listener = (event: MessageEvent) => {
      const errand = errandOf(event)
      if (errand?.lotkeeper === 'go') route(errand.path, true)
      if (errand?.lotkeeper === 'apart') client.connection.keepApart(errand.nodeId)
    }
    addEventListener('message', listener)
    return () => removeEventListener('message', listener)
  }, [])
  return null
}
