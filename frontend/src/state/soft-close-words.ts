import type { SoftCloseJson } from '../../../src/protocol/auction.ts'
import { spanInWords } from './time-left.ts'
import { say } from '../words/say.ts'

/** The rule of late bids, in one line. */
export function softCloseInWords(softClose: SoftCloseJson | null): string {
  if (softClose === null) return say('endDoesNotMove')
  const { windowMs, extensionMs, mode, maxExtensions } = softClose
  const [window, extension] = [spanInWords(windowMs), spanInWords(extensionMs)]
  const rule =
    mode === 'add'
      ? say('lateBidAdds', { window, extension })
      : say('lateBidResets', { window, extension })
  if (maxExtensions === undefined) return rule
  return say('atMostTimes', { rule, count: maxExtensions })
}
