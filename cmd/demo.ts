import type { Command } from 'commander'
import pc from 'picocolors'
import { createDeferred } from '../src/lib/deferred.ts'
import { sleep } from '../src/lib/clock.ts'
import { systemClock } from '../src/lib/system-clock.ts'
import {
  type DemoCluster,
  type DemoStore,
  demoStores,
  startDemoCluster,
} from './demo/demo-cluster.ts'
import { demoPorts } from './demo/demo-ports.ts'
import { startRobots } from './demo/robots.ts'
import { examples } from './examples.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { flag, wholeNumber } from './flag.ts'
import type { Shell } from './program.ts'
import type { Terminal } from './terminal.ts'

interface DemoFlags {
  store: DemoStore
  port: number
  robots: number
  runMs?: number
}

const robotsMax = 50

export function addDemo(program: Command, shell: Shell): void {
  program
    .command('demo')
    .description('Three nodes and robots that bid, on the best store present. Ctrl-C stops all.')
    .addOption(
      flag('--store <kind>', 'where auctions are kept; the best one present without')
        .choices(demoStores)
        .default('best'),
    )
    .addOption(
      flag('--port <n>', 'of the first node; the others take the next ones, or any that is free')
        .argParser(wholeNumber(0, 65_000))
        .default(8080),
    )
    .addOption(flag('--robots <n>', 'how many bid').argParser(wholeNumber(0, robotsMax)).default(6))
    .addOption(
      flag('--run-ms <n>', 'end by itself after so long').argParser(wholeNumber(1, 86_400_000)),
    )
    .addHelpText(
      'after',
      examples(
        'lotkeeper demo',
        'lotkeeper demo --store etcd --robots 20',
        'lotkeeper demo --store memory',
      ),
    )
    .action(async (flags: DemoFlags) => {
      shell.exitWith(await demo(flags, shell.terminal))
    })
}

async function demo(flags: DemoFlags, terminal: Terminal): Promise<ExitCode> {
  const ended = createDeferred<ExitCode>()
  let signalCount = 0
  const stopListening = terminal.onSignal(() => {
    signalCount++
    if (signalCount === 1) terminal.err('stopping …')
    else process.exit(exitCodes.interrupted)
    ended.resolve(exitCodes.interrupted)
  })
  if (flags.runMs !== undefined)
    void sleep(systemClock, flags.runMs).then(() => ended.resolve(exitCodes.ok))
  const ports = await demoPorts(flags.port)
  const cluster = await startDemoCluster(flags.store, ports, terminal)
  try {
    tell(cluster, terminal)
    const robots = startRobots({ urls: cluster.urls, count: flags.robots, say: terminal.err })
    const code = await Promise.race([ended.promise, cluster.failed])
    await robots.stop()
    return code
  } finally {
    await cluster.stop()
    stopListening()
  }
}

function tell({ what, urls, pids }: DemoCluster, { out, err }: Terminal): void {
  err(`${pc.bold('Three nodes')} on ${what}:`)
  for (const url of urls) out(url)
  if (pids.length === 0) err('Open any of them. Ctrl-C stops all.')
  else err(`Open any of them; kill its process (pids ${pids.join(', ')}) and watch the page move.`)
}
