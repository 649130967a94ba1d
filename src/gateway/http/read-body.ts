import express, { type Request, type RequestHandler, type Response } from 'express'
import { Fault } from '../fault.ts'

/** Reads the body of one request as JSON. */
export type ReadBody = (req: Request, res: Response) => Promise<unknown>

/**
 * The body of a request as parsed JSON; undefined when there is none. Only `application/json` in plain UTF-8 is taken:
 * forms, which any page can send anywhere, are not, and nothing is decompressed.
 */
export function createReadBody(bodyBytesMax: number): ReadBody {
  const parse: RequestHandler = express.json({ limit: bodyBytesMax, inflate: false, strict: false })
  return async (req, res) => {
    const { 'content-length': length, 'transfer-encoding': encoding } = req.headers
    if (encoding === undefined && (length === undefined || length === '0')) return undefined
    if (req.is('application/json') !== 'application/json') throw new Fault('wrong-content-type')
    await new Promise<void>((resolve, reject) => {
      parse(req, res, (error?: unknown) => {
        if (error === undefined) resolve()
        else reject(error instanceof Error ? error : new Fault('bad-json'))
      })
    })
    return req.body as unknown
  }
}
