import type { DemoNodeJson, DemoStateJson } from '../../../src/protocol/demo.ts'
import type { DemoControl } from '../state/demo-control.ts'
import type { DemoWindow } from '../state/use-demo-window.ts'
import { say } from '../words/say.ts'
import { DemoAftermath } from './demo-aftermath.tsx'
import { DemoNodeBar } from './demo-node-bar.tsx'

/** The page of one node in a frame, where it is now, and the buttons of its node. */
export function DemoWindowPart(props: {
  home: DemoNodeJson
  window: DemoWindow
  /** No second node runs that the page could have gone to. */
  isLastNode: boolean
  state: DemoStateJson
  control: DemoControl
}) {
  const { home, isLastNode, state, control } = props
  const { page, report, frame, reopen } = props.window
  const { nodeId } = home
  const isElsewhere = report?.nodeId !== undefined && report.nodeId !== nodeId
  return (
    <section class="demo-window" aria-label={say('demoOpenedOn', { node: nodeId })}>
      <header>
        <h2>{say('demoOpenedOn', { node: nodeId })}</h2>
        <p class="demo-place small" role="status">
          {report?.state === 'reconnecting'
            ? say('demoReconnecting')
            : isElsewhere && say(isLastNode ? 'demoOnLast' : 'demoNowOn', { node: report.nodeId })}
        </p>
        {isElsewhere && home.state === 'running' && (
          <button class="button quiet" type="button" onClick={reopen}>
            {say('demoBack', { node: nodeId })}
          </button>
        )}
      </header>
      {page === undefined ? (
        <div class="demo-frame muted">{say('demoComing')}</div>
      ) : (
        <div class="demo-pane">
          <iframe
            key={page.key}
            ref={frame}
            class="demo-frame"
            src={page.src}
            allow="screen-wake-lock"
            title={say('demoWindow', { node: nodeId })}
          />
          {report === undefined && (
            <p class="demo-frame demo-veil muted">{say('demoLoading', { node: page.from })}</p>
          )}
        </div>
      )}
      <div class="demo-window-foot">
        <DemoNodeBar node={home} control={control} />
        <DemoAftermath nodeId={nodeId} state={state} moves={props.window.moves} />
      </div>
    </section>
  )
}
