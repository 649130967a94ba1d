import type { HeapSnapshot } from './heap-snapshot.ts'

/** How many things of one kind, and their own bytes together. */
export interface Tally {
  count: number
  bytes: number
}
export type Tallies = ReadonlyMap<string, Tally>

const namedPropertiesMax = 5
const nameLengthMax = 70
/** Things that nobody would look for by themselves: they are part of whatever holds them. */
const parts = ['array', 'string', 'concatenated string', 'sliced string', 'number', 'bigint']

/**
 * By constructor; a plain object by its properties, a string by its being one, what V8 keeps for itself by its type:
 * `Map`, `{ bidId, bidder }`, `(string)`, `(closure) close`, `(code)`. V8 does not tell of properties that hold numbers.
 */
export function talliesByKind(heap: HeapSnapshot): Tallies {
  return tallyUp(heap, (node) => kindOf(heap, node))
}

/**
 * Strings, arrays and numbers by what holds them and under which name: `(string) of { bidId, bidder }.bidId`. Where several do, by
 * one of the nearest to the roots.
 */
export function talliesByHolder(heap: HeapSnapshot): Tallies {
  const holders = holdersOf(heap)
  return tallyUp(heap, (node) => {
    if (!parts.includes(heap.typeOf(node))) return undefined
    const path: string[] = []
    let at = node
    do {
      const { holder, name } = holders(at)
      if (holder === undefined) return `(${heap.typeOf(node)}) of nobody`
      path.unshift(/^\d+$/.test(name) ? '[]' : `.${name}`)
      at = holder
    } while (parts.includes(heap.typeOf(at)) && path.length < 3)
    return short(`(${heap.typeOf(node)}) of ${kindOf(heap, at)}`) + path.join('')
  })
}

/** Strings that are there more than once, by their words: what all copies but one take. */
export function talliesOfCopies(heap: HeapSnapshot): Tallies {
  const copies = new Map(
    [...tallyUp(heap, (node) => textOf(heap, node))].filter(([, { count }]) => count > 1),
  )
  for (const tally of copies.values()) {
    tally.bytes -= Math.round(tally.bytes / tally.count)
    tally.count--
  }
  return copies
}

function textOf(heap: HeapSnapshot, node: number): string | undefined {
  return heap.typeOf(node) === 'string' && heap.selfSizeOf(node) > 0
    ? JSON.stringify(heap.nameOf(node).slice(0, nameLengthMax))
    : undefined
}

function tallyUp(
  heap: HeapSnapshot,
  nameOf: (node: number) => string | undefined,
): Map<string, Tally> {
  const tallies = new Map<string, Tally>()
  for (let node = 0; node < heap.nodeCount; node++) {
    const bytes = heap.selfSizeOf(node)
    const name = bytes === 0 ? undefined : nameOf(node)
    if (name === undefined) continue
    const tally = tallies.get(name)
    if (tally === undefined) tallies.set(name, { count: 1, bytes })
    else {
      tally.count++
      tally.bytes += bytes
    }
  }
  return tallies
}

function kindOf(heap: HeapSnapshot, node: number): string {
  const [type, name] = [heap.typeOf(node), heap.nameOf(node)]
  if (type === 'object') return name === 'Object' ? shapeOf(heap, node) : short(name)
  // Of Node's own: a handle, a parser, a buffer's bytes.
  if (type === 'native' || type === 'synthetic') return short(name)
  if (type === 'closure') return `(closure) ${short(name)}`
  // What a function's variables live in, a class's hidden descriptions, and the like.
  if (type === 'hidden' || type === 'object shape')
    return `(${short(name.replace('system / ', ''))})`
  return `(${type})`
}

function shapeOf(heap: HeapSnapshot, node: number): string {
  const names: string[] = []
  for (const { type, name } of heap.edgesOf(node)) {
    if (type === 'property' && name !== '__proto__') names.push(name)
  }
  if (names.length === 0) return '{}'
  const more = names.length > namedPropertiesMax ? ', …' : ''
  return short(`{ ${names.slice(0, namedPropertiesMax).join(', ')}${more} }`)
}

function short(name: string): string {
  return name.length <= nameLengthMax ? name : `${name.slice(0, nameLengthMax - 1)}…`
}

/** Who is the first to refer to a node, going outwards from the roots, and by which name. */
function holdersOf(heap: HeapSnapshot) {
  const none = heap.nodeCount
  const holder = new Uint32Array(heap.nodeCount).fill(none)
  const names: string[] = []
  const queue = new Uint32Array(heap.nodeCount)
  let [head, tail] = [0, 1]
  while (head < tail) {
    const from = queue[head++] ?? 0
    for (const { type, name, to } of heap.edgesOf(from)) {
      if (type === 'weak' || to === 0 || holder[to] !== none) continue
      holder[to] = from
      names[to] = name
      queue[tail++] = to
    }
  }
  return (node: number) => {
    const found = holder[node]
    return {
      holder: found === undefined || found === none ? undefined : found,
      name: names[node] ?? '',
    }
  }
}
