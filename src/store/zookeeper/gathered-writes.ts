import type { Socket } from 'node:net'

/** What is written in one turn of the event loop leaves together: one call to the kernel, in place of one for each request. */
export function gatherWrites(socket: Socket): void {
  let isGathering = false
  const write = socket.write.bind(socket)
  const release = () => {
    if (isGathering) socket.uncork()
    isGathering = false
  }
  const gathered = (...given: Parameters<Socket['write']>): boolean => {
    if (!isGathering) {
      isGathering = true
      socket.cork()
      setImmediate(release)
    }
    const mayWriteOn = write(...given)
    // The writer now waits until this has left.
    if (!mayWriteOn) release()
    return mayWriteOn
  }
  socket.write = gathered as Socket['write']
}
