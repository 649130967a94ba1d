import type { Command } from 'commander'
import pc from 'picocolors'
import { createDeferred } from '../src/lib/deferred.ts'
import { sleep } from '../src/lib/clock.ts'
import { systemClock } from '../src/lib/system-clock.ts'
import { startControl } from './demo/control.ts'
import {
  type DemoCluster,
  type DemoStore,
  demoStores,
  startDemoCluster,
} from './demo/demo-cluster.ts'
import { demoPorts } from './demo/demo-ports.ts'
import { startScene } from './demo/scene.ts'
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
    .description(
      'A page with two nodes side by side, robots that bid and a button that kills, on the best store present.',
    )
    .addOption(
      flag('--store <kind>', 'where auctions are kept; the best one present without')
        .choices(demoStores)
        .default('best'),
    )
    .addOption(
      flag(
        '--port <n>',
        'of the first node; the others and the page take the next ones, or any that are free',
      )
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
  const demoControl = `http://127.0.0.1:${ports.control}`
  const { store, robots: robotCount } = flags
  const cluster = await startDemoCluster({ store, ports: ports.nodes, demoControl, terminal })
  try {
    const scene = startScene({ cluster, robotCount, say: terminal.err })
    const nodeUrls = cluster.nodes.map(({ url }) => url)
    const control = await startControl({ port: ports.control, nodeUrls, scene })
    tell(control.url, cluster, terminal)
    const code = await ended.promise
    control.stop()
    await scene.stop()
    return code
  } finally {
    await cluster.stop()
    stopListening()
  }
}

/** The page first: it is what there is to see. */
function tell(controlUrl: string, { what, nodes }: DemoCluster, { out, err }: Terminal): void {
  out('')
  out(`  ${pc.bold('The demo:')}  ${pc.bold(pc.inverse(` ${controlUrl}/ `))}`)
  out('')
  err('Two nodes side by side, robots that bid, and a button that kills.')
  err(`${pc.bold('Three nodes')} on ${what}:`)
  for (const { url } of nodes) out(url)
  const pids = nodes.flatMap(({ pid }) => pid ?? [])
  if (pids.length === 0) err('Ctrl-C stops all.')
  else err(`Kill one from the page, or its process (pids ${pids.join(', ')}). Ctrl-C stops all.`)
}
