// Builds the program (tsc) and the web app (vite) into dist/. `--if-changed` does nothing when no source has changed.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const top = join(dirname(fileURLToPath(import.meta.url)), '..')
const stamp = join(top, 'dist', '.build-stamp')

const sources = [
  'cmd',
  'src',
  'frontend',
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.build.json',
]

function* filesOf(path) {
  if (!existsSync(path)) return
  if (!statSync(path).isDirectory()) yield path
  else for (const name of readdirSync(path).sort()) yield* filesOf(join(path, name))
}

export function fingerprint() {
  const hash = createHash('sha256')
  for (const source of sources) {
    for (const file of filesOf(join(top, source)))
      hash.update(file.slice(top.length)).update(readFileSync(file))
  }
  return hash.digest('hex')
}

export function build({ ifChanged = false } = {}) {
  const now = fingerprint()
  if (ifChanged && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return
  console.error('building …')
  const run = (script, ...args) =>
    execFileSync(process.execPath, [join(top, 'node_modules', script), ...args], {
      cwd: top,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  run('typescript/bin/tsc', '-p', 'tsconfig.build.json')
  run('vite/bin/vite.js', 'build', '--config', 'frontend/vite.config.ts', '--logLevel', 'warn')
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, now)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  build({ ifChanged: process.argv.includes('--if-changed') })
}
