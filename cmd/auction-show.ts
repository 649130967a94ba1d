import type { Command } from 'commander'
import { showAuction } from './auction-text.ts'
import { type ClientFlags, withClient, withClientFlags } from './client-command.ts'
import { examples } from './examples.ts'
import { exitCodes } from './exit-code.ts'
import { flag } from './flag.ts'
import type { Shell } from './program.ts'

interface ShowFlags extends ClientFlags {
  fresh?: boolean
}

export function addAuctionShow(auction: Command, shell: Shell): void {
  const { terminal } = shell
  withClientFlags(auction.command('show'))
    .description('Show one auction.')
    .argument('<id>', 'of the auction')
    .addOption(flag('--fresh', 'never older than any bid acknowledged before'))
    .addHelpText(
      'after',
      examples(
        'lotkeeper auction show 01JD0000000000000000000001',
        'lotkeeper auction show 01JD0000000000000000000001 --fresh --json',
      ),
    )
    .action(async (id: string, flags: ShowFlags) => {
      await withClient(flags, shell, async (client) => {
        const shown = await client.auctions.get(id, { fresh: flags.fresh === true })
        terminal.out(flags.json === true ? JSON.stringify(shown) : showAuction(shown))
        return exitCodes.ok
      })
    })
}
