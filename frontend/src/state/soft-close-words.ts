import type { SoftCloseJson } from '../../../src/protocol/auction.ts'
import { spanInWords } from './time-left.ts'

/** The rule of late bids, in one line. */
export function softCloseInWords(softClose: SoftCloseJson | null): string {
  if (softClose === null) return 'The end does not move, however late a bid comes'
  const { windowMs, extensionMs, mode, maxExtensions } = softClose
  const [window, extension] = [spanInWords(windowMs), spanInWords(extensionMs)]
  const rule =
    mode === 'add'
      ? `A bid in the last ${window} adds ${extension}`
      : `A bid in the last ${window} moves the end to ${extension} after it`
  if (maxExtensions === undefined) return rule
  return `${rule}, at most ${maxExtensions === 1 ? 'once' : `${maxExtensions} times`}`
}
