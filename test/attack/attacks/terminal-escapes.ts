import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { apiPath } from '../../../src/protocol/version.ts'
import type { Attack } from '../attack.ts'
import { sell } from '../stage/person.ts'
import type { Stage } from '../stage/stage.ts'

/** A node that lies: the command line of whoever looks there shows what it is told, on a terminal with colours. */
export const terminalEscapes: Attack = {
  name: 'terminal-escapes',
  promise: 'no name or title commands the terminal of whoever reads it',
  notThroughProxy: 'the command line is what is attacked',
  async run(stage) {
    const seller = await stage.guest('Selma')
    const auctionId = await sell(seller)
    const answer = await stage.stranger().ask({ path: `${apiPath}/auctions/${auctionId}` })
    const honest = JSON.parse(answer.text) as Record<string, unknown>
    const forged = { ...honest, title: `Lot${forgery}`, seller: { id: 'x', name: `S${forgery}` } }
    const broken: string[] = []
    const liar = await startLiar(auctionId, forged)
    for (const words of [
      ['auction', 'show', auctionId],
      ['auction', 'list'],
    ]) {
      const said = await runCommand(stage, [...words, '--node', liar.url])
      if (forgeryMarks.test(said)) broken.push(`${words.slice(0, 2).join(' ')} prints it raw`)
      if (!said.includes('FORGED'))
        broken.push(`${words.slice(0, 2).join(' ')}: ${said.slice(0, 120)}`)
    }
    liar.stop()
    return broken
  },
}

/** Sets the window's title, then paints over the line. The program itself never does either. */
const forgery = '\u001b]0;FORGED\u0007\u009b2K\rFORGED'
// eslint-disable-next-line no-control-regex -- they are what is looked for
const forgeryMarks = /\u001b\]|\u0007|\u009b|\r/
const endsWithinMs = 15_000

async function startLiar(auctionId: string, forged: object) {
  const server = createServer((request, response) => {
    const isOne = request.url?.includes(auctionId) ?? false
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(isOne ? forged : { items: [forged], nextCursor: null }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function runCommand(stage: Stage, words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [stage.program, ...words], {
    env: { ...process.env, FORCE_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: endsWithinMs,
    killSignal: 'SIGKILL',
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  }
  await new Promise((resolve) => child.once('close', resolve))
  return said
}
