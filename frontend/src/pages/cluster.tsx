import type { ClusterJson } from '../../../src/protocol/http.ts'
import { Failure } from '../parts/failure.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { useApp } from '../state/app.ts'
import { useRefreshed } from '../state/use-refreshed.ts'
import { say } from '../words/say.ts'

const refreshEveryMs = 1_000
const storeWords = {
  serving: 'storeServing',
  suspended: 'storeSuspended',
  lost: 'storeLost',
} as const

export function ClusterPage() {
  const { client } = useApp()
  const { value, error, refresh } = useRefreshed('cluster', refreshEveryMs, () => client.cluster())
  return (
    <>
      <PageHead title={say('cluster')}>
        {value !== undefined && (
          <p class="muted small">{say('asNodeSees', { node: value.node })}</p>
        )}
      </PageHead>
      {error !== undefined && <Failure error={error} onRetry={refresh} />}
      {value === undefined ? (
        error === undefined && <p class="muted">{say('looking')}</p>
      ) : (
        <div class="stack">
          <Summary cluster={value} />
          <Members cluster={value} />
          <Locks cluster={value} />
        </div>
      )}
    </>
  )
}

function Summary({ cluster }: { cluster: ClusterJson }) {
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

function Members({ cluster }: { cluster: ClusterJson }) {
  return (
    <section aria-labelledby="members">
      <h2 id="members">{say('nodes')}</h2>
      <div class="table" role="group" aria-labelledby="members" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say('node')}</th>
              <th scope="col">{say('url')}</th>
              <th scope="col">{say('pid')}</th>
              <th scope="col">{say('version')}</th>
              <th scope="col">{say('readiness')}</th>
              <th scope="col">{say('clockOffset')}</th>
            </tr>
          </thead>
          <tbody>
            {cluster.members.map((member) => (
              <tr key={`${member.nodeId} ${member.pid}`}>
                <th scope="row">
                  {member.nodeId}
                  {cluster.leader?.nodeId === member.nodeId && (
                    <span class="tag">{say('leaderTag')}</span>
                  )}
                </th>
                <td>
                  {/^https?:/.test(member.url) ? (
                    <a href={`${member.url}/cluster`}>{member.url}</a>
                  ) : (
                    member.url
                  )}
                </td>
                <td class="number">{member.pid}</td>
                <td class="number">{member.version}</td>
                <td>{say(member.ready ? 'ready' : 'notReady')}</td>
                <td class="number">
                  {say('milliseconds', { count: member.clockOffsetMs.toFixed(1) })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Locks({ cluster }: { cluster: ClusterJson }) {
  return (
    <section aria-labelledby="locks">
      <h2 id="locks">{say('locks')}</h2>
      {cluster.locks.length === 0 ? (
        <p class="muted">{say('noLocks')}</p>
      ) : (
        <div class="table" role="group" aria-labelledby="locks" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say('auction')}</th>
                <th scope="col">{say('heldBy')}</th>
                <th scope="col">{say('waiting')}</th>
              </tr>
            </thead>
            <tbody>
              {cluster.locks.map((lock) => (
                <tr key={lock.auctionId}>
                  <th scope="row">
                    <a class="mono" href={`/auction/${lock.auctionId}`}>
                      {lock.auctionId}
                    </a>
                  </th>
                  <td>{lock.nodeId}</td>
                  <td>{lock.waiters.length === 0 ? say('nobody') : lock.waiters.join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
