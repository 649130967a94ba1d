import type { SoftCloseInput } from '../src/protocol/http-request.ts'
import { parseDuration } from './duration.ts'

export const softCloseForms =
  'Use WINDOW/EXTENSION[/add|reset[/MAX]], as in 30s/60s/add/10, or none.'

/** `30s/60s/add/10`: a bid in the last 30 s adds 60 s, at most ten times. Undefined when it is neither that nor `none`. */
export function parseSoftClose(text: string): SoftCloseInput | 'none' | undefined {
  if (text === 'none') return text
  const [window, extension, mode = 'add', max, ...rest] = text.split('/')
  const windowMs = parseDuration(window ?? '')
  const extensionMs = parseDuration(extension ?? '')
  if (windowMs === undefined || extensionMs === undefined || rest.length > 0) return undefined
  if (mode !== 'add' && mode !== 'reset') return undefined
  if (max === undefined) return { windowMs, extensionMs, mode }
  if (!/^\d{1,6}$/.test(max)) return undefined
  return { windowMs, extensionMs, mode, maxExtensions: Number(max) }
}
