import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must } from '../lib/assert.ts'
import {
  type Ensemble,
  type EnsembleMember,
  type EnsembleOptions,
  type EnsemblePlace,
  loopback,
  ProgramMissing,
} from './ensemble.ts'
import { askFourLetters } from './four-letters.ts'
import { findProgram } from './find-program.ts'
import { freePorts } from './free-port.ts'
import { createServerProcess, type ServerProcess } from './server-process.ts'
import { zookeeperConfig, type ZookeeperPorts } from './zookeeper-config.ts'

const installLine = 'apt-get install -y zookeeper default-jre-headless'
/** Class path of another ZooKeeper than the installed one, e.g. of two jars: `…/zookeeper-jute-3.9.6.jar:…/zookeeper-3.9.6.jar`. */
const ownJarsVariable = 'LOTKEEPER_ZOOKEEPER_JARS'
const jars = ['/usr/share/java/zookeeper.jar', '/usr/local/share/java/zookeeper.jar']
/** Names the log for people; without it the servers are mute. */
const logJar = '/usr/share/java/slf4j-simple.jar'

type Address = ZookeeperPorts & EnsemblePlace

/**
 * An election asks again every second, and waits as long for a server that does not answer. By default it is patient up to a
 * minute: while one server was cut off silently, the other two took half of that to find each other.
 */
const quickElection = [
  '-Dzookeeper.fastleader.maxNotificationInterval=1000',
  '-Dzookeeper.cnxTimeout=1000',
]

/** Whether `startZookeeperEnsemble` would find its programs; otherwise what to do about it. */
export function missingZookeeper(): ProgramMissing | undefined {
  const missing = [
    ...(findProgram('java') === undefined ? ['java'] : []),
    ...(findJar() === undefined ? ['zookeeper.jar'] : []),
  ]
  if (missing.length === 0) return undefined
  return new ProgramMissing(
    `${missing.join(' and ')} not found; on Debian or Ubuntu: ${installLine}`,
  )
}

/**
 * ZooKeeper servers of Debian's package, or of `LOTKEEPER_ZOOKEEPER_JARS`; a single one runs standalone. Resolves when all of them answer clients.
 * Session timeouts from 1 s to 2 min are granted as asked.
 * @throws ProgramMissing
 */
export async function startZookeeperEnsemble(options: EnsembleOptions): Promise<Ensemble> {
  const missing = missingZookeeper()
  if (missing !== undefined) throw missing
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'lotkeeper-zookeeper-')))
  const clientPorts = options.ports ?? (await freePorts(options.size))
  const innerPorts = await freePorts(options.size * 2)
  const addresses = Array.from({ length: options.size }, (_, index): Address => {
    const [quorum, election] = innerPorts.slice(index * 2)
    return {
      ...(options.places?.[index] ?? loopback),
      client: must(clientPorts[index], 'client port'),
      quorum: must(quorum, 'port'),
      election: must(election, 'port'),
    }
  })
  const servers = await Promise.all(
    addresses.map((_, index) =>
      prepareServer(join(folder, `zookeeper-${index + 1}`), index + 1, addresses),
    ),
  )
  const stop = async () => {
    await Promise.all(servers.map((server) => server.kill()))
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
  }
  try {
    await Promise.all(servers.map((server) => server.start()))
  } catch (error) {
    await stop()
    throw error
  }
  const members = servers.map((server, index) =>
    memberOf(server, index + 1, must(addresses[index], 'address')),
  )
  const clientAddresses = addresses.map(({ host, client }) => `${host}:${client}`).join(',')
  return {
    kind: 'zookeeper',
    members,
    storeUrl: (root = 'lotkeeper') => `zookeeper://${clientAddresses}/${root}`,
    stop,
  }
}

async function prepareServer(
  folder: string,
  id: number,
  all: readonly Address[],
): Promise<ServerProcess> {
  const dataFolder = join(folder, 'data')
  const configFile = join(folder, 'zoo.cfg')
  const own = must(all[id - 1], 'address')
  await mkdir(dataFolder, { recursive: true })
  await writeFile(join(dataFolder, 'myid'), `${id}\n`)
  await writeFile(configFile, zookeeperConfig({ dataFolder, own, all }))
  const classPath = [must(findJar(), 'zookeeper.jar'), logJar, folder].join(':')
  return createServerProcess({
    name: `zookeeper ${id}`,
    inside: own.inside,
    program: 'java',
    // Quick to start and light: several of them share a small machine with the nodes.
    args: [
      ...['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'],
      ...['-Dzookeeper.jmx.log4j.disable=true', '-Dorg.slf4j.simpleLogger.showDateTime=true'],
      ...quickElection,
      ...['-cp', classPath, 'org.apache.zookeeper.server.quorum.QuorumPeerMain', configFile],
    ],
    folder,
    logFile: join(folder, 'zookeeper.log'),
    isReady: async () => (await modeOf(own)) !== undefined,
  })
}

function memberOf(server: ServerProcess, id: number, address: Address): EnsembleMember {
  return {
    id,
    host: address.host,
    clientPort: address.client,
    get pid() {
      return server.pid
    },
    kill: () => server.kill(),
    restart: () => server.restart(),
    pause: () => server.pause(),
    resume: () => server.resume(),
    async isLeader() {
      const mode = await modeOf(address).catch(() => undefined)
      return mode === 'leader' || mode === 'standalone'
    },
  }
}

/** leader, follower or standalone; undefined when it does not serve. */
async function modeOf({ host, client: port }: Address): Promise<string | undefined> {
  const answer = await askFourLetters({ host, port, word: 'srvr', withinMs: 1_000 })
  return /^Mode: (\w+)$/m.exec(answer)?.[1]
}

function findJar(): string | undefined {
  return process.env[ownJarsVariable] ?? jars.find((jar) => existsSync(jar))
}
