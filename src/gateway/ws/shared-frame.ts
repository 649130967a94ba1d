/** The bytes of a frame that many sockets share, made once however many get it one after the other. */
export type SharedFrame = (frame: string) => Buffer

export function createSharedFrame(): SharedFrame {
  let lastFrame: string | undefined
  let lastBytes = Buffer.alloc(0)
  return (frame) => {
    if (frame !== lastFrame) {
      lastBytes = Buffer.from(frame)
      lastFrame = frame
    }
    return lastBytes
  }
}
