// The real programs that tests run against. As root on Debian or Ubuntu what is missing is installed by apt-get, saying so;
// elsewhere the one line to run is printed, and the tests that need it say what they could not test.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const isOnPath = (name) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })

const programs = [
  {
    name: 'zookeeper',
    packages: ['zookeeper', 'default-jre-headless'],
    isThere: () => existsSync('/usr/share/java/zookeeper.jar') && isOnPath('java'),
  },
  { name: 'etcd', packages: ['etcd-server', 'etcd-client'], isThere: () => isOnPath('etcd') },
  {
    name: 'chromium',
    packages: ['chromium'],
    isThere: () => isOnPath('chromium') || existsSync(process.env.CHROMIUM_PATH ?? ''),
  },
  { name: 'haproxy', packages: ['haproxy'], isThere: () => isOnPath('haproxy') },
  { name: 'openssl', packages: ['openssl'], isThere: () => isOnPath('openssl') },
  { name: 'strace', packages: ['strace'], isThere: () => isOnPath('strace') },
  { name: 'openssl', packages: ['openssl'], isThere: () => isOnPath('openssl') },
]

function apt(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const run = (...args) => spawnSync('apt-get', args, { env, stdio: ['ignore', 2, 2] }).status === 0
  if (!run('update', '-qq'))
    console.error('apt-get update failed; trying with the lists that are here')
  return run('install', '-y', '-qq', '--no-install-recommends', ...packages)
}

export function providePrograms() {
  const missing = programs.filter(({ isThere }) => !isThere())
  if (missing.length === 0) return
  const packages = missing.flatMap((program) => program.packages)
  const line = `apt-get install -y --no-install-recommends ${packages.join(' ')}`
  const mayInstall =
    process.getuid?.() === 0 && isOnPath('apt-get') && process.env.LOTKEEPER_NO_APT !== '1'
  if (mayInstall) {
    console.error(`installing for the tests (LOTKEEPER_NO_APT=1 forbids it): ${line}`)
    apt(packages)
  }
  const left = missing.filter(({ isThere }) => !isThere()).map(({ name }) => name)
  if (left.length === 0) return
  console.error(`\nNOT HERE, so tests that need them are skipped: ${left.join(', ')}`)
  console.error(`On Debian or Ubuntu, as root: ${line}\n`)
}
