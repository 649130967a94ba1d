import type { Command } from 'commander'
import { baseUrl } from '../src/client/node-list.ts'
import { createDeferred } from '../src/lib/deferred.ts'
import { sleep } from '../src/lib/clock.ts'
import { systemClock } from '../src/lib/system-clock.ts'
import { defaultNodeConfig, type LogLevel, logLevels, type NodeConfig } from '../src/node/config.ts'
import { isLoopback } from '../src/node/open-to-operators.ts'
import { type RunningNode, startNode } from '../src/node/start-node.ts'
import { examples } from './examples.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { Failure } from './failure.ts'
import { flag, listOf, parsedBy, wholeNumber } from './flag.ts'
import { listenFailure } from './listen-failure.ts'
import type { Shell } from './program.ts'
import { addDoorFlags, doorConfigOf, type DoorFlags } from './serve/door-flags.ts'
import { addHostFlags, hostConfigOf, type HostFlags } from './serve/host-flags.ts'
import { addLinkFlags, linkConfigOf, type LinkFlags } from './serve/link-flags.ts'
import { addSessionFlags, sessionConfigOf, type SessionFlags } from './serve/session-flags.ts'
import { addStoreFlags, storeCredentialsOf, type StoreFlags } from './serve/store-flags.ts'
import {
  storeBytesMaxFlag,
  storeSizeConfigOf,
  type StoreSizeFlags,
} from './serve/store-size-flags.ts'
import { addTlsFlags, tlsConfigOf, type TlsFlags } from './serve/tls-flags.ts'
import type { EndSignal, Terminal } from './terminal.ts'

interface ServeFlags
  extends DoorFlags, HostFlags, LinkFlags, SessionFlags, StoreFlags, StoreSizeFlags, TlsFlags {
  port: number
  host: string
  advertiseUrl?: string
  linkUrl?: string
  store: string
  nodeId?: string
  sessionTimeoutMs: number
  closeGraceMs: number
  lockPatienceMs: number
  forwardBids: 'on' | 'off'
  allowOrigin: string[]
  demoControl?: string
  logLevel: LogLevel
}

const defaults = defaultNodeConfig
/** A node that has not drained by then is ended all the same. */
const drainMaxMs = 15_000
/** A node that is stopped while it starts is given so long to come up and leave in order. */
const startMaxMs = 3_000

export function addServe(program: Command, shell: Shell): void {
  serveFlags(program.command('serve'))
    .description(
      'Run one node. Prints one line on stdout when it serves; SIGTERM drains and exits 0.',
    )
    .addHelpText(
      'after',
      examples(
        '# one node, durable, on this machine',
        'lotkeeper serve',
        '# one of three nodes on a ZooKeeper ensemble',
        'lotkeeper serve --port 8081 --host 0.0.0.0 --advertise-url http://n1.example.org:8081 \\',
        '  --store zookeeper://zk1:2181,zk2:2181,zk3:2181/lotkeeper --node-id n1',
      ),
    )
    .action(async (flags: ServeFlags) => {
      refusePlants()
      shell.exitWith(await serve(configOf(flags), shell.terminal))
    })
}

function serveFlags(command: Command): Command {
  const place = addStoreFlags(placeFlags(command))
  const door = addTlsFlags(addHostFlags(addDoorFlags(addLinkFlags(timingFlags(place)))))
  return addSessionFlags(door)
    .addOption(
      flag(
        '--forward-bids <on|off>',
        "to the node that holds an auction's lock; off, it is waited for",
      )
        .choices(['on', 'off'])
        .default(defaults.forwardBids ? 'on' : 'off'),
    )
    .addOption(
      flag('--allow-origin <url...>', 'further origins whose pages may call this node')
        .argParser(originsParser())
        .default([], 'none'),
    )
    .addOption(
      flag(
        '--demo-control <url>',
        'of the demo that runs this node: its page may frame ours, and kill us',
      ).argParser(parsedBy(loopbackOrigin, 'Use http://127.0.0.1:PORT.')),
    )
    .addOption(
      flag('--log-level <level>', 'of the log on stderr')
        .choices(logLevels)
        .default(defaults.logLevel),
    )
}

/** Where it listens, and where everything is kept. */
function placeFlags(command: Command): Command {
  return command
    .addOption(
      flag('--port <n>', '0 for any free one')
        .argParser(wholeNumber(0, 65_535))
        .default(defaults.port),
    )
    .addOption(flag('--host <address>', 'to listen on').default(defaults.host))
    .addOption(
      flag(
        '--advertise-url <url>',
        'what others reach this node by; the bound URL without',
      ).argParser(parsedBy(baseUrl, 'Use http://HOST:PORT or https://HOST.')),
    )
    .addOption(
      flag(
        '--link-url <url>',
        'what other nodes forward bids to, where that is another; the advertised URL without',
      ).argParser(parsedBy(baseUrl, 'Use http://HOST:PORT or https://HOST.')),
    )
    .addOption(
      flag(
        '--store <url>',
        'embedded:FOLDER, memory:, zookeeper[+tls]://…/ROOT or etcd[+tls]://…/ROOT',
      ).default(defaults.store),
    )
    .addOption(storeBytesMaxFlag())
    .addOption(flag('--node-id <name>', 'letters, digits, _ . -; made from the host name without'))
}

