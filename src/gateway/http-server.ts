import { createServer, type Server, type ServerOptions } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { ProtocolLimits } from '../protocol/limits.ts'

/** How often requests that come in drop by drop are looked for. */
const slowLookEveryMs = 5_000
/** Longer than a proxy before us keeps its connections, so that none is closed under a request on its way. */
const keepAliveMs = 65_000

/**
 * The server of a node's port, which does not listen yet. With a certificate it speaks TLS 1.2 or newer and nothing else; who does
 * not finish the handshake within `headersTimeoutMs` is cut.
 * @throws when certificate and key do not fit
 */
export function createHttpServer(
  limits: ProtocolLimits,
  tls: { cert: Buffer; key: Buffer } | undefined,
): Server {
  const options: ServerOptions = {
    maxHeaderSize: limits.headerBytesMax,
    requestTimeout: limits.requestTimeoutMs,
    headersTimeout: limits.headersTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: Math.min(slowLookEveryMs, limits.headersTimeoutMs),
    // We say so ourselves, by a problem.
    requireHostHeader: false,
  }
  if (tls === undefined) return createServer(options)
  const { cert, key } = tls
  const handshakeTimeout = limits.headersTimeoutMs
  const secure = { cert, key, minVersion: 'TLSv1.2', handshakeTimeout } as const
  return createTlsServer({ ...options, ...secure, ALPNProtocols: ['http/1.1'] })
}
