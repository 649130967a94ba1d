import { EventEmitter } from 'node:events'
import { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Express } from 'express'

export interface AppCall {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  /** Of the caller. */
  readonly address: string
}

export interface AppAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** One request to the real HTTP app, without a socket under it. */
export function askApp(app: Express, call: AppCall): Promise<AppAnswer> {
  const { method, path, body, address } = call
  const socket = socketOf(address)
  const request = new IncomingMessage(socket)
  request.method = method
  request.url = path
  request.httpVersion = '1.1'
  request.complete = true
  request.headers.host = 'node'
  for (const [name, value] of Object.entries(call.headers))
    request.headers[name.toLowerCase()] = value
  if (body !== undefined) request.headers['content-length'] = String(Buffer.byteLength(body))
  request.push(body ?? null)
  if (body !== undefined) request.push(null)
  const response = new ServerResponse(request)
  return new Promise((resolve) => {
    const end = (chunk?: unknown): typeof response => {
      const headers = Object.entries(response.getHeaders()).map(
        ([name, value]) => [name, String(value)] as const,
      )
      const text = typeof chunk === 'string' ? chunk : Buffer.isBuffer(chunk) ? String(chunk) : ''
      resolve({ status: response.statusCode, headers: Object.fromEntries(headers), text })
      return response
    }
    response.end = end
    app(request, response)
  })
}

/** As much of a socket as the request looks at. */
function socketOf(remoteAddress: string): Socket {
  const nothing = () => undefined
  return Object.assign(new EventEmitter(), {
    ...{ remoteAddress, encrypted: false, destroyed: false, readable: true },
    ...{ resume: nothing, pause: nothing, destroy: nothing },
  }) as unknown as Socket
}