function timingFlags(command: Command): Command {
  const ms = (name: string, value: number, min: number, max: number, description: string) =>
    flag(`--${name} <n>`, description).argParser(wholeNumber(min, max)).default(value)
  return command
    .addOption(
      ms(
        'session-timeout-ms',
        defaults.sessionTimeoutMs,
        1_000,
        60_000,
        'of the session with the store',
      ),
    )
    .addOption(
      ms(
        'close-grace-ms',
        defaults.closeGraceMs,
        0,
        10_000,
        'a close comes no earlier after the end',
      ),
    )
    .addOption(
      ms(
        'lock-patience-ms',
        defaults.lockPatienceMs,
        50,
        60_000,
        'with a holder that makes no progress',
      ),
    )
}

async function serve(config: NodeConfig, terminal: Terminal): Promise<ExitCode> {
  const asked = createDeferred<undefined>()
  const hurried = createDeferred<ExitCode>()
  // A terminal's SIGINT and a parent's SIGTERM are one request that came by two ways; the same one twice is impatience.
  const seen = new Set<EndSignal>()
  terminal.onSignal((name) => {
    if (seen.size === 0) terminal.err(`${name}: draining …`)
    if (seen.has(name)) {
      terminal.err(`${name} again: leaving now`)
      hurried.resolve(exitCodes.failure)
    }
    seen.add(name)
    asked.resolve(undefined)
  })
  return Promise.race([serveUntil(asked.promise, config, terminal), hurried.promise])
}

async function serveUntil(
  asked: Promise<undefined>,
  config: NodeConfig,
  terminal: Terminal,
): Promise<ExitCode> {
  if (config.tls === undefined && !config.behindTls && !isLoopback(config.host)) {
    terminal.err(
      `warning: ${config.host} is reached without TLS: everybody on the way can read and change what is said. ` +
        'Use --tls-cert and --tls-key, or a proxy with TLS and --behind-tls.',
    )
  }
  const starting = startNode(config).catch((error: unknown) => {
    throw listenFailure(error, config) ?? error
  })
  const within = (ms: number) => sleep(systemClock, ms)
  const node = await Promise.race([starting, asked.then(() => within(startMaxMs))])
  // Stopped while its store did not answer: there is nothing to drain.
  if (node === undefined) return exitCodes.ok
  terminal.out(readyLine(node))
  await asked
  const stopped = node.stop().then(() => exitCodes.ok)
  return Promise.race([stopped, within(drainMaxMs).then(() => exitCodes.failure)])
}

function readyLine({ nodeId, url, wsUrl, store }: RunningNode): string {
  return `lotkeeper ready ${JSON.stringify({ nodeId, pid: process.pid, url, wsUrl, store })}`
}

/** Nothing that is further away may frame a page or have its buttons there. */
function loopbackOrigin(text: string): string | undefined {
  if (!URL.canParse(text) || new URL(text).origin !== text) return undefined
  return /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/.test(text) ? text : undefined
}

function configOf(flags: ServeFlags): NodeConfig {
  const { advertiseUrl, linkUrl, nodeId, allowOrigin, forwardBids, demoControl } = flags
  const { port, host, store, sessionTimeoutMs, closeGraceMs, lockPatienceMs, logLevel } = flags
  return {
    ...{ port, host, store, sessionTimeoutMs, closeGraceMs, lockPatienceMs, logLevel },
    ...doorConfigOf(flags),
    ...linkConfigOf(flags),
    storeCredentials: storeCredentialsOf(flags),
    ...sessionConfigOf(flags),
    ...storeSizeConfigOf(flags),
    ...hostConfigOf(flags),
    ...tlsConfigOf(flags),
    ...(demoControl === undefined ? {} : { demoControl }),
    forwardBids: forwardBids === 'on',
    allowOrigins: allowOrigin,
    ...(advertiseUrl === undefined ? {} : { advertiseUrl }),
    ...(linkUrl === undefined ? {} : { linkUrl }),
    ...(nodeId === undefined ? {} : { nodeId }),
  }
}

/** The environment gives several in one text, the command line one after the other. */
function originsParser() {
  const parse = parsedBy((text: string) => {
    const urls = listOf(text)
    const origins = urls.filter((url) => URL.canParse(url) && new URL(url).origin === url)
    return origins.length === urls.length ? origins : undefined
  }, 'Use origins: https://HOST or http://HOST:PORT, without a path.')
  let given: string[] = []
  return (text: string) => (given = [...given, ...parse(text)])
}

/** Planted bugs are for tests that must catch them; they never come near real bids. */
function refusePlants(): void {
  const plant = process.env['LOTKEEPER_PLANT']
  if (plant === undefined || plant === '') return
  const advice = 'Unset LOTKEEPER_PLANT; the tests that use it start nodes of their own.'
  throw new Failure(exitCodes.usage, `LOTKEEPER_PLANT=${plant} asks for a planted bug`, advice)
}
