import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const top = join(import.meta.dirname, '../..')

/** The folder of the web app, built anew when a source has changed since. */
export function builtPages(): string {
  execFileSync(process.execPath, [join(top, 'deploy/build.mjs'), '--if-changed'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return join(top, 'dist/frontend')
}
