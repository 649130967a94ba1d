import { useEffect } from 'preact/hooks'
import type { Clock } from '../../../src/lib/clock.ts'
import type { DemoNodeJson, DemoStateJson } from '../../../src/protocol/demo.ts'
import { DemoNodeBar } from '../parts/demo-node-bar.tsx'
import { DemoRobots } from '../parts/demo-robots.tsx'
import { DemoStory } from '../parts/demo-story.tsx'
import { DemoTally } from '../parts/demo-tally.tsx'
import { DemoWindowPart } from '../parts/demo-window.tsx'
import type { DemoControl } from '../state/demo-control.ts'
import { useDemoWindow, type DemoWindow } from '../state/use-demo-window.ts'
import { say } from '../words/say.ts'

/** The page of `lotkeeper demo`: two nodes side by side, and buttons that kill them. */
export function DemoPage({ control, clock }: { control: DemoControl; clock: Clock }) {
  const { value, error } = control.loaded.value
  const refusal = control.refusal.value
  useEffect(() => {
    document.title = `${say('demoTitle')} · Lotkeeper`
  })
  const [left, right, ...others] = value?.nodes ?? []
  return (
    <main class="demo">
      <header class="demo-head">
        <div>
          <div class="demo-title">
            <p class="wordmark">Lotkeeper</p>
            <h1>{say('demoTitle')}</h1>
          </div>
          <p class="demo-what">{say('demoWhat')}</p>
          {value?.store === 'memory' && <p class="small muted">{say('demoOnMemory')}</p>}
        </div>
        {value !== undefined && <DemoTally tally={value.tally} />}
      </header>
      {(error ?? refusal) !== undefined && (
        <p class="notice alarm" role="alert">
          {refusal ?? say('demoSilent')}
        </p>
      )}
      {value !== undefined && left !== undefined && right !== undefined && (
        <Inside {...{ state: value, left, right, others, control, clock }} />
      )}
    </main>
  )
}

interface InsideProps {
  state: DemoStateJson
  left: DemoNodeJson
  right: DemoNodeJson
  others: readonly DemoNodeJson[]
  control: DemoControl
  clock: Clock
}

function Inside({ state, left, right, others, control, clock }: InsideProps) {
  const { nodes, stage } = state
  const path = stage === null ? undefined : `/auction/${stage.auctionId}`
  const leftWindow = useDemoWindow({ home: left, nodes, path, clock })
  const rightWindow = useDemoWindow({ home: right, nodes, path, clock })
  useKeptApart(leftWindow, rightWindow)
  const isLastNode = nodes.filter((node) => node.state === 'running').length === 1
  return (
    <>
      <div class="demo-windows">
        <DemoWindowPart {...{ home: left, window: leftWindow, isLastNode, state, control }} />
        <DemoWindowPart {...{ home: right, window: rightWindow, isLastNode, state, control }} />
      </div>
      <div class="demo-below">
        <DemoStory state={state} moves={[...leftWindow.moves, ...rightWindow.moves]} />
        <div class="stack">
          {others.map((node) => (
            <section key={node.nodeId} class="demo-third" aria-label={node.nodeId}>
              <DemoNodeBar node={node} control={control} />
              <p class="small muted">{say('demoThird', { node: node.nodeId })}</p>
            </section>
          ))}
          <DemoRobots robots={state.robots} />
        </div>
      </div>
    </>
  )
}

/** Two pages show most on two nodes: each is told which one not to move to while there is another. */
function useKeptApart(left: DemoWindow, right: DemoWindow): void {
  const [leftId, rightId] = [left.report?.nodeId, right.report?.nodeId]
  useEffect(() => {
    left.ask({ lotkeeper: 'apart', nodeId: rightId })
    right.ask({ lotkeeper: 'apart', nodeId: leftId })
  }, [leftId, rightId])
}
