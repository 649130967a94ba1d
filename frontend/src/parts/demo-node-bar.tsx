import type { DemoDeed, DemoNodeJson } from '../../../src/protocol/demo.ts'
import type { DemoControl } from '../state/demo-control.ts'
import { say } from '../words/say.ts'

const stateWords = {
  starting: 'demoStarting',
  running: 'demoRunning',
  frozen: 'demoFrozen',
  dead: 'demoDead',
} as const satisfies Record<DemoNodeJson['state'], string>

const stateIcons: Readonly<Record<DemoNodeJson['state'], string>> = {
  starting: '…',
  running: '●',
  frozen: '‖',
  dead: '×',
}

const deedWords = {
  kill: 'demoKill',
  freeze: 'demoFreeze',
  thaw: 'demoThaw',
  restart: 'demoRestart',
} as const satisfies Record<DemoDeed, string>

/** One node of the demo: how it is, and what can be done to it just now. */
export function DemoNodeBar({ node, control }: { node: DemoNodeJson; control: DemoControl }) {
  const { nodeId, state, deeds } = node
  return (
    <div class="demo-node" data-state={state}>
      <p class="demo-node-state">
        <span class="demo-node-icon" aria-hidden="true">
          {stateIcons[state]}
        </span>
        <strong>{nodeId}</strong> <span>{say(stateWords[state])}</span>
        {node.leads && <span class="tag">{say('leaderTag')}</span>}
        {node.holdsLock && <span class="tag">{say('demoHoldsLock')}</span>}
        {node.pid !== null && (
          <span class="small muted number">
            {say('pid')} {node.pid}
          </span>
        )}
      </p>
      <div class="demo-deeds">
        {deeds.map((deed) => (
          <button
            key={deed}
            class="button"
            type="button"
            data-deed={deed}
            onClick={() => control.do(nodeId, deed)}
          >
            {say(deedWords[deed], { node: nodeId })}
          </button>
        ))}
      </div>
    </div>
  )
}
