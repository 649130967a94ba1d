import type { Command } from 'commander'
import { showAuction } from './auction-text.ts'
import { type ClientFlags, withClient, withClientFlags } from './client-command.ts'
import { examples } from './examples.ts'
import { exitCodes } from './exit-code.ts'
import type { Shell } from './program.ts'

export function addAuctionCancel(auction: Command, shell: Shell): void {
  const { terminal } = shell
  withClientFlags(auction.command('cancel'))
    .description('Cancel your auction, as long as nobody has bid.')
    .argument('<id>', 'of the auction')
    .addHelpText('after', examples('lotkeeper auction cancel 01JD0000000000000000000001'))
    .action(async (id: string, flags: ClientFlags) => {
      await withClient(flags, shell, async (client) => {
        const cancelled = await client.auctions.cancel(id)
        terminal.out(flags.json === true ? JSON.stringify(cancelled) : showAuction(cancelled))
        return exitCodes.ok
      })
    })
}
