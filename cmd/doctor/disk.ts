import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Finding } from './finding.ts'

const gibibyte = 1024 ** 3
const freeFailBytes = 0.1 * gibibyte
const freeWarnBytes = gibibyte

/** Where an embedded store keeps its auctions. Other stores keep theirs on their own servers. */
export function checkDisk(store: string): Finding {
  if (!store.startsWith('embedded:')) {
    const detail = 'nothing is kept on this machine'
    return { check: 'disk', state: 'skip', detail }
  }
  const folder = resolve(store.slice('embedded:'.length))
  const existing = nearestExisting(folder)
  try {
    accessSync(existing, constants.W_OK)
  } catch {
    const advice =
      'Give the folder to the user that runs the node, or name another: --store embedded:FOLDER'
    return { check: 'disk', state: 'fail', detail: `${existing} may not be written`, advice }
  }
  const { bavail, bsize } = statfsSync(existing)
  const freeBytes = bavail * bsize
  const detail = `${folder}: ${(freeBytes / gibibyte).toFixed(1)} GiB free`
  if (freeBytes >= freeWarnBytes) return { check: 'disk', state: 'ok', detail }
  const advice = 'Make room: a full disk pauses all bidding on this node.'
  return { check: 'disk', state: freeBytes < freeFailBytes ? 'fail' : 'warn', detail, advice }
}

function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(dirname(folder))
}
