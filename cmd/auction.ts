import type { Command } from 'commander'
import { addAuctionCancel } from './auction-cancel.ts'
import { addAuctionCreate } from './auction-create.ts'
import { addAuctionList } from './auction-list.ts'
import { addAuctionShow } from './auction-show.ts'
import { examples } from './examples.ts'
import type { Shell } from './program.ts'

export function addAuction(program: Command, shell: Shell): void {
  const auction = program
    .command('auction')
    .description('Create, list, show and cancel auctions.')
    .addHelpText(
      'after',
      examples('lotkeeper auction list --phase open', 'lotkeeper auction create --help'),
    )
  addAuctionCreate(auction, shell)
  addAuctionList(auction, shell)
  addAuctionShow(auction, shell)
  addAuctionCancel(auction, shell)
}
