import type { Command } from 'commander'
import pc from 'picocolors'
import type { Client, FeedUpdate } from '../src/client/client.ts'
import type { PositionJson } from '../src/protocol/up.ts'
import { type ClientFlags, withClient, withClientFlags } from './client-command.ts'
import { eventLine } from './event-line.ts'
import { examples } from './examples.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { Failure } from './failure.ts'
import { flag, parsedBy, wholeNumber } from './flag.ts'
import type { Shell } from './program.ts'
import type { Terminal } from './terminal.ts'
import { visible } from './visible.ts'

interface WatchFlags extends ClientFlags {
  after?: PositionJson
  last: number
}

const lastMax = 10_000

export function addWatch(program: Command, shell: Shell): void {
  withClientFlags(program.command('watch'))
    .description('Follow an auction until it is over, one line an event.')
    .argument('<id>', 'of the auction')
    .addOption(
      flag('--after <epoch:seq>', 'go on after this event').argParser(
        parsedBy(parsePosition, 'Use EPOCH:SEQ, as the JSON lines have them.'),
      ),
    )
    .addOption(
      flag('--last <n>', 'begin with so many events of the past, where there is no --after')
        .argParser(wholeNumber(0, lastMax))
        .default(50),
    )
    .addHelpText(
      'after',
      examples(
        'lotkeeper watch 01JD0000000000000000000001',
        '# one JSON object a line, each with its auctionId and epoch',
        'lotkeeper watch 01JD0000000000000000000001 --json | jq -c \'select(.type=="BidAccepted")\'',
      ),
    )
    .action(async (auctionId: string, flags: WatchFlags) => {
      await withClient(flags, shell, async (client) => {
        // Tells an unreachable node and an unknown auction apart, before we wait for a socket.
        const auction = await client.auctions.get(auctionId)
        shell.terminal.err(pc.bold(visible(auction.title)))
        tellMoves(client, shell.terminal)
        const { epoch, seq } = auction
        const after = flags.after ?? { epoch, seq: Math.max(0, seq - flags.last) }
        return follow(client, auctionId, { ...flags, after }, shell.terminal)
      })
    })
}

/** Prints until the auction is over. */
function follow(
  client: Client,
  auctionId: string,
  flags: WatchFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  return new Promise((resolve, reject) => {
    const onUpdate = (update: FeedUpdate) => {
      for (const line of flags.json === true ? jsonLines(update) : textLines(update))
        terminal.out(line)
      if (flags.json !== true && update.jump !== undefined) terminal.err(jumpText(update.jump))
      const { phase } = update.auction
      if (phase === 'closed' || phase === 'cancelled') resolve(exitCodes.ok)
    }
    const onEnd = () =>
      reject(new Failure(exitCodes.notFound, `there is no auction ${auctionId} any more`))
    client.watch(auctionId, onUpdate, { onEnd, after: flags.after })
  })
}

function textLines({ events, auction }: FeedUpdate): string[] {
  return events.map((event) => eventLine(event, auction.currency))
}

/** A jump is a line of its own, so that a program does not take what follows for a whole history. */
function jsonLines({ auctionId, epoch, events, jump, prevSeq, seq }: FeedUpdate): string[] {
  const lines: object[] = jump === undefined ? [] : [{ type: 'Jumped', prevSeq, seq, ...jump }]
  lines.push(...events)
  return lines.map((line) => JSON.stringify({ auctionId, epoch, ...line }))
}

function jumpText(jump: NonNullable<FeedUpdate['jump']>): string {
  if (jump.reason === 'other-history') return pc.yellow('(restored: this is another history)')
  return pc.yellow(`(${jump.missedCount} events were missed)`)
}

function tellMoves({ connection }: Client, { err }: Terminal): void {
  connection.onMoved(({ from, to }) => {
    err(
      pc.dim(`(moved from ${visible(from.nodeId ?? from.url)} to ${visible(to.nodeId ?? to.url)})`),
    )
  })
  let told: string | undefined
  connection.onChange(() => {
    const { paused } = connection
    if (paused !== told) err(pc.yellow(paused === undefined ? '(resumed)' : `(paused: ${paused})`))
    told = paused
  })
}

function parsePosition(text: string): PositionJson | undefined {
  const match = /^(.{1,64}):(\d{1,15})$/.exec(text)
  return match === null ? undefined : { epoch: match[1] ?? '', seq: Number(match[2]) }
}
