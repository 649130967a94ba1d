import { errorCodes } from '../../../src/protocol/error-code.ts'
import { down } from '../../../src/protocol/down.ts'
import { problemJson } from '../../../src/protocol/problem.ts'
import { pollution } from './odd-values.ts'

/** What came back for one request, as bytes. */
export interface RawAnswer {
  readonly text: string
  readonly isClosed: boolean
}

/** Statuses of failures that are told in docs/protocol.md: they say that something else is short, not that a node erred. */
const documented5xx: ReadonlySet<number> = new Set(
  Object.entries(errorCodes).flatMap(([code, { status }]) =>
    status >= 500 && code !== 'internal' ? [status] : [],
  ),
)

/** @returns the status of the first answer, and what is wrong with it in plain words */
export function judgeAnswer({ text }: RawAnswer): { status: number; wrong?: string } {
  const [, digits, head = '', body = ''] =
    /^HTTP\/1\.1 (\d{3})([^]*?)\r\n\r\n([^]*)$/.exec(text) ?? []
  if (digits === undefined) {
    return text === '' ? { status: 0 } : { status: 0, wrong: `no HTTP: ${text.slice(0, 80)}` }
  }
  const status = Number(digits)
  const wrong = wrongIn(status, head, body)
  return wrong === undefined ? { status } : { status, wrong }
}

function wrongIn(status: number, head: string, body: string): string | undefined {
  if (status >= 500 && !documented5xx.has(status)) return `${status}: ${body.slice(0, 200)}`
  if (/\n\s+at .+:\d+:\d+/.test(body)) return `a stack: ${body.slice(0, 200)}`
  const isProblem = /content-type: application\/problem\+json/i.test(head)
  if (!isProblem) return undefined
  const own = firstBody(head, body)
  if (own === '') return undefined
  return wrongProblem(status, own)
}

/** Of several answers on one connection. Empty for an answer to HEAD. @param body latin1 */
function firstBody(head: string, body: string): string {
  const bytes = Buffer.from(body, 'latin1')
  const [, length] = /content-length: (\d+)/i.exec(head) ?? []
  if (length !== undefined) return bytes.subarray(0, Number(length)).toString()
  if (!/transfer-encoding: chunked/i.test(head)) return bytes.toString()
  const chunks: Buffer[] = []
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size = lineEnd < 0 ? 0 : parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (!(size > 0)) return Buffer.concat(chunks).toString()
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
}

function wrongProblem(status: number, body: string): string | undefined {
  try {
    const problem = problemJson.parse(JSON.parse(body))
    const known = errorCodes[problem.code]
    if (problem.status !== status) return `a problem of ${problem.status} comes with ${status}`
    if (known.status !== status) return `${problem.code} comes with ${status}`
    if (problem.code === 'internal') return `internal: ${body.slice(0, 200)}`
    return undefined
  } catch {
    return `no problem of RFC 9457: ${body.slice(0, 200)}`
  }
}

/** @param text one frame of a node to a person's socket */
export function wrongFrame(text: string): string | undefined {
  try {
    const frame = down.parse(JSON.parse(text))
    return frame.type === 'error' && frame.code === 'internal' ? `internal: ${text}` : undefined
  } catch {
    return `no frame of the protocol: ${text.slice(0, 200)}`
  }
}

/** Of answers to sound questions, after odd ones were asked. */
export function isPolluted(text: string): boolean {
  return text.includes(pollution)
}
