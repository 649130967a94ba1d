/** A frame longer than this is no answer of ours: the stream is out of step, or not ZooKeeper's. */
export const frameBytesMax = 64 * 1024 * 1024

/** Cuts the bytes of one connection into whole frames, each with the four bytes of its length. */
export interface Frames {
  /** The frames that this chunk completes. @throws when a length makes no sense */
  push(chunk: Buffer): Buffer[]
}

export function createFrames(): Frames {
  let parts: Buffer[] = []
  let byteCount = 0
  let wantedCount = 4
  return {
    push(chunk) {
      parts.push(chunk)
      byteCount += chunk.length
      if (byteCount < wantedCount) return []
      let rest = parts.length === 1 ? chunk : Buffer.concat(parts, byteCount)
      const frames: Buffer[] = []
      for (;;) {
        wantedCount = 4
        if (rest.length < 4) break
        const size = rest.readInt32BE(0)
        if (size < 0 || size > frameBytesMax) throw new Error(`a frame of ${size} bytes`)
        wantedCount = size + 4
        if (rest.length < wantedCount) break
        frames.push(rest.subarray(0, wantedCount))
        rest = rest.subarray(wantedCount)
      }
      parts = rest.length === 0 ? [] : [rest]
      byteCount = rest.length
      return frames
    },
  }
}
