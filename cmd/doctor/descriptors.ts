import { descriptorsMax } from '../../src/lib/descriptors.ts'
import { fitLimits } from '../../src/node/fit-limits.ts'
import { protocolLimits } from '../../src/protocol/limits.ts'
import type { Finding } from './finding.ts'

/** Fewer connections than this are used up by a few hundred people with a browser. */
const connectionsWarn = 1_000

/** Whether the process may have as many descriptors as a node is set to have connections. */
export function checkDescriptors(descriptors = descriptorsMax()): Finding {
  const check = 'descriptors'
  if (descriptors === undefined) {
    return { check, state: 'skip', detail: 'this system does not say how many there may be' }
  }
  const fitted = fitLimits(protocolLimits, descriptors)
  const { connectionsPerNodeMax, socketsPerNodeMax } = { ...protocolLimits, ...fitted }
  const detail = `${descriptors} allowed: ${connectionsPerNodeMax} connections, ${socketsPerNodeMax} of them WebSockets`
  if (Object.keys(fitted).length === 0) return { check, state: 'ok', detail }
  const state = connectionsPerNodeMax < connectionsWarn ? 'fail' : 'warn'
  const advice =
    'Allow more: ulimit -Hn 65536 before the node starts, LimitNOFILE=65536 in its systemd unit, ulimits.nofile for a container.'
  return { check, state, detail, advice }
}
