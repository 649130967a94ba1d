import type { Command } from 'commander'
import type { AuctionListJson } from '../src/protocol/http.ts'
import { type Phase } from '../src/protocol/auction.ts'
import { leftOf, phaseOf } from './auction-text.ts'
import { type ClientFlags, withClient, withClientFlags } from './client-command.ts'
import { examples } from './examples.ts'
import { exitCodes } from './exit-code.ts'
import { flag, wholeNumber } from './flag.ts'
import type { Shell } from './program.ts'
import { table } from './table.ts'
import { visible } from './visible.ts'

interface ListFlags extends ClientFlags {
  phase?: Phase
  limit?: number
  cursor?: string
}

export function addAuctionList(auction: Command, shell: Shell): void {
  const { terminal } = shell
  withClientFlags(auction.command('list'))
    .description('List auctions by their end.')
    .addOption(
      flag('--phase <phase>', 'only these').choices(['scheduled', 'open', 'closed', 'cancelled']),
    )
    .addOption(flag('--limit <n>', 'at most so many').argParser(wholeNumber(1, 200)))
    .addOption(flag('--cursor <cursor>', 'go on where an earlier list ended'))
    .addHelpText(
      'after',
      examples(
        'lotkeeper auction list --phase open',
        "lotkeeper auction list --json | jq -r '.items[].id'",
      ),
    )
    .action(async (flags: ListFlags) => {
      await withClient(flags, shell, async (client) => {
        const { phase, limit, cursor } = flags
        const list = await client.auctions.list({
          ...(phase === undefined ? {} : { phase }),
          ...(limit === undefined ? {} : { limit }),
          ...(cursor === undefined ? {} : { cursor }),
        })
        if (flags.json === true) {
          terminal.out(JSON.stringify(list))
          return exitCodes.ok
        }
        if (list.items.length > 0) terminal.out(listText(list))
        else terminal.err('No auctions. lotkeeper auction create --help shows how to begin one.')
        if (list.nextCursor !== null) terminal.err(`More: --cursor ${list.nextCursor}`)
        return exitCodes.ok
      })
    })
}

function listText({ items }: AuctionListJson): string {
  return table(
    ['id', 'title', 'phase', 'ends', 'bids', 'standing bid'],
    items.map((auction) => [
      auction.id,
      visible(auction.title),
      phaseOf(auction),
      auction.phase === 'open'
        ? `in ${leftOf(auction.endsAt, auction.serverTime)}`
        : auction.endsAt,
      String(auction.bidCount),
      auction.standingBid === null ? '' : `${auction.standingBid.amount} ${auction.currency}`,
    ]),
  )
}
