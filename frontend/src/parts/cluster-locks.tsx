import type { ClusterJson } from '../../../src/protocol/http.ts'
import { say } from '../words/say.ts'

/** Who holds which auction, and who waits for it. */
export function Locks({ cluster }: { cluster: ClusterJson }) {
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
