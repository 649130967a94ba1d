import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Request, Response } from 'express'
import { Fault } from '../fault.ts'

/** A file of the web app as it was when the node started. */
export interface StoredFile {
  readonly name: string
  readonly body: Buffer
  readonly etag: string
  readonly lastModifiedMs: number
}

/**
 * All files below a folder by their path in it, `/`-separated, without hidden ones. They are kept in memory (about 1 MiB): an answer
 * that nobody reads then costs no descriptor and no copy.
 */
export function readFiles(folder: string): ReadonlyMap<string, StoredFile> {
  const files = new Map<string, StoredFile>()
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path).split(sep).join('/')
    if (!entry.isFile() || name.split('/').some((part) => part.startsWith('.'))) continue
    const body = readFileSync(path)
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    // HTTP dates have whole seconds.
    const lastModifiedMs = Math.floor(statSync(path).mtimeMs / 1000) * 1000
    files.set(name, { name, body, etag, lastModifiedMs })
  }
  return files
}

/**
 * Answers GET and HEAD with the file, or the part that `Range` asks for, under the conditions of RFC 9110, 13.
 * @throws Fault `precondition-failed`, `range-not-satisfiable`
 */
export function sendFile(req: Request, res: Response, file: StoredFile): void {
  const { name, body, etag, lastModifiedMs } = file
  const type = /[^.]*$/.exec(name)?.[0] ?? ''
  if (res.statusCode === 200) checkConditions(req, file)
  const range = res.statusCode === 200 ? rangeOf(req, res, file) : undefined
  res.type(type === 'map' ? 'json' : type)
  res.setHeader('ETag', etag)
  res.setHeader('Last-Modified', new Date(lastModifiedMs).toUTCString())
  res.setHeader('Accept-Ranges', 'bytes')
  if (range === undefined) {
    // Answers 304 itself when the caller has it.
    res.send(body)
    return
  }
  res.status(206).setHeader('Content-Range', `bytes ${range.start}-${range.end}/${body.length}`)
  res.send(body.subarray(range.start, range.end + 1))
}

function checkConditions(req: Request, { etag, lastModifiedMs }: StoredFile): void {
  const match = req.get('If-Match')
  if (match !== undefined) {
    const named = match.split(',').map((tag) => tag.trim())
    if (match.trim() !== '*' && !named.includes(etag)) throw new Fault('precondition-failed')
    return
  }
  const since = Date.parse(req.get('If-Unmodified-Since') ?? '')
  if (lastModifiedMs > since) throw new Fault('precondition-failed')
}

/** Undefined for the whole: nothing is asked for, or several parts, or what is no range, or a part of another version. */
function rangeOf(req: Request, res: Response, { body, etag, lastModifiedMs }: StoredFile) {
  const ifRange = req.get('If-Range')
  if (ifRange !== undefined && ifRange !== etag && !(Date.parse(ifRange) >= lastModifiedMs)) {
    return undefined
  }
  if (isFresh(req, etag)) return undefined
  const ranges = req.method === 'GET' ? req.range(body.length) : undefined
  if (ranges === -1) {
    res.setHeader('Content-Range', `bytes */${body.length}`)
    throw new Fault('range-not-satisfiable')
  }
  if (!Array.isArray(ranges) || ranges.type !== 'bytes' || ranges.length !== 1) return undefined
  return ranges[0]
}

function isFresh(req: Request, etag: string): boolean {
  return req.get('If-None-Match')?.includes(etag) ?? false
}
