// npm start: one node on the embedded store, from a fresh clone. Further words go to `lotkeeper serve`:
// npm start -- --port 8090
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { prepare, top } from './prepare.mjs'

await prepare()
const program = join(top, 'dist', 'cmd', 'lotkeeper.js')
// In this very process, so that signals reach it.
process.argv = [process.execPath, program, 'serve', ...process.argv.slice(2)]
await import(pathToFileURL(program).href)
