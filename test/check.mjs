// npm run check: types, lint, format, layers, dead code, as many side by side as there are cores. Each tells what it found when it ends.
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'

// The longest first.
const waiting = ['lint', 'types', 'format', 'layers', 'dead']
let failed = 0

function check(name) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '-s', name], { shell: process.platform === 'win32' })
    const said = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(data))
    child.on('error', (error) => said.push(Buffer.from(`${error.message}\n`)))
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(said))
      if (code !== 0) console.error(`npm run ${name} failed`)
      if (code !== 0) failed++
      resolve()
    })
  })
}

async function work() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await check(name)
}

await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, work))
process.exit(failed === 0 ? 0 : 1)
