import type { Ensemble } from '../../src/ensemble/ensemble.ts'
import { startEtcdEnsemble } from '../../src/ensemble/etcd-ensemble.ts'
import { findProgram } from '../../src/ensemble/find-program.ts'
import { missingZookeeper, startZookeeperEnsemble } from '../../src/ensemble/zookeeper-ensemble.ts'
import { startContainers, whyNoContainers } from './containers.ts'

/**
 * Where tests get real stores from, first that answers: a service named by LOTKEEPER_TEST_ZOOKEEPER or LOTKEEPER_TEST_ETCD
 * (`host:port,…`), installed programs, containers. Without any the tests are skipped, loudly; LOTKEEPER_TEST_REQUIRE
 * (`zookeeper,etcd`) turns that into a failure.
 */
export type BackendKind = 'zookeeper' | 'etcd'

export interface BackendNeeds {
  size: 1 | 3
  /** Members are killed and frozen: a service that we did not start will not do. */
  hurtsMembers?: boolean
}

export interface ProvidedStore {
  readonly kind: BackendKind
  /** `host:port` of each server. */
  readonly servers: readonly string[]
  /** Given when the servers are processes of our own. */
  readonly ensemble: Ensemble | undefined
  stop(): Promise<void>
}

export interface Backend {
  /** How it is provided, for people. */
  readonly origin: string
  start(): Promise<ProvidedStore>
}

/**
 * For the top of a test file: `const backend = await findBackend(…)`, then `describe.skipIf(backend === undefined)`.
 * Undefined, after saying so, when the tests that need it have to be skipped.
 */
export async function findBackend(
  kind: BackendKind,
  needs: BackendNeeds,
): Promise<Backend | undefined> {
  const why: string[] = []
  const found = fromEnvironment(kind, needs, why) ?? fromPrograms(kind, needs, why)
  if (found !== undefined) return found
  const noContainers = needs.hurtsMembers === true ? 'needs own processes' : await whyNoContainers()
  if (noContainers === undefined) {
    const start = () => startContainers(kind, needs.size)
    return { origin: `${needs.size} ${kind} in containers`, start }
  }
  why.push(`containers: ${noContainers}`)
  const message = `NOT TESTED: nothing on a real ${kind} of ${needs.size} (${why.join('; ')})`
  if (isRequired(kind)) throw new Error(`${message}, but LOTKEEPER_TEST_REQUIRE names it`)
  console.warn(message)
  return undefined
}

/** The same for tests that have decided: starts it. @throws when there is none */
export async function provideStore(kind: BackendKind, needs: BackendNeeds): Promise<ProvidedStore> {
  const backend = await findBackend(kind, needs)
  if (backend === undefined) throw new Error(`no ${kind} to test with`)
  return backend.start()
}

function fromEnvironment(
  kind: BackendKind,
  needs: BackendNeeds,
  why: string[],
): Backend | undefined {
  const name = `LOTKEEPER_TEST_${kind.toUpperCase()}`
  const servers = (process.env[name] ?? '').split(',').filter((server) => server !== '')
  if (servers.length === 0) why.push(`${name} is not set`)
  else if (needs.hurtsMembers === true) why.push(`${name} names servers that we may not hurt`)
  else if (servers.length < needs.size) why.push(`${name} names ${servers.length}`)
  else {
    const stop = async () => undefined
    const start = async () => ({ kind, servers, ensemble: undefined, stop })
    return { origin: `${kind} named by ${name}`, start }
  }
  return undefined
}

function fromPrograms(kind: BackendKind, needs: BackendNeeds, why: string[]): Backend | undefined {
  const missing = kind === 'zookeeper' ? missingZookeeper()?.message : missingEtcd()
  if (missing !== undefined) {
    why.push(missing)
    return undefined
  }
  const launch = kind === 'zookeeper' ? startZookeeperEnsemble : startEtcdEnsemble
  return {
    origin: `${needs.size} ${kind} from installed programs`,
    async start() {
      const ensemble = await launch({ size: needs.size })
      const servers = ensemble.members.map(({ host, clientPort }) => `${host}:${clientPort}`)
      return { kind, servers, ensemble, stop: () => ensemble.stop() }
    },
  }
}

function missingEtcd(): string | undefined {
  if (findProgram('etcd') !== undefined) return undefined
  return 'etcd not found; on Debian or Ubuntu: apt-get install -y etcd-server'
}

function isRequired(kind: BackendKind): boolean {
  return (process.env['LOTKEEPER_TEST_REQUIRE'] ?? '').split(',').includes(kind)
}
