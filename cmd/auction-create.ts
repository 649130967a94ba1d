import type { Command } from 'commander'
import type {
  CreateAuctionBody,
  IncrementInput,
  SoftCloseInput,
} from '../src/protocol/http-request.ts'
import { protocolLimits } from '../src/protocol/limits.ts'
import { showAuction } from './auction-text.ts'
import { type ClientFlags, withClient, withClientFlags } from './client-command.ts'
import { examples } from './examples.ts'
import { exitCodes } from './exit-code.ts'
import { Failure } from './failure.ts'
import { flag, parsedBy, wholeNumber } from './flag.ts'
import { incrementForms, parseIncrement } from './increment.ts'
import type { Shell } from './program.ts'
import { parseSoftClose, softCloseForms } from './soft-close.ts'

interface CreateFlags extends ClientFlags {
  title: string
  description?: string
  currency?: string
  startPrice?: string
  increment?: IncrementInput
  startsAt?: string
  endsAt?: string
  durationMs?: number
  softClose?: SoftCloseInput | 'none'
  mayRaiseOwnBid?: boolean
  idempotencyKey?: string
}

const { durationMsMin, durationMsMax } = protocolLimits

export function addAuctionCreate(auction: Command, shell: Shell): void {
  const { terminal } = shell
  withClientFlags(auction.command('create'))
    .description('Put a lot up for sale; you are the seller.')
    .addOption(flag('--title <text>', 'what is sold').makeOptionMandatory())
    .addOption(flag('--description <text>', 'more about it'))
    .addOption(flag('--currency <code>', 'ISO 4217; USD without'))
    .addOption(flag('--start-price <amount>', 'the first bid is at least this; 100 without'))
    .addOption(
      flag('--increment <amount|bands>', 'step between bids; 1 without').argParser(
        parsedBy(parseIncrement, incrementForms),
      ),
    )
    .addOption(flag('--starts-at <instant>', 'RFC 3339; opens at once without'))
    .addOption(flag('--ends-at <instant>', 'RFC 3339').conflicts('durationMs'))
    .addOption(
      flag('--duration-ms <n>', 'from the start, instead of --ends-at').argParser(
        wholeNumber(durationMsMin, durationMsMax),
      ),
    )
    .addOption(
      flag('--soft-close <w/e/mode/max>', 'late bids move the end; 30s/60s/add without').argParser(
        parsedBy(parseSoftClose, softCloseForms),
      ),
    )
    .addOption(flag('--may-raise-own-bid', 'whoever leads may bid again'))
    .addOption(flag('--idempotency-key <key>', 'the same key again gives the same auction'))
    .addHelpText(
      'after',
      examples(
        'lotkeeper auction create --title "A brass sextant" --duration-ms 600000',
        'lotkeeper auction create --title Clock --start-price 50 --increment 0:5,100:10 \\',
        '  --ends-at 2030-01-01T12:00:00Z --soft-close 30s/60s/add/10',
      ),
    )
    .action(async (flags: CreateFlags) => {
      const { node: _node, token: _token, json, idempotencyKey, softClose, ...rest } = flags
      const asked: CreateAuctionBody =
        softClose === undefined
          ? rest
          : { ...rest, softClose: softClose === 'none' ? null : softClose }
      if (asked.endsAt === undefined && asked.durationMs === undefined) throw endless()
      await withClient(flags, shell, async (client) => {
        const key = idempotencyKey === undefined ? {} : { idempotencyKey }
        const created = await client.auctions.create(asked, key)
        if (json === true) terminal.out(JSON.stringify(created))
        else terminal.out(showAuction(created))
        return exitCodes.ok
      })
    })
}

function endless(): Failure {
  return new Failure(
    exitCodes.usage,
    'an auction needs an end',
    'Give --duration-ms N (from its start), or --ends-at INSTANT.',
  )
}
