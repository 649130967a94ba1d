import type { z } from 'zod'
import { Fault } from '../fault.ts'

type Issue = z.core.$ZodIssue

/** Fields of which an ill-formed value is an ill-formed amount. */
const amountFields = new Set(['amount', 'startPrice', 'increment'])

/** The first thing wrong with a body, its field named by JSON pointer. An unknown field comes before all others. */
export function bodyFault(error: z.ZodError): Fault {
  const { path, issue } = worst(error)
  const [root] = path
  if (root === undefined && issue.code === 'invalid_type') {
    return new Fault('bad-json', 'The body is one JSON object.')
  }
  if (issue.code === 'unrecognized_keys') {
    const pointer = pointerTo([...path, issue.keys[0] ?? ''])
    return new Fault('unknown-field', `There is no field ${pointer} here.`, { pointer })
  }
  const pointer = pointerTo(path)
  const code = amountFields.has(String(root)) ? 'bad-amount' : 'bad-request'
  return new Fault(code, `${pointer}: ${issue.message}`, { pointer })
}

/** The same for a query string. */
export function queryFault(error: z.ZodError): Fault {
  const { path, issue } = worst(error)
  if (issue.code === 'unrecognized_keys') {
    const parameter = issue.keys[0] ?? ''
    return new Fault('unknown-parameter', `There is no query parameter ${parameter} here.`, {
      parameter,
    })
  }
  const parameter = String(path[0])
  return new Fault('bad-parameter', `${parameter}: ${issue.message}`, { parameter })
}

/** The same for a WebSocket frame. */
export function frameFault(error: z.ZodError): Fault {
  const { path, issue } = worst(error)
  if (issue.code === 'unrecognized_keys') {
    const pointer = pointerTo([...path, issue.keys[0] ?? ''])
    return new Fault('unknown-field', `There is no field ${pointer} here.`)
  }
  if (path.length === 0) return new Fault('bad-json', 'A frame is one JSON object.')
  const pointer = pointerTo(path)
  switch (path[0]) {
    case 'type':
      return new Fault('unknown-type', `${pointer}: ${issue.message}`)
    case 'amount':
      return new Fault('bad-amount', `${pointer}: ${issue.message}`)
    case 'auctionId':
      return new Fault('no-such-auction', 'This is no id of an auction.')
    default:
      return new Fault('bad-message', `${pointer}: ${issue.message}`)
  }
}

/** RFC 6901, for the pointers of problems. */
function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

interface Found {
  path: PropertyKey[]
  issue: Issue
}

function worst(error: z.ZodError): Found {
  const found = error.issues.map((issue) => innermost(issue, []))
  const first = found.find(({ issue }) => issue.code === 'unrecognized_keys') ?? found[0]
  if (first === undefined) throw new Error('a failed parse without an issue')
  return first
}

/** Of a union the alternative that got furthest: what was meant, most likely. */
function innermost(issue: Issue, above: readonly PropertyKey[]): Found {
  const path = [...above, ...issue.path]
  if (issue.code !== 'invalid_union') return { path, issue }
  return issue.errors
    .flat()
    .map((inner) => innermost(inner, path))
    .reduce((best, found) => (found.path.length > best.path.length ? found : best), {
      path,
      issue,
    })
}
