// Makes a clone ready to run: the right Node, installed dependencies, a current build. Does nothing that is done already.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const top = join(dirname(fileURLToPath(import.meta.url)), '..')

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(
    `Lotkeeper needs Node 20.19 or newer; this is ${process.version}. Install a newer one from https://nodejs.org`,
  )
  process.exit(1)
}

function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(top, 'package-lock.json')))
    .digest('hex')
  const stamp = join(top, 'node_modules', '.lotkeeper-lock')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  console.error('installing dependencies …')
  const npm = process.env.npm_execpath
  const [command, ...first] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm']
  // No dependency needs its install script: what is native comes prebuilt.
  const args = [
    ...first,
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]
  const { status, error } = spawnSync(command, args, { cwd: top, stdio: ['ignore', 2, 2] })
  if (status !== 0) {
    console.error(`npm ci failed${error ? `: ${error.message}` : ''}; see above`)
    process.exit(status ?? 1)
  }
  writeFileSync(stamp, lock)
}

export async function prepare() {
  checkNode()
  install()
  const { build } = await import('./build.mjs')
  build({ ifChanged: true })
}
