import type { ClusterJson } from '../../../src/protocol/http.ts'
import { decimal } from '../state/decimal.ts'
import { say } from '../words/say.ts'
import { MemberLink } from './member-link.tsx'

/** The nodes, each with its address, clock and part. */
export function Members({ cluster }: { cluster: ClusterJson }) {
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
                  {/^https?:/.test(member.url) ? <MemberLink url={member.url} /> : member.url}
                </td>
                <td class="number">{member.pid ?? say('notKnown')}</td>
                <td class="number">{member.version ?? say('notKnown')}</td>
                <td>{say(member.ready ? 'ready' : 'notReady')}</td>
                <td class="number">
                  {say('milliseconds', { count: decimal(member.clockOffsetMs, 1) })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
