import type { ClusterJson } from '../../../src/protocol/http.ts'
import { Failure } from '../parts/failure.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { useApp } from '../state/app.ts'
import { useRefreshed } from '../state/use-refreshed.ts'

const refreshEveryMs = 1_000

export function ClusterPage() {
  const { client } = useApp()
  const { value, error, refresh } = useRefreshed('cluster', refreshEveryMs, () => client.cluster())
  return (
    <>
      <PageHead title="Cluster">
        {value !== undefined && <p class="muted small">as {value.node} sees it, each second</p>}
      </PageHead>
      {error !== undefined && <Failure error={error} onRetry={refresh} />}
      {value === undefined ? (
        error === undefined && <p class="muted">Looking…</p>
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
        <dt>Leader</dt>
        <dd>{leader === null ? 'none just now' : leader.nodeId}</dd>
        <dd class="small muted">{leader !== null && `term ${leader.term}`}</dd>
      </div>
      <div data-state={store.state}>
        <dt>Store</dt>
        <dd>{store.kind}</dd>
        <dd class="small muted">{store.state}</dd>
      </div>
      <div>
        <dt>Nodes ready</dt>
        <dd class="number">
          {cluster.members.filter((member) => member.ready).length} of {cluster.members.length}
        </dd>
        <dd class="small muted">answering: {cluster.node}</dd>
      </div>
      <div>
        <dt>In the store</dt>
        <dd class="number">{store.watchCount} watches</dd>
        <dd class="small muted">{store.ephemeralCount} ephemeral keys</dd>
      </div>
    </dl>
  )
}

function Members({ cluster }: { cluster: ClusterJson }) {
  return (
    <section aria-labelledby="members">
      <h2 id="members">Nodes</h2>
      <div class="table" role="group" aria-labelledby="members" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Node</th>
              <th scope="col">URL</th>
              <th scope="col">PID</th>
              <th scope="col">Version</th>
              <th scope="col">Ready</th>
              <th scope="col">Clock offset</th>
            </tr>
          </thead>
          <tbody>
            {cluster.members.map((member) => (
              <tr key={`${member.nodeId} ${member.pid}`}>
                <th scope="row">
                  {member.nodeId}
                  {cluster.leader?.nodeId === member.nodeId && <span class="tag">leader</span>}
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
                <td>{member.ready ? 'ready' : 'not ready'}</td>
                <td class="number">{member.clockOffsetMs.toFixed(1)} ms</td>
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
      <h2 id="locks">Locks</h2>
      {cluster.locks.length === 0 ? (
        <p class="muted">No auction is held just now: a node lets go after ten quiet seconds.</p>
      ) : (
        <div class="table" role="group" aria-labelledby="locks" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Auction</th>
                <th scope="col">Held by</th>
                <th scope="col">Waiting</th>
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
                  <td>{lock.waiters.length === 0 ? 'nobody' : lock.waiters.join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
