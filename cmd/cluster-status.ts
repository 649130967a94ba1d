import type { Command } from 'commander'
import pc from 'picocolors'
import type { ClusterJson } from '../src/protocol/http.ts'
import { type ClientFlags, withClient, withClientFlags } from './client-command.ts'
import { Failure } from './failure.ts'
import { flag } from './flag.ts'
import { examples } from './examples.ts'
import { exitCodes } from './exit-code.ts'
import { type OperatorFlags, operatorTokenOf, withOperatorFlags } from './operator-flags.ts'
import type { Shell } from './program.ts'
import { table } from './table.ts'
import { visible } from './visible.ts'

export function addCluster(program: Command, shell: Shell): void {
  const { terminal } = shell
  const cluster = program
    .command('cluster')
    .description('Look at the cluster, or change its secret.')
    .addHelpText('after', examples('lotkeeper cluster status'))
  addRotateSecret(cluster, shell)
  withOperatorFlags(withClientFlags(cluster.command('status')))
    .description('Nodes, leader, store health and locks held, as the answering node sees them.')
    .addHelpText(
      'after',
      examples(
        'lotkeeper cluster status',
        "lotkeeper cluster status --json | jq -r '.leader.nodeId'",
      ),
    )
    .action(async (flags: ClientFlags & OperatorFlags) => {
      // It needs no session: the operator's token goes in its place.
      const token = operatorTokenOf(flags, flags.node)
      const asked = token === undefined ? flags : { ...flags, token }
      await withClient(asked, shell, async (client) => {
        const status = await client.cluster()
        terminal.out(flags.json === true ? JSON.stringify(status) : statusText(status))
        return exitCodes.ok
      })
    })
}

interface RotateFlags extends ClientFlags {
  operatorToken?: string
}

function addRotateSecret(cluster: Command, shell: Shell): void {
  withClientFlags(cluster.command('rotate-secret'))
    .description('Change the secret that the nodes know each other by, after a leak or by habit.')
    .addOption(flag('--operator-token <token>', 'what the node was started with'))
    .addHelpText('after', examples('LOTKEEPER_OPERATOR_TOKEN=… lotkeeper cluster rotate-secret'))
    .action(async (flags: RotateFlags) => {
      const token = flags.operatorToken
      if (token === undefined) {
        const advice = 'Set LOTKEEPER_OPERATOR_TOKEN, or give --operator-token.'
        throw new Failure(exitCodes.usage, "this needs the operator's token", advice)
      }
      await withClient({ ...flags, token }, shell, async (client) => {
        const rotation = await client.rotateSecret()
        const { number, previousGoodUntil } = rotation
        const before =
          previousGoodUntil === null ? '' : `; the one before is good until ${previousGoodUntil}`
        const text = `secret ${number} is in force${before}`
        shell.terminal.out(flags.json === true ? JSON.stringify(rotation) : text)
        return exitCodes.ok
      })
    })
}

function statusText({ node, leader, members, store, locks }: ClusterJson): string {
  const nodes = table(
    ['node', 'url', 'pid', 'version', 'state', 'clock'],
    members.map((member) => [
      member.nodeId === leader?.nodeId
        ? `${visible(member.nodeId)} (leader)`
        : visible(member.nodeId),
      visible(member.url),
      String(member.pid ?? '-'),
      visible(member.version ?? '-'),
      member.ready ? 'ready' : pc.yellow('not ready'),
      `${member.clockOffsetMs.toFixed(1)} ms`,
    ]),
  )
  const { servers = [] } = store
  const state = store.state === 'serving' ? pc.green(store.state) : pc.red(store.state)
  const lines = [
    nodes,
    '',
    `leader ${leader === null ? pc.yellow('none') : `${visible(leader.nodeId)}, term ${leader.term}`}`,
    `store  ${store.kind}, ${state}${servers.length > 0 ? ` (${visible(servers.join(', '))})` : ''}; ` +
      `${store.watchCount} watches, ${store.ephemeralCount} ephemerals of ${node}`,
    ...(store.ensemble ?? []).map(({ server, state, role }) =>
      visible(`       ${server} ${state}${role === null ? '' : `, ${role}`}`),
    ),
    locks.length === 0 ? 'locks  none held' : `locks  ${locks.length} held`,
  ]
  if (locks.length > 0) lines.push(lockTable(locks))
  return lines.join('\n')
}

function lockTable(locks: ClusterJson['locks']): string {
  return table(
    ['auction', 'held by', 'waiting'],
    locks.map(({ auctionId, nodeId, waiters }) => [
      auctionId,
      visible(nodeId),
      visible(waiters.join(', ')),
    ]),
  )
}
