import express, { type Request, type RequestHandler, type Response } from 'express'
import { parseJson } from '../decode/parse-json.ts'
import { Fault } from '../fault.ts'

/** Reads the body of one request as JSON. */
export type ReadBody = (req: Request, res: Response) => Promise<unknown>

/**
 * The body of a request as parsed JSON; undefined when there is none. Only `application/json` in plain UTF-8 is taken:
 * forms, which any page can send anywhere, are not, and nothing is decompressed.
 */
export function createReadBody(bodyBytesMax: number): ReadBody {
  const read: RequestHandler = express.raw({
    limit: bodyBytesMax,
    inflate: false,
    type: () => true,
  })
  return async (req, res) => {
    const { 'content-length': length, 'transfer-encoding': encoding } = req.headers
    if (encoding === undefined && (length === undefined || length === '0')) return undefined
    checkType(req)
    await new Promise<void>((resolve, reject) => {
      read(req, res, (error?: unknown) => {
        if (error === undefined) resolve()
        else reject(error instanceof Error ? error : new Fault('bad-json'))
      })
    })
    const json = Buffer.isBuffer(req.body) ? parseJson(textOf(req.body)) : undefined
    if (json === undefined) throw new Fault('bad-json')
    return json
  }
}

function checkType(req: Request): void {
  if (req.is('application/json') !== 'application/json') throw new Fault('wrong-content-type')
  const charset = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(req.get('Content-Type') ?? '')?.[1]
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new Fault('wrong-content-type', 'Send UTF-8, uncompressed.')
  }
}

/** Bytes that are no UTF-8 are refused, not replaced. */
function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Fault('bad-json', 'The body is no UTF-8.')
  }
}
