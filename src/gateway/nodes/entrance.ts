import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Metrics } from '../../lib/metrics.ts'
import type { Addresses } from '../addresses.ts'
import { Fault } from '../fault.ts'
import { refuseUpgrade } from '../refuse-upgrade.ts'
import type { SecurityLog } from '../security-log.ts'
import { createUpgradeServer } from '../upgrade-server.ts'
import type { OnUpgrade } from '../ws/upgrade.ts'
import { admit, type AdmissionDeps, type Admitted } from './admission.ts'
import { createInboundLink, type InboundDeps, type InboundLink } from './inbound-link.ts'
import { linkLimits, nodesPath, nodeSubprotocol } from './link-protocol.ts'

/** Where other nodes of the cluster come in. */
export interface NodeEntrance {
  readonly onUpgrade: OnUpgrade
  /** Closes each link once its bids are answered; no more are taken. */
  drain(): void
  /** Cuts all links. */
  stop(): void
}

type EntranceDeps = AdmissionDeps &
  Omit<InboundDeps, 'isAdmitted'> & {
    nodeId: string
    metrics: Metrics
    addresses: Addresses
    security: SecurityLog
    /** The socket of a node that was let in. */
    onAdmitted?: (socket: Socket) => void
  }

const { frameBytesMax } = linkLimits
const handleProtocols = () => nodeSubprotocol

export function createNodeEntrance(deps: EntranceDeps): NodeEntrance {
  const { clock, nodeId, metrics } = deps
  /** By the session of the node that opened it. */
  const links = new Map<string, InboundLink>()
  let admittingCount = 0
  let isLeaving = false
  const server = createUpgradeServer({ nodeId, clock, frameBytesMax, handleProtocols })

  const count = () => metrics.gauge('node_links', links.size, { direction: 'in' })
  const accept = (socket: WebSocket, { from, secretNumber }: Admitted) => {
    // What it sent by its earlier link and was not read yet must not come after what it sends by this one.
    links.get(from)?.terminate()
    const isAdmitted = () => deps.passes.accepts(secretNumber)
    const link = createInboundLink(socket, from, { ...deps, isAdmitted })
    links.set(from, link)
    count()
    socket.on('close', () => {
      if (links.get(from) === link) links.delete(from)
      count()
    })
  }
  const mayAdmit = async (request: Parameters<OnUpgrade>[0]) => {
    if (admittingCount >= linkLimits.linksMax) return new Fault('overloaded')
    admittingCount++
    const admitted = await admit(request, deps)
    admittingCount--
    if (admitted instanceof Fault) return admitted
    if (isLeaving) return new Fault('draining')
    const isFull = links.size >= linkLimits.linksMax && !links.has(admitted.from)
    return isFull ? new Fault('overloaded') : admitted
  }
  return {
    onUpgrade(request, socket, head) {
      socket.on('error', () => socket.destroy())
      let isLate = false
      const patience = clock.setTimer(linkLimits.admissionMsMax, () => {
        isLate = true
        const fault = new Fault('store-unavailable', undefined, { retryAfterMs: 1_000 })
        refuseUpgrade(socket, fault, nodeId, clock)
      })
      void mayAdmit(request).then((admitted) => {
        patience.cancel()
        if (isLate || socket.destroyed) return
        if (admitted instanceof Fault) refuse(request, socket, admitted, deps)
        else {
          server.handleUpgrade(request, socket, head, (link) => {
            deps.onAdmitted?.(request.socket)
            accept(link, admitted)
          })
        }
      })
    },
    drain() {
      isLeaving = true
      for (const link of links.values()) link.leave()
    },
    stop() {
      isLeaving = true
      for (const link of links.values()) link.terminate()
    },
  }
}

function refuse(
  request: Parameters<OnUpgrade>[0],
  socket: Duplex,
  fault: Fault,
  deps: Pick<EntranceDeps, 'addresses' | 'security' | 'nodeId' | 'clock'>,
): void {
  const facts = { address: deps.addresses.of(request), detail: nodesPath }
  if (fault.code === 'wrong-pass') deps.security.note('pass-refused', facts)
  if (fault.code === 'origin-not-allowed') deps.security.note('origin-refused', facts)
  refuseUpgrade(socket, fault, deps.nodeId, deps.clock)
}
