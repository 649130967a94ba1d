import type { ClusterStory, NodeState } from '../state/follow-cluster.ts'
import { lanesOf } from '../state/follow-cluster.ts'
import { spanInWords } from '../state/time-left.ts'
import { say } from '../words/say.ts'

const laneHeight = 26
const stateWords = {
  leads: 'laneLeads',
  ready: 'laneReady',
  unready: 'laneUnready',
  gone: 'laneGone',
} as const satisfies Record<NodeState, string>
/** By height too, not by colour alone. */
const heights: Readonly<Record<NodeState, number>> = { leads: 16, ready: 8, unready: 4, gone: 0 }

/** Since this page was opened: who was there and who led, a lane for each node. */
export function ClusterLanes({ story }: { story: ClusterStory }) {
  const looks = story.looks.value
  const [first, last] = [looks[0], looks.at(-1)]
  if (first === undefined || last === undefined || looks.length < 3) return null
  const spanMs = Math.max(1, last.atMs - first.atMs)
  const x = (ms: number) => ((ms - first.atMs) / spanMs) * 1000
  const lanes = [...lanesOf(looks)]
  return (
    <section aria-labelledby="lanes">
      <h2 id="lanes">{say('lanes')}</h2>
      <div class="lanes">
        <ul class="lane-names small">
          {lanes.map(([name, runs]) => (
            <li key={name}>
              {name} <span class="muted">{say(stateWords[runs.at(-1)?.state ?? 'gone'])}</span>
            </li>
          ))}
        </ul>
        <svg
          viewBox={`0 0 1000 ${lanes.length * laneHeight}`}
          style={{ height: `${lanes.length * laneHeight}px` }}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {lanes.map(([name, runs], lane) =>
            runs.map(({ state, fromMs, untilMs }) => (
              <rect
                key={`${name} ${fromMs}`}
                class={`lane-${state}`}
                x={x(fromMs)}
                y={lane * laneHeight + (laneHeight - heights[state]) / 2}
                width={Math.max(0, x(untilMs) - x(fromMs))}
                height={heights[state]}
              />
            )),
          )}
        </svg>
      </div>
      <p class="small muted">
        {say('lanesSpan', { span: spanInWords(Math.round(spanMs / 1000) * 1000) })}
      </p>
    </section>
  )
}
