import type { Command } from 'commander'
import pc from 'picocolors'
import type { BidOutcome } from '../src/client/client.ts'
import { systemEntropy } from '../src/lib/entropy.ts'
import { type ClientFlags, withClient, withClientFlags } from './client-command.ts'
import { examples } from './examples.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { adviceOf, exitCodeOf, titleOf } from './failure.ts'
import { flag, parsedBy } from './flag.ts'
import type { Shell } from './program.ts'
import type { Terminal } from './terminal.ts'

interface BidFlags extends ClientFlags {
  bidId?: string
  settle?: boolean
}

const bidIdPattern = /^[A-Za-z0-9_-]{8,64}$/
const parseBidId = (text: string) => (bidIdPattern.test(text) ? text : undefined)
const amountPattern = /^\d{1,16}(\.\d{1,3})?$/
const parseAmount = (text: string) => (amountPattern.test(text) ? text : undefined)

export function addBid(program: Command, shell: Shell): void {
  const { terminal } = shell
  withClientFlags(program.command('bid'))
    .description('Place a bid, and settle what became of it.')
    .argument('<id>', 'of the auction')
    .argument(
      '<amount>',
      'as in 120 or 120.50',
      parsedBy(parseAmount, 'Use a plain decimal: 120.50'),
    )
    .addOption(
      flag(
        '--bid-id <id>',
        'names this intention to bid; the same id never counts twice',
      ).argParser(parsedBy(parseBidId, 'Use 8 to 64 of A-Z a-z 0-9 _ -')),
    )
    .addOption(
      flag(
        '--settle',
        'an earlier try with this --bid-id ended unknown: find out what became of it',
      ),
    )
    .addHelpText(
      'after',
      examples(
        'lotkeeper bid 01JD0000000000000000000001 120.00',
        '# the answer was lost: ask again, it cannot count twice',
        'lotkeeper bid 01JD0000000000000000000001 120.00 --bid-id my-bid-0001 --settle',
      ),
    )
    .action(async (auctionId: string, amount: string, flags: BidFlags) => {
      const bidId = flags.bidId ?? systemEntropy.token(16).replace(/^[-_]/, 'b')
      await withClient(flags, shell, async (client, signal) => {
        const hasEarlierCopies = flags.settle === true
        const outcome = await client.bid({ auctionId, amount, bidId, hasEarlierCopies, signal })
        const isJson = flags.json === true
        if (isJson) terminal.out(JSON.stringify(outcome))
        const words = isJson ? { ...terminal, out: () => undefined } : terminal
        return tell(
          outcome,
          words,
          `lotkeeper bid ${auctionId} ${amount} --bid-id ${bidId} --settle`,
        )
      })
    })
}

function tell(outcome: BidOutcome, { out, err }: Terminal, settle: string): ExitCode {
  switch (outcome.outcome) {
    case 'accepted':
      out(`${pc.green('accepted')} ${outcome.amount} at seq ${outcome.seq} (bid ${outcome.bidId})`)
      return exitCodes.ok
    case 'rejected': {
      const { code, final, minimumNextBid } = outcome
      err(
        `${pc.red('rejected')} ${code}: ${code === 'not-sent' ? 'no node was reached' : titleOf(code)}`,
      )
      if (minimumNextBid !== undefined) err(`The minimum next bid is ${minimumNextBid}.`)
      const advice = code === 'not-sent' ? notSentAdvice : adviceOf(code)
      if (!final && advice !== undefined) err(advice)
      return exitCodeOf(code)
    }
    case 'unknown':
      err(`${pc.yellow('unknown')}: the bid may stand, or may still land. To settle it:`)
      err(settle)
      return exitCodes.failure
  }
}

const notSentAdvice =
  'No node was reached. Start one (lotkeeper serve), or name one that runs: --node'
