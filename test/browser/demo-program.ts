import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { eventually } from '../support/eventually.ts'

const program = join(import.meta.dirname, '../../dist/cmd/lotkeeper.js')

/** `lotkeeper demo` as a process of its own, on ports that are free. */
export interface DemoProgram {
  /** Of the page with two nodes side by side. */
  readonly pageUrl: string
  readonly nodeUrls: readonly string[]
  /** As Ctrl-C does. Resolves to exit code and signal. */
  stop(): Promise<unknown[]>
}

export async function startDemo(store: 'etcd' | 'zookeeper' | 'memory'): Promise<DemoProgram> {
  const args = ['demo', '--store', store, '--port', '0']
  const demo = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  demo.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  const told = () => {
    const pageUrl = /The demo: .*?(http:\S+\/)/.exec(out)?.[1]
    const nodeUrls = out.split('\n').filter((line) => line.startsWith('http://'))
    return pageUrl !== undefined && nodeUrls.length === 3 ? { pageUrl, nodeUrls } : undefined
  }
  const { pageUrl, nodeUrls } = await eventually(told, { withinMs: 120_000 })
  return {
    pageUrl,
    nodeUrls,
    async stop() {
      const exited = once(demo, 'exit')
      demo.kill('SIGINT')
      return exited
    },
  }
}
