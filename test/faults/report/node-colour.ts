import type { Colour } from './lane.ts'

const coloursMax = 6

/** The same colour for a node in every lane: `n2` is the second. */
export function colourOfNode(nodeId: string): Colour {
  const number = Number(/(\d+)/.exec(nodeId)?.[1] ?? 1)
  return `node-${((number - 1 + coloursMax) % coloursMax) + 1}`
}
