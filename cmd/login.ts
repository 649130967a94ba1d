import type { Command } from 'commander'
import { type ClientFlags, withClient, withClientFlags } from './client-command.ts'
import { examples } from './examples.ts'
import { exitCodes } from './exit-code.ts'
import type { Shell } from './program.ts'
import { visible } from './visible.ts'

export function addLogin(program: Command, shell: Shell): void {
  const { terminal } = shell
  withClientFlags(program.command('login'))
    .description('Begin a guest session and print its token.')
    .argument('<name>', 'how others see you, up to 40 characters')
    .addHelpText(
      'after',
      examples(
        'lotkeeper login Ann',
        '# keep it for the commands that follow',
        'export LOTKEEPER_TOKEN="$(lotkeeper login Ann)"',
      ),
    )
    .action(async (name: string, flags: ClientFlags) => {
      await withClient(flags, shell, async (client) => {
        const session = await client.session.create(name)
        terminal.out(flags.json === true ? JSON.stringify(session) : session.token)
        terminal.err(`Signed in as ${visible(session.user.name)}. For the commands that follow:`)
        terminal.err(`export LOTKEEPER_TOKEN=${session.token}`)
        return exitCodes.ok
      })
    })
}
