import type { ErrorFrame } from '../../protocol/down.ts'
import type { Fault } from '../fault.ts'
import type { Outlet } from './outlet.ts'

export function sendFault(outlet: Outlet, fault: Fault, auctionId?: string): void {
  const frame: ErrorFrame = {
    type: 'error',
    code: fault.code,
    message: fault.message,
    ...(auctionId !== undefined && { auctionId }),
  }
  outlet.send(frame)
}
