import type { RequestHandler } from 'express'
import type { Addresses } from '../addresses.ts'
import { Fault } from '../fault.ts'
import type { Hosts } from '../hosts.ts'
import type { SecurityLog } from '../security-log.ts'
import { requestIdOf } from './request-id.ts'

/** Supervisors and load balancers ask by whatever name they know; the answers tell nothing that is worth a trick. */
const probes: ReadonlySet<string> = new Set(['/healthz', '/readyz'])

/** 421 `wrong-host` for whoever calls us by a name that is not ours: a page that bound its own to our address, above all. */
export function checkHost(deps: {
  hosts: Hosts
  addresses: Addresses
  security: SecurityLog
}): RequestHandler {
  const { hosts, addresses, security } = deps
  return (req, res, next) => {
    if (!hosts.isOurs(req.headers.host) && !probes.has(req.path)) {
      const requestId = requestIdOf(res)
      security.note('host-refused', { address: addresses.of(req), requestId, detail: 'http' })
      throw new Fault('wrong-host')
    }
    next()
  }
}
