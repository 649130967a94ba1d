import type { IncomingMessage } from 'node:http'
import type { NodePasses } from '../../engine/node-passes.ts'
import { Fault, faultOf } from '../fault.ts'
import type { Hosts } from '../hosts.ts'
import { linkHeaders, nodeSubprotocol } from './link-protocol.ts'

export interface AdmissionDeps {
  hosts: Hosts
  passes: Pick<NodePasses, 'admits' | 'accepts'>
  /** Of the session that this node has with the store now. */
  ownSessionId: () => string
  isDraining: () => boolean
}

/** The session of the node that connects, and the number of the secret that its pass was made of. */
export interface Admitted {
  readonly from: string
  readonly secretNumber: number
}

const sessionPattern = /^[A-Za-z0-9_.-]{1,128}$/
const bearerPattern = /^Bearer ([\w.-]{1,128})$/

/** Who connects, if it may. The store is asked only for who knows whom it means. Never throws. */
export async function admit(
  { headers }: IncomingMessage,
  { hosts, passes, ownSessionId, isDraining }: AdmissionDeps,
): Promise<Admitted | Fault> {
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
    const secretNumber = await passes.admits(pass, { to, from })
    return secretNumber === undefined ? new Fault('wrong-pass') : { from, secretNumber }
  } catch (error) {
    return faultOf(error)
  }
}
