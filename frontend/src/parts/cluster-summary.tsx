import type { ClusterJson } from '../../../src/protocol/http.ts'
import { say } from '../words/say.ts'

const storeWords = {
  serving: 'storeServing',
  suspended: 'storeSuspended',
  lost: 'storeLost',
} as const

/** The cluster in four figures. */
export function Summary({ cluster }: { cluster: ClusterJson }) {
  const { leader, store } = cluster
  return (
    <dl class="tiles">
      <div>
        <dt>{say('leader')}</dt>
        <dd>{leader === null ? say('noLeader') : leader.nodeId}</dd>
        <dd class="small muted">{leader !== null && say('term', { term: leader.term })}</dd>
      </div>
      <div data-state={store.state}>
        <dt>{say('store')}</dt>
        <dd>{store.kind}</dd>
        <dd class="small muted">{say(storeWords[store.state])}</dd>
      </div>
      <div>
        <dt>{say('nodesReady')}</dt>
        <dd class="number">
          {say('countOfAll', {
            count: cluster.members.filter((member) => member.ready).length,
            all: cluster.members.length,
          })}
        </dd>
        <dd class="small muted">{say('answering', { node: cluster.node })}</dd>
      </div>
      <div>
        <dt>{say('inTheStore')}</dt>
        <dd class="number">{say('watchCount', { count: store.watchCount })}</dd>
        <dd class="small muted">{say('ephemeralCount', { count: store.ephemeralCount })}</dd>
      </div>
    </dl>
  )
}
