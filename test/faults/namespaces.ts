import { execFileSync } from 'node:child_process'
import { findProgram } from '../../src/ensemble/find-program.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'

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
  mend(): void
  remove(): void
}

/** Why there can be none here; undefined when there can. */
export function lacksNamespaces(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are of Linux'
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  if (findProgram(tool) === undefined)
    return 'ip is not installed; on Debian or Ubuntu: apt-get install iproute2'
  try {
    layCable('probe').remove()
    return undefined
  } catch (error) {
    return `network namespaces are not allowed here: ${String(error).split('\n')[0] ?? ''}`
  }
}

const tool = 'ip'
/** A frame for it reaches the other end and is dropped there, as it is for somebody else. */
const nobodysMac = '02:00:00:00:00:01'

export function layCable(nodeId: string): Cable {
  const token = Math.floor(systemEntropy.random() * 36 ** 5).toString(36)
  const space = `lk-${token}-${nodeId}`
  const [outer, inner] = [`lk${token}a`, `lk${token}b`]
  const octet = () => 1 + Math.floor(systemEntropy.random() * 250)
  const net = `10.${octet()}.${octet()}`
  const [outerHost, nodeHost] = [`${net}.1`, `${net}.2`]
  ip(`netns add ${space}`)
  const remove = () => {
    if (standing.delete(remove)) ip(`netns del ${space}`)
  }
  removeAtExit(remove)
  try {
    ip(`link add ${outer} type veth peer name ${inner} netns ${space}`)
    ip(`address add ${outerHost}/30 dev ${outer}`)
    ip(`link set ${outer} up`)
    ip(`-n ${space} address add ${nodeHost}/30 dev ${inner}`)
    ip(`-n ${space} link set ${inner} up`)
    ip(`-n ${space} link set lo up`)
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
  return {
    nodeHost,
    outerHost,
    inside: [tool, 'netns', 'exec', space],
    pull() {
      send(nobodysMac)
      receive(nobodysMac)
    },
    loseOutgoing: () => send(nobodysMac),
    mend() {
      send(outerMac)
      receive(innerMac)
    },
    remove,
  }
}

const standing = new Set<() => void>()
let isWatchingExit = false

/** A namespace outlives whoever made it. */
function removeAtExit(remove: () => void): void {
  standing.add(remove)
  if (isWatchingExit) return
  isWatchingExit = true
  process.on('exit', () => standing.forEach((again) => again()))
}

function macOf(command: string): string {
  const mac = /link\/ether ([0-9a-f:]+)/.exec(ip(command))?.[1]
  if (mac === undefined) throw new Error(`no address in ip ${command}`)
  return mac
}

function ip(command: string): string {
  return execFileSync(tool, command.split(' '), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
