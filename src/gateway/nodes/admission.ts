import type { IncomingMessage } from 'node:http'
import type { NodePasses } from '../../engine/cluster-secret.ts'
import { Fault, faultOf } from '../fault.ts'
import type { Hosts } from '../hosts.ts'
import { linkHeaders, nodeSubprotocol } from './link-protocol.ts'

export interface AdmissionDeps {
  hosts: Hosts
  passes: Pick<NodePasses, 'isPass'>
  /** Of the session that this node has with the store now. */
  ownSessionId: () => string
  isDraining: () => boolean
}

const sessionPattern = /^[A-Za-z0-9_.-]{1,128}$/
const bearerPattern = /^Bearer ([A-Za-z0-9_-]{43})$/

/** The session of the node that connects, if it may. The store is asked only for who knows whom it means. Never throws. */
export async function admit(
  { headers }: IncomingMessage,
  { hosts, passes, ownSessionId, isDraining }: AdmissionDeps,
): Promise<{ from: string } | Fault> {
  if (!hosts.isOurs(headers.host)) return new Fault('wrong-host')
  if (headers.origin !== undefined) {
    return new Fault('origin-not-allowed', 'No page may connect here: use /ws.')
  }
  const offered = headers['sec-websocket-protocol']?.split(',') ?? []
  if (!offered.some((name) => name.trim() === nodeSubprotocol)) {
    return new Fault('bad-request', `Ask for the subprotocol ${nodeSubprotocol}.`)
  }
  if (isDraining()) return new Fault('draining')
  const pass = bearerPattern.exec(headers.authorization ?? '')?.[1]
  const [to, from] = [headers[linkHeaders.to], headers[linkHeaders.from]]
  if (pass === undefined || typeof from !== 'string' || !sessionPattern.test(from)) {
    return new Fault('wrong-pass')
  }
  if (to !== ownSessionId()) return new Fault('other-incarnation')
  try {
    return (await passes.isPass(pass, to)) ? { from } : new Fault('wrong-pass')
  } catch (error) {
    return faultOf(error)
  }
}
