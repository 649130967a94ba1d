import type { Command } from 'commander'
import pc from 'picocolors'
import { baseUrl } from '../src/client/node-list.ts'
import { defaultNodeConfig } from '../src/node/config.ts'
import { checkClock } from './doctor/clock.ts'
import { checkDescriptors } from './doctor/descriptors.ts'
import type { Finding } from './doctor/finding.ts'
import { checkDisk } from './doctor/disk.ts'
import { checkNodeVersion, checkPort, checkWebApp } from './doctor/machine.ts'
import { checkTls } from './doctor/tls.ts'
import { checkStore } from './doctor/store.ts'
import { checkStoreSize } from './doctor/store-size.ts'
import { examples } from './examples.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { flag, parsedBy, wholeNumber } from './flag.ts'
import type { Shell } from './program.ts'
import { addStoreFlags, storeCredentialsOf, type StoreFlags } from './serve/store-flags.ts'
import { storeBytesMaxFlag, type StoreSizeFlags } from './serve/store-size-flags.ts'

interface DoctorFlags extends StoreFlags, StoreSizeFlags {
  store: string
  port: number
  host: string
  node?: string
  sessionTimeoutMs: number
  json?: boolean
}

const defaults = defaultNodeConfig

export function addDoctor(program: Command, shell: Shell): void {
  const { terminal } = shell
  addStoreFlags(program.command('doctor'))
    .description('Check what a node needs here, and say what to do.')
    .addOption(flag('--store <url>', 'as for serve').default(defaults.store))
    .addOption(storeBytesMaxFlag())
    .addOption(
      flag('--port <n>', 'as for serve').argParser(wholeNumber(0, 65_535)).default(defaults.port),
    )
    .addOption(flag('--host <address>', 'as for serve').default(defaults.host))
    .addOption(
      flag('--node <url>', 'a node that runs; the one at --host and --port without').argParser(
        parsedBy(baseUrl, 'Use http://HOST:PORT.'),
      ),
    )
    .addOption(
      flag('--session-timeout-ms <n>', 'as for serve')
        .argParser(wholeNumber(1_000, 60_000))
        .default(defaults.sessionTimeoutMs),
    )
    .addOption(flag('--json', 'print data as JSON'))
    .addHelpText(
      'after',
      examples(
        'lotkeeper doctor',
        'lotkeeper doctor --store etcd://e1:2379,e2:2379,e3:2379/lotkeeper',
      ),
    )
    .action(async (flags: DoctorFlags) => {
      const findings = await examine(flags)
      if (flags.json === true) terminal.out(JSON.stringify(findings))
      else for (const finding of findings) for (const line of linesOf(finding)) terminal.out(line)
      shell.exitWith(verdictOf(findings))
    })
}

async function examine(flags: DoctorFlags): Promise<Finding[]> {
  const { host, port, store } = flags
  const node = flags.node ?? `http://${host}:${port}`
  const [ofPort, ofStore, ofSize, ofClock] = await Promise.all([
    checkPort(host, port),
    checkStore(store, flags.sessionTimeoutMs, storeCredentialsOf(flags)),
    checkStoreSize(store, { ...flags, credentials: storeCredentialsOf(flags) }),
    checkClock(node),
  ])
  return [
    checkNodeVersion(),
    checkWebApp(),
    ofPort,
    ...checkTls(host),
    ...ofStore,
    ofSize,
    ofClock,
    checkDisk(store),
    checkDescriptors(),
  ]
}

const marks = {
  ok: pc.green('ok  '),
  warn: pc.yellow('warn'),
  fail: pc.red('fail'),
  skip: pc.dim('skip'),
}

function linesOf({ check, state, detail, advice }: Finding): string[] {
  const line = `${marks[state]} ${check.padEnd(11)} ${detail}`
  return advice === undefined ? [line] : [line, `     ${' '.repeat(11)} ${pc.dim('→')} ${advice}`]
}

function verdictOf(findings: readonly Finding[]): ExitCode {
  const failed = findings.filter(({ state }) => state === 'fail')
  if (failed.length === 0) return exitCodes.ok
  return failed.every(({ check }) => check === 'store') ? exitCodes.unreachable : exitCodes.failure
}
