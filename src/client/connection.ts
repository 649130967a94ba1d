import type { Connection } from './client.ts'
import type { ConnectionStatus } from './connection-status.ts'
import type { NodeList } from './node-list.ts'

/** The connection as the client's users see it: read only, and one way to hurry it. */
export function createConnection(
  status: ConnectionStatus,
  nodes: NodeList,
  retryNow: () => void,
): Connection {
  return {
    get state() {
      return status.facts.state
    },
    get nodeId() {
      return status.facts.nodeId
    },
    get url() {
      return status.facts.url
    },
    get user() {
      return status.facts.user
    },
    get paused() {
      return status.facts.paused
    },
    get isQuiet() {
      return status.facts.isQuiet
    },
    get isSignInNeeded() {
      return status.facts.isSignInNeeded
    },
    get urls() {
      return nodes.urls
    },
    onChange: (listener) => status.onChange(listener),
    onMoved: (listener) => status.onMoved(listener),
    retryNow,
    keepApart: (nodeId) => nodes.keepApart(nodeId),
  }
}
