/** Rises when a frame or body changes in a way that an older client would misread. Additions do not count. */
export const protocolVersion = 1

/** Asked for and confirmed in the WebSocket handshake. */
export const subprotocol = `lotkeeper.v${protocolVersion}` as const

export const apiPath = '/api/v1'
export const socketPath = '/ws'
