import type { ClusterJson, StoreServerJson } from '../../../src/protocol/http.ts'
import { say } from '../words/say.ts'

const stateWords = {
  serving: 'serverServing',
  'not-serving': 'serverNotServing',
  silent: 'serverSilent',
  unknown: 'notKnown',
} as const
const roleWords = {
  leader: 'serverLeads',
  follower: 'serverFollows',
  observer: 'serverObserves',
  alone: 'serverAlone',
} as const

/** Of a store with servers they are the operator's to see. */
const wordsWithout = {
  embedded: 'storeInFolder',
  memory: 'storeInMemory',
  zookeeper: 'notKnown',
  etcd: 'notKnown',
} as const

/** The servers of the store, as each tells of itself; what it does not tell is not known. */
export function StoreServers({ cluster }: { cluster: ClusterJson }) {
  const { ensemble, kind } = cluster.store
  return (
    <section aria-labelledby="servers">
      <h2 id="servers">{say('storeServers')}</h2>
      {ensemble === undefined ? (
        <p class="muted">{say(wordsWithout[kind])}</p>
      ) : ensemble.length === 0 ? (
        <p class="muted">{say('looking')}</p>
      ) : (
        <div class="table" role="group" aria-labelledby="servers" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say('server')}</th>
                <th scope="col">{say('serverState')}</th>
                <th scope="col">{say('serverRole')}</th>
                <th scope="col">{say('version')}</th>
              </tr>
            </thead>
            <tbody>
              {ensemble.map((server) => (
                <Server key={server.server} server={server} node={cluster.node} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function Server({ server, node }: { server: StoreServerJson; node: string }) {
  return (
    <tr data-state={server.state}>
      <th scope="row">
        {server.server}
        {server.isOurs && <span class="tag">{say('sessionOf', { node })}</span>}
      </th>
      <td>{say(stateWords[server.state])}</td>
      <td>{say(server.role === null ? 'notKnown' : roleWords[server.role])}</td>
      <td class="number">{server.version ?? say('notKnown')}</td>
    </tr>
  )
}
