import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

// tsx test/bench/catalogue-cost.ts STORE-URL [AUCTIONS]
// What one reader of `GET /auctions?limit=1` at 5 a second costs a node of `dist` while so many auctions are live.

const [store = '', countText = '10000'] = process.argv.slice(2)
const count = Number(countText)
const sellerCount = 20
const readsPerSecond = 5
const seconds = 10
const ticksPerSecond = 100
const limits = [
  ...['liveAuctionsMax', 'liveAuctionsPerSellerMax', 'liveAuctionsPerAddressMax'],
  ...['writesPerSecond', 'writesBurst', 'addressWritesPerSecond', 'addressWritesBurst'],
  ...['nodeUnitsPerSecond', 'nodeUnitsBurst'],
].map((name) => `${name}=1000000`)

const flags = ['--port', '0', '--store', store, '--log-level', 'error']
const program = ['dist/cmd/lotkeeper.js', 'serve', ...flags, '--node-limit', limits.join(',')]
const node = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] })
try {
  const [line] = (await once(createInterface(node.stdout), 'line')) as [string]
  const { url } = JSON.parse(line.replace('lotkeeper ready ', '')) as { url: string }
  const ask = async (path: string, body?: object, token?: string): Promise<unknown> => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    })
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
    return answer.json()
  }
  const names = Array.from({ length: sellerCount }, (_, n) => `Seller ${n + 1}`)
  const sellers = (await Promise.all(names.map((name) => ask('/session', { name })))) as {
    token: string
  }[]
  let made = 0
  const offer = async ({ token }: { token: string }) => {
    while (made < count) {
      const lot = { title: `Lot ${++made}`, durationMs: 86_400_000, softClose: null }
      await ask('/auctions', lot, token)
    }
  }
  await Promise.all(sellers.map(offer))
  await ask('/auctions?limit=1')
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  await pause(3_000)
  const idleFrom = cpuSeconds()
  await pause(5_000)
  const idle = (cpuSeconds() - idleFrom) / 5
  const from = cpuSeconds()
  const reads = Array.from({ length: readsPerSecond * seconds }, async (_, n) => {
    await pause((n * 1_000) / readsPerSecond)
    const startMs = performance.now()
    await ask('/auctions?limit=1')
    return performance.now() - startMs
  })
  const ms = (await Promise.all(reads)).sort((a, b) => a - b)
  const cpu = (cpuSeconds() - from) / seconds
  const at = (share: number) =>
    ms[Math.min(ms.length - 1, Math.floor(ms.length * share))]?.toFixed(1)
  const percent = (cores: number) => `${(cores * 100).toFixed(0)} %`
  console.log(
    `${count} live auctions: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; node ${percent(cpu)} of a core, idle ${percent(idle)}`,
  )
} finally {
  node.kill('SIGKILL')
}

/** Of the node so far. */
function cpuSeconds(): number {
  const stat = readFileSync(`/proc/${node.pid}/stat`, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number)
  return ((user ?? 0) + (system ?? 0)) / ticksPerSecond
}
