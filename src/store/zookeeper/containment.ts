import { asError } from '../../lib/clock.ts'
import { codes, isKnownCode } from './failures.ts'
import { createFrames } from './frames.ts'
import { gatherWrites } from './gathered-writes.ts'
import { connectionStates, type LibraryClient } from './library.ts'

/**
 * Hands the library whole frames, one at a time, and catches what its handlers throw: it knows neither the newer error
 * codes nor bytes out of step, and a throw from a socket's handler would end the process.
 */
export function contain(
  client: LibraryClient,
  on: { isDown(): boolean; connected(): void; closed(): void; threw(error: Error): void },
): void {
  const manager = client.connectionManager
  const frames = createFrames()
  const guarded = (run: () => void) => {
    try {
      run()
    } catch (error) {
      on.threw(asError(error))
    }
  }
  const { onSocketConnected, onSocketData, onSocketDrain, onSocketClosed, onSocketTimeout } =
    manager
  manager.onSocketConnected = () => {
    on.connected()
    if (manager.socket !== undefined) gatherWrites(manager.socket)
    guarded(() => onSocketConnected.call(manager))
  }
  manager.onSocketData = (chunk) => {
    guarded(() => {
      for (const frame of frames.push(chunk)) {
        if (on.isDown()) return
        if (manager.state !== connectionStates.connecting) translateCode(frame)
        onSocketData.call(manager, frame)
      }
    })
  }
  manager.onSocketDrain = () => guarded(() => onSocketDrain.call(manager))
  manager.onSocketTimeout = () => guarded(() => onSocketTimeout.call(manager))
  manager.onSocketClosed = (hasError) => {
    on.closed()
    guarded(() => onSocketClosed.call(manager, hasError))
  }
}

/** Length 4, call id 4, revision 8, then the code. */
const codeOffset = 16

function translateCode(frame: Buffer): void {
  if (frame.length < codeOffset + 4) return
  const code = frame.readInt32BE(codeOffset)
  if (!isKnownCode(code)) frame.writeInt32BE(codes.systemError, codeOffset)
}
