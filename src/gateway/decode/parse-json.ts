/** Nothing of ours is nested deeper than a few levels. */
const depthMax = 32

/**
 * JSON of a stranger. Undefined for what is no JSON, names a field of one object twice (readers would differ on which one counts),
 * or is nested too deep.
 */
export function parseJson(text: string): unknown {
  let json: unknown
  try {
    json = JSON.parse(text) as unknown
  } catch {
    return undefined
  }
  // Of a name that stands twice only one field is left, so that there are fewer fields than colons.
  return fieldCount(json, 0) === colonCount(text) ? json : undefined
}

/** Of all objects in it. NaN when it is too deep. */
function fieldCount(json: unknown, depth: number): number {
  if (typeof json !== 'object' || json === null) return 0
  if (depth >= depthMax) return Number.NaN
  let count = 0
  if (Array.isArray(json)) {
    for (const item of json) count += fieldCount(item, depth + 1)
    return count
  }
  const fields = json as Record<string, unknown>
  for (const name of Object.keys(fields)) count += 1 + fieldCount(fields[name], depth + 1)
  return count
}

const [quote, backslash, colon] = [0x22, 0x5c, 0x3a]

/** Outside of strings, of a text that is JSON. */
function colonCount(text: string): number {
  let count = 0
  let isInString = false
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place)
    if (code === quote) isInString = !isInString
    else if (isInString && code === backslash) place++
    else if (!isInString && code === colon) count++
  }
  return count
}
