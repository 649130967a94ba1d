import type { RequestHandler } from 'express'
import { Fault } from '../fault.ts'

/** The last handler of a path: what is not served there is named, OPTIONS answered. */
export function refuseOtherMethods(methods: readonly string[]): RequestHandler {
  const allowed = [...methods.map((method) => method.toUpperCase()), 'OPTIONS']
  if (allowed.includes('GET')) allowed.splice(1, 0, 'HEAD')
  const allow = allowed.join(', ')
  return (req, res) => {
    res.setHeader('Allow', allow)
    if (req.method !== 'OPTIONS') throw new Fault('method-not-allowed', `Allowed: ${allow}.`)
    res.status(204).end()
  }
}
