/** Which nodes are being worked on: of two nemeses at a time each has its own victim. */
export interface Victims {
  isFree(nodeId: string): boolean
  /** False when somebody else has it. */
  claim(nodeId: string): boolean
  release(nodeId: string): void
}

export function createVictims(): Victims {
  const claimed = new Set<string>()
  return {
    isFree: (nodeId) => !claimed.has(nodeId),
    claim(nodeId) {
      if (claimed.has(nodeId)) return false
      claimed.add(nodeId)
      return true
    },
    release: (nodeId) => void claimed.delete(nodeId),
  }
}
