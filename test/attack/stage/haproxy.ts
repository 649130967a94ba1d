import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServerProcess, type ServerProcess } from '../../../src/ensemble/server-process.ts'
import { isReady } from '../../faults/node-process.ts'

const config = fileURLToPath(new URL('../../../deploy/haproxy.cfg', import.meta.url))

/** For people; undefined when it is there. */
export function missingHaproxy(): string | undefined {
  return spawnSync('haproxy', ['-v']).status === 0 ? undefined : 'haproxy is not installed'
}

/** The proxy as it is shipped, in front of up to three nodes; one node stands for all three. */
export function createHaproxy(options: {
  port: number
  nodeUrls: readonly string[]
  folder: string
}): ServerProcess {
  const { port, nodeUrls, folder } = options
  const hosts = [0, 1, 2].map((index) => new URL(nodeUrls[index % nodeUrls.length]!).host)
  return createServerProcess({
    name: 'haproxy',
    program: 'haproxy',
    args: ['-db', '-f', config],
    folder,
    logFile: join(folder, 'haproxy.log'),
    env: {
      LOTKEEPER_LISTEN: `127.0.0.1:${port}`,
      ...Object.fromEntries(hosts.map((host, index) => [`LOTKEEPER_NODE${index + 1}`, host])),
    },
    isReady: () => isReady(`http://127.0.0.1:${port}`),
  })
}
