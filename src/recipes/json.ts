const encoder = new TextEncoder()
const decoder = new TextDecoder()

export function encodeJson(content: object): Uint8Array {
  return encoder.encode(JSON.stringify(content))
}

/** The object that was encoded, its fields unchecked; undefined for anything else. */
export function decodeJson(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(decoder.decode(bytes))
    return typeof content === 'object' && content !== null && !Array.isArray(content)
      ? (content as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
