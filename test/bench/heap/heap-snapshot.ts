/**
 * A heap snapshot as V8 writes it: one flat array of numbers for the nodes, one for the edges, and the strings that both name.
 * What stands where is told by `snapshot.meta`. Read by bytes, since a heap of some hundred megabytes is no string any more.
 */
export interface HeapSnapshot {
  readonly nodeCount: number
  /** Of the node with this index: `object`, `string`, `array`, … */
  typeOf(node: number): string
  /** A constructor's name, a string's beginning, a function's name, … */
  nameOf(node: number): string
  /** Bytes of its own, without what it refers to. */
  selfSizeOf(node: number): number
  /** In the order in which V8 tells them. */
  edgesOf(node: number): Iterable<HeapEdge>
}

export interface HeapEdge {
  /** `property`, `element`, `internal`, `weak`, … */
  readonly type: string
  /** Of a property, a variable or an internal slot; an element has its place in the array. */
  readonly name: string
  readonly to: number
}

interface Meta {
  readonly node_fields: readonly string[]
  readonly node_types: readonly (string | readonly string[])[]
  readonly edge_fields: readonly string[]
  readonly edge_types: readonly (string | readonly string[])[]
}

interface Header {
  readonly meta: Meta
  readonly node_count: number
  readonly edge_count: number
}

/** Their names are numbers: the place in the array. */
const numbered = ['element', 'hidden']
const digits = { zero: 0x30, nine: 0x39, end: 0x5d }

/** @throws when the bytes are no snapshot, or a part of one */
export function parseHeapSnapshot(bytes: Buffer): HeapSnapshot {
  const header = headerOf(bytes)
  const { meta, node_count: nodeCount, edge_count: edgeCount } = header
  const ofNode = placesOf(meta.node_fields, ['type', 'name', 'self_size', 'edge_count'])
  const ofEdge = placesOf(meta.edge_fields, ['type', 'name_or_index', 'to_node'])
  const nodes = readNumbers(bytes, startOf(bytes, 'nodes', 0), nodeCount * ofNode.width)
  const edges = readNumbers(bytes, startOf(bytes, 'edges', nodes.endAt), edgeCount * ofEdge.width)
  const stringsAt = startOf(bytes, 'strings', edges.endAt) - 1
  const strings = JSON.parse(
    bytes.toString('utf8', stringsAt, bytes.lastIndexOf(']') + 1),
  ) as string[]
  const nodeTypes = typesOf(meta.node_types[ofNode.at.type])
  const edgeTypes = typesOf(meta.edge_types[ofEdge.at.type])
  const field = (node: number, at: number) => nodes.numbers[node * ofNode.width + at] ?? 0
  const firstEdge = new Uint32Array(nodeCount + 1)
  for (let node = 0; node < nodeCount; node++) {
    firstEdge[node + 1] = (firstEdge[node] ?? 0) + field(node, ofNode.at.edge_count)
  }
  return {
    nodeCount,
    typeOf: (node) => nodeTypes[field(node, ofNode.at.type)] ?? 'unknown',
    nameOf: (node) => strings[field(node, ofNode.at.name)] ?? '',
    selfSizeOf: (node) => field(node, ofNode.at.self_size),
    *edgesOf(node) {
      const end = firstEdge[node + 1] ?? 0
      for (let edge = firstEdge[node] ?? 0; edge < end; edge++) {
        const at = (place: number) => edges.numbers[edge * ofEdge.width + place] ?? 0
        const type = edgeTypes[at(ofEdge.at.type)] ?? 'unknown'
        const name = at(ofEdge.at.name_or_index)
        yield {
          type,
          name: numbered.includes(type) ? String(name) : (strings[name] ?? ''),
          to: at(ofEdge.at.to_node) / ofNode.width,
        }
      }
    },
  }
}

function headerOf(bytes: Buffer): Header {
  const end = bytes.indexOf('"nodes":[')
  if (end < 0) throw new Error('no heap snapshot: there are no nodes')
  const head = bytes.toString('utf8', 0, end).trimEnd().replace(/,$/, '}')
  return (JSON.parse(head) as { snapshot: Header }).snapshot
}

function placesOf<Name extends string>(fields: readonly string[], wanted: readonly Name[]) {
  const at = Object.fromEntries(wanted.map((name) => [name, fields.indexOf(name)]))
  const missing = wanted.find((name) => at[name] === -1)
  if (missing !== undefined) throw new Error(`no heap snapshot that we know: no field ${missing}`)
  return { at: at as Record<Name, number>, width: fields.length }
}

function typesOf(types: string | readonly string[] | undefined): readonly string[] {
  return typeof types === 'object' ? types : []
}

/** Behind the bracket that opens the array of this name. */
function startOf(bytes: Buffer, name: string, from: number): number {
  const at = bytes.indexOf(`"${name}":[`, from)
  if (at < 0) throw new Error(`no whole heap snapshot: there are no ${name}`)
  return at + name.length + 4
}

/** Whole numbers, none below zero, with anything between them, to the closing bracket. */
function readNumbers(bytes: Buffer, from: number, count: number) {
  const numbers = new Float64Array(count)
  let found = 0
  let value = -1
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte >= digits.zero && byte <= digits.nine) {
      value = (value < 0 ? 0 : value * 10) + byte - digits.zero
    } else {
      if (value >= 0) numbers[found++] = value
      value = -1
      if (byte === digits.end) {
        if (found !== count) throw new Error(`${found} numbers where ${count} were announced`)
        return { numbers, endAt: at }
      }
    }
  }
  throw new Error('the heap snapshot ends in the middle')
}
