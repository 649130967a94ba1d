import type { Draw } from './draw.ts'

/** Shown by no answer unless it was asked for there: a sign that a prototype was written to. */
export const pollution = 'lotkeeperPolluted'

/** Any JSON value, mostly one that programs trip over. */
export function oddValue(draw: Draw, depth = 0): unknown {
  if (depth < 3 && draw.chance(0.15)) {
    return Array.from({ length: draw.below(5) }, () => oddValue(draw, depth + 1))
  }
  if (depth < 3 && draw.chance(0.15)) {
    const entries = Array.from({ length: draw.below(5) }, () => [
      draw.pick(keys),
      oddValue(draw, depth + 1),
    ])
    return Object.fromEntries(entries) as unknown
  }
  return draw.chance(0.3) ? draw.text(60) : draw.pick(values)
}

const keys = [
  'a',
  '',
  'type',
  'id',
  'amount',
  'name',
  'toString',
  'then',
  'constructor',
  'length',
  '0',
]
const values: readonly unknown[] = [
  ...[null, true, false, 0, -0, 1, -1, 0.1, 1e308, -1e308, 2 ** 53, 2 ** 53 + 2, 2 ** 31, 1e-7],
  ...['', ' ', '0', '-1', '1e9', '0x10', '١٢', '100.001', '9999999999999.99', '1'.repeat(400)],
  ...['NaN', 'Infinity', 'null', 'undefined', '[object Object]', '__proto__', '\u0000', '\ud800'],
  ...[
    '2026-02-30T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '0000-01-01T00:00:00Z',
    '${7*7}',
    "' OR 1=1 --",
  ],
  ...[[], {}, [[]], 'x'.repeat(9_000), 'é'.repeat(200)],
]

/** The object with some of its fields changed, dropped or added; as text, since that may be no JSON. */
export function mutatedJson(draw: Draw, valid: Readonly<Record<string, unknown>>): string {
  const mutant: Record<string, unknown> = { ...valid }
  for (let change = draw.below(3); change > 0; change--) {
    const name = draw.pick([...Object.keys(valid), 'more'])
    if (draw.chance(0.25)) Reflect.deleteProperty(mutant, name)
    else mutant[name] = oddValue(draw)
  }
  const text = JSON.stringify(mutant)
  if (draw.chance(0.05)) return text.replace('{', `{"__proto__":{"${pollution}":true},`)
  if (draw.chance(0.05))
    return text.replace('{', `{"constructor":{"prototype":{"${pollution}":true}},`)
  if (draw.chance(0.05)) return text.slice(0, draw.below(text.length + 1))
  if (draw.chance(0.03)) return '['.repeat(draw.below(4_000)) + text
  if (draw.chance(0.03)) return JSON.stringify(oddValue(draw))
  return text
}

/** Some bytes changed, dropped, doubled or put in. */
export function mutatedBytes(draw: Draw, valid: Buffer): Buffer {
  let bytes = Buffer.from(valid)
  for (let change = 1 + draw.below(4); change > 0; change--) {
    const at = draw.below(bytes.length + 1)
    const until = at + draw.below(12)
    const kind = draw.below(5)
    if (kind === 0 && at < bytes.length) bytes[at] = draw.below(256)
    else if (kind === 1 && at < bytes.length) bytes[at]! ^= 1 << draw.below(8)
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(until)])
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, until), bytes.subarray(at)])
    else bytes = Buffer.concat([bytes.subarray(0, at), draw.bytes(8), bytes.subarray(at)])
  }
  return bytes
}
