import type { Command } from 'commander'
import type { Client } from '../src/client/client.ts'
import { baseUrl } from '../src/client/node-list.ts'
import { createNodeClient } from '../src/client/node.ts'
import { sleep } from '../src/lib/clock.ts'
import { systemClock } from '../src/lib/system-clock.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { flag, listOf, parsedBy } from './flag.ts'
import type { Shell } from './program.ts'

/** The flags that every client of a node has. */
export interface ClientFlags {
  node: string[]
  token?: string
  json?: boolean
}

const defaultNode = 'http://127.0.0.1:8080'
/** After an interrupt a command may still say what became of its work. */
const lastWordsMs = 200

export function withClientFlags(command: Command): Command {
  return command
    .addOption(
      flag('--node <url[,url…]>', 'nodes to talk to; the others are learnt from them')
        .argParser(parsedBy(nodeUrls, 'Use http://HOST:PORT, several with commas between.'))
        .default([defaultNode], defaultNode),
    )
    .addOption(flag('--token <token>', 'session, as lotkeeper login prints it'))
    .addOption(flag('--json', 'print data as JSON'))
}

/** Runs `work` with a client that is closed afterwards; an interrupt aborts `signal` and ends with 130. */
export async function withClient(
  flags: ClientFlags,
  { terminal, exitWith }: Shell,
  work: (client: Client, signal: AbortSignal) => Promise<ExitCode>,
): Promise<void> {
  const client = createNodeClient({ urls: flags.node, token: flags.token })
  const abort = new AbortController()
  let stopListening: () => void = () => undefined
  const interrupted = new Promise<ExitCode>((resolve) => {
    stopListening = terminal.onSignal(() => {
      abort.abort(new Error('interrupted'))
      void sleep(systemClock, lastWordsMs).then(() => resolve(exitCodes.interrupted))
    })
  })
  try {
    const code = await Promise.race([work(client, abort.signal), interrupted])
    exitWith(abort.signal.aborted ? exitCodes.interrupted : code)
  } finally {
    stopListening()
    client.close()
  }
}

function nodeUrls(text: string): string[] | undefined {
  const urls = listOf(text).map(baseUrl)
  const good = urls.filter((url) => url !== undefined)
  return good.length === urls.length && good.length > 0 ? good : undefined
}
