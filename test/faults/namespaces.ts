import { findProgram } from '../../src/ensemble/find-program.ts'
import { addNamespace, ip, ipProgram, macOf, newNet, newToken, nobodysMac, tc } from './ip.ts'

/** One node's network namespace (Linux, root), joined to the rest of the machine by one cable. */
export interface Cable {
  /** The node's address, seen from outside. */
  readonly nodeHost: string
  /** The other end, where the node finds what it needs. */
  readonly outerHost: string
  /** What stands before a command that is to run inside. */
  readonly inside: readonly string[]
  /** Packets are lost both ways, silently. */
  pull(): void
  /** Only what the node sends is lost. */
  loseOutgoing(): void
  /** Puts a queue of the program `tc` at both ends, as in `tbf rate 1mbit …`. @throws where the kernel has no such queue */
  shape(queue: string): void
  mend(): void
  remove(): void
}

/** Why there can be none here; undefined when there can. Tried once. */
export function lacksNamespaces(): string | undefined {
  lacking ??= { reason: whyNoNamespaces() }
  return lacking.reason
}

let lacking: { reason: string | undefined } | undefined

function whyNoNamespaces(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are of Linux'
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  if (findProgram(ipProgram) === undefined)
    return 'ip is not installed; on Debian or Ubuntu: apt-get install iproute2'
  try {
    layCable('probe').remove()
    return undefined
  } catch (error) {
    return `network namespaces are not allowed here: ${String(error).split('\n')[0] ?? ''}`
  }
}

/** Why this queue of `tc` cannot be had here; undefined when it can. */
export function lacksQueue(queue: string): string | undefined {
  const noCable = lacksNamespaces()
  if (noCable !== undefined) return noCable
  const cable = layCable('probe')
  try {
    cable.shape(queue)
    return undefined
  } catch (error) {
    return `tc has no ${queue.split(' ')[0] ?? ''} here: ${String(error).split('\n')[1] ?? ''}`
  } finally {
    cable.remove()
  }
}

export function layCable(nodeId: string): Cable {
  const token = newToken()
  const space = `lk-${token}-${nodeId}`
  const [outer, inner] = [`lk${token}a`, `lk${token}b`]
  const net = newNet()
  const [outerHost, nodeHost] = [`${net}.1`, `${net}.2`]
  const { remove } = addNamespace(space)
  try {
    ip(`link add ${outer} type veth peer name ${inner} netns ${space}`)
    ip(`address add ${outerHost}/30 dev ${outer}`)
    ip(`link set ${outer} up`)
    ip(`-n ${space} address add ${nodeHost}/30 dev ${inner}`)
    ip(`-n ${space} link set ${inner} up`)
    ip(`-n ${space} link set lo up`)
    // What other nodes are reached by is at the outer ends of their cables.
    ip(`-n ${space} route add default via ${outerHost}`)
  } catch (error) {
    remove()
    throw error
  }
  const outerMac = macOf(`link show dev ${outer}`)
  const innerMac = macOf(`-n ${space} link show dev ${inner}`)
  const send = (mac: string) =>
    ip(`-n ${space} neigh replace ${outerHost} lladdr ${mac} dev ${inner} nud permanent`)
  const receive = (mac: string) =>
    ip(`neigh replace ${nodeHost} lladdr ${mac} dev ${outer} nud permanent`)
  let isShaped = false
  return {
    nodeHost,
    outerHost,
    inside: [ipProgram, 'netns', 'exec', space],
    pull() {
      send(nobodysMac)
      receive(nobodysMac)
    },
    loseOutgoing: () => send(nobodysMac),
    shape(queue) {
      isShaped = true
      tc(`-n ${space} qdisc replace dev ${inner} root ${queue}`)
      tc(`qdisc replace dev ${outer} root ${queue}`)
    },
    mend() {
      send(outerMac)
      receive(innerMac)
      if (!isShaped) return
      isShaped = false
      for (const end of [`-n ${space} qdisc del dev ${inner}`, `qdisc del dev ${outer}`])
        tc(`${end} root`)
    },
    remove,
  }
}
