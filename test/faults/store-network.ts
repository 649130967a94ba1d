import type { EnsemblePlace } from '../../src/ensemble/ensemble.ts'
import { must } from '../../src/lib/assert.ts'
import { addNamespace, ip, ipProgram, macOf, newNet, newToken, nobodysMac } from './ip.ts'

/** A network namespace for each store server, all of them and this machine on one switch (Linux, root). */
export interface StoreNetwork {
  /** One for each server, in their order. */
  readonly places: readonly EnsemblePlace[]
  /** Packets between this server and the others are lost, silently; clients still reach it. Counted from 1. */
  isolate(id: number): void
  /** Only what this server sends to the others is lost. */
  mute(id: number): void
  /** All hear each other again. */
  mend(): void
  remove(): void
}

const hostsAddress = 254
const plug = 'plug'

export function buildStoreNetwork(size: number): StoreNetwork {
  const token = newToken()
  const net = newNet()
  // In a namespace too: no firewall of the machine has a say there.
  const hub = `lk-${token}-switch`
  const spaces = Array.from({ length: size }, (_, index) => `lk-${token}-store-${index + 1}`)
  const hostOf = (at: number) => `${net}.${at + 1}`
  const added: { remove: () => void }[] = []
  const remove = () => added.splice(0).forEach((space) => space.remove())
  try {
    for (const space of [hub, ...spaces]) added.push(addNamespace(space))
    ip(`-n ${hub} link add switch type bridge`)
    ip(`-n ${hub} link set switch up`)
    ip(`link add lk${token}s type veth peer name host netns ${hub}`)
    ip(`address add ${net}.${hostsAddress}/24 dev lk${token}s`)
    ip(`link set lk${token}s up`)
    spaces.forEach((space, at) => {
      ip(`-n ${space} link add ${plug} type veth peer name to-${at + 1} netns ${hub}`)
      ip(`-n ${space} address add ${hostOf(at)}/24 dev ${plug}`)
      ip(`-n ${space} link set ${plug} up`)
      ip(`-n ${space} link set lo up`)
    })
    for (const end of ['host', ...spaces.map((_, at) => `to-${at + 1}`)])
      ip(`-n ${hub} link set ${end} master switch up`)
  } catch (error) {
    remove()
    throw error
  }
  const macs = spaces.map((space) => macOf(`-n ${space} link show dev ${plug}`))
  /** Where frames of one server for another go. */
  const direct = (from: number, to: number, mac = must(macs[to], 'mac')) =>
    ip(
      `-n ${spaces[from] ?? ''} neigh replace ${hostOf(to)} lladdr ${mac} dev ${plug} nud permanent`,
    )
  const others = (at: number) => spaces.map((_, other) => other).filter((other) => other !== at)
  return {
    places: spaces.map((space, at) => ({
      host: hostOf(at),
      inside: [ipProgram, 'netns', 'exec', space],
    })),
    isolate(id) {
      for (const other of others(id - 1)) {
        direct(id - 1, other, nobodysMac)
        direct(other, id - 1, nobodysMac)
      }
    },
    mute(id) {
      for (const other of others(id - 1)) direct(id - 1, other, nobodysMac)
    },
    mend() {
      spaces.forEach((_, at) => others(at).forEach((other) => direct(at, other)))
    },
    remove,
  }
}
