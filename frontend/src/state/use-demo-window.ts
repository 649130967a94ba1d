import { useEffect, useRef, useState } from 'preact/hooks'
import type { DemoNodeJson } from '../../../src/protocol/demo.ts'
import type { Clock } from '../../../src/lib/clock.ts'
import { withReport, type DemoMove } from './demo-moves.ts'
import { reportOf, type FramedErrand, type FramedReport } from './framed-report.ts'

/** A window of the demo: a page that one node served, and that may since have moved to another. */
export interface DemoWindow {
  /** Undefined until there is a node that runs, and an auction. */
  readonly page: { readonly src: string; readonly key: number; readonly from: string } | undefined
  readonly report: FramedReport | undefined
  readonly moves: readonly DemoMove[]
  readonly frame: { current: HTMLIFrameElement | null }
  /** Fetches the page anew, from its own node where that runs. */
  readonly reopen: () => void
  readonly ask: (errand: FramedErrand) => void
}

/** A page that came to no node did not load, or knows none but its own, and that died meanwhile. */
const liveWithinMs = 8_000

export function useDemoWindow(options: {
  /** Whose page it is. */
  home: DemoNodeJson
  nodes: readonly DemoNodeJson[]
  path: string | undefined
  clock: Clock
}): DemoWindow {
  const { home, nodes, path, clock } = options
  const frame = useRef<HTMLIFrameElement>(null)
  const [page, setPage] = useState<DemoWindow['page']>()
  const [report, setReport] = useState<FramedReport>()
  const [moves, setMoves] = useState<readonly DemoMove[]>([])
  const newest = useRef<FramedReport | undefined>(undefined)

  const open = () => {
    const source = home.state === 'running' ? home : nodes.find(({ state }) => state === 'running')
    if (source === undefined || path === undefined) return
    newest.current = undefined
    setReport(undefined)
    const key = (page?.key ?? 0) + 1
    setPage({ src: `${source.url}${path}`, key, from: source.nodeId })
  }
  const isLive = report?.nodeId !== undefined
  const ask = (errand: FramedErrand) => {
    if (page === undefined || !isLive) return
    frame.current?.contentWindow?.postMessage(errand, new URL(page.src).origin)
  }
  const goThere = () => {
    if (path !== undefined) ask({ lotkeeper: 'go', path })
  }
  // The next auction: on the node whose page this is, if it is back; else the page itself goes there.
  useEffect(() => {
    const isAtHome = page?.from === home.nodeId && newest.current?.nodeId === home.nodeId
    if (page === undefined || (!isAtHome && home.state === 'running')) open()
    else goThere()
  }, [path, page === undefined && nodes.some(({ state }) => state === 'running')])
  // A page that came late may have been sent for an auction that is over.
  useEffect(goThere, [isLive])
  useEffect(() => {
    const listener = (event: MessageEvent) => {
      const told = reportOf(event.data)
      if (told === undefined || event.source !== frame.current?.contentWindow) return
      const before = newest.current
      newest.current = told
      setReport(told)
      setMoves((known) => withReport(known, before, told, clock.wallMs()))
    }
    addEventListener('message', listener)
    return () => removeEventListener('message', listener)
  }, [])
  useEffect(() => {
    if (page === undefined || isLive) return undefined
    const timer = clock.setTimer(liveWithinMs, open)
    return () => timer.cancel()
  }, [page?.key, isLive, home.state])
  return { page, report, moves, frame, reopen: open, ask }
}
