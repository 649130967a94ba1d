import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Names the cache of a built web app's service worker after what is kept in it. A browser compares that file byte by byte
 * when a page is loaded: another offline page is therefore another worker, which fetches it and forgets the one before.
 */
export function stampOfflinePage(builtFolder: string): void {
  const path = join(builtFolder, 'service-worker.js')
  const worker = readFileSync(path, 'utf8')
  const hash = createHash('sha256')
  for (const [, name = ''] of worker.matchAll(/'(\/[\w-]+\.(?:html|css|js|svg))'/g))
    hash.update(readFileSync(join(builtFolder, name)))
  const stamp = hash.digest('hex').slice(0, 12)
  const stamped = worker.replace(/'lotkeeper-offline[^']*'/, `'lotkeeper-offline-${stamp}'`)
  if (!stamped.includes(stamp)) throw new Error(`${path} names no cache`)
  writeFileSync(path, stamped)
}
