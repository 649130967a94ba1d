import { must } from '../../lib/assert.ts'
import { Fault } from '../fault.ts'
import type { Call, Caller } from './route.ts'

/** The caller of a route that needs a session: without one it is never called. */
export function signedIn(call: Call<unknown, unknown>): Caller {
  return must(call.caller, 'caller')
}

export function noSuchAuction(id: string): Fault {
  return new Fault('no-such-auction', `There is no auction ${JSON.stringify(id.slice(0, 64))}.`)
}
