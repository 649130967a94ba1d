import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

// npm run profile -- FOLDER: where the processor time of the nodes went, from the .cpuprofile files below it
// (npm run bench -- --profile --folder FOLDER). Slices in which a node was idle for most of the time are left out.

interface CallFrame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}
interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: CallFrame
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const top = fileURLToPath(new URL('../..', import.meta.url))
const busyShare = 0.15
const shownMax = 30

function areaOf({ functionName, url }: CallFrame): string {
  if (functionName.startsWith('(')) return functionName
  const ours = /\/(?:dist\/)?(src\/[a-z]+|cmd)\//.exec(url)?.[1]
  const theirs = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]
  if (theirs !== undefined) return theirs
  if (ours !== undefined) return ours
  return url.startsWith('node:') || url === '' ? 'Node.js' : 'other'
}

function nameOf({ functionName, url, lineNumber }: CallFrame): string {
  const where = url.startsWith('file:') ? relative(top, fileURLToPath(url)) : url
  return `${functionName || '(anonymous)'}  ${where}:${lineNumber + 1}`
}

const add = (to: Map<string, number>, name: string, us: number) =>
  to.set(name, (to.get(name) ?? 0) + us)
const areas = new Map<string, number>()
const functions = new Map<string, number>()
const withCalled = new Map<string, number>()
let busyUs = 0
let sliceCount = 0
const profilesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.cpuprofile'))
    .map((name) => join(folder, name))
for (const file of process.argv.slice(2).flatMap(profilesBelow)) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as Profile
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const spent = new Map<CallFrame, number>()
  samples.forEach((id, at) => {
    const frame = frames.get(id)
    if (frame !== undefined) spent.set(frame, (spent.get(frame) ?? 0) + (timeDeltas[at] ?? 0))
  })
  const self = new Map<number, number>()
  samples.forEach((id, at) => self.set(id, (self.get(id) ?? 0) + (timeDeltas[at] ?? 0)))
  const isIdle = ({ functionName }: CallFrame) => functionName === '(idle)'
  const all = [...spent].reduce((sum, [, us]) => sum + us, 0)
  const work = [...spent].filter(([frame]) => !isIdle(frame))
  const workUs = work.reduce((sum, [, us]) => sum + us, 0)
  if (workUs < all * busyShare) continue
  sliceCount++
  const called = new Set(nodes.flatMap(({ children = [] }) => children))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  /** Each function once a stack, however often it is on it. */
  const walk = (id: number, above: ReadonlySet<string>): number => {
    const node = byId.get(id)
    if (node === undefined) return 0
    const name = nameOf(node.callFrame)
    const isFirst = node.callFrame.url.includes('/src/') && !above.has(name)
    const below = isFirst ? new Set([...above, name]) : above
    const us = (node.children ?? []).reduce(
      (sum, child) => sum + walk(child, below),
      self.get(id) ?? 0,
    )
    if (isFirst) add(withCalled, name, us)
    return us
  }
  for (const { id } of nodes) if (!called.has(id)) walk(id, new Set())
  busyUs += workUs
  for (const [frame, us] of work) {
    add(areas, areaOf(frame), us)
    const where = frame.url.startsWith('file:')
      ? relative(top, fileURLToPath(frame.url))
      : frame.url
    add(functions, `${frame.functionName || '(anonymous)'}  ${where}:${frame.lineNumber + 1}`, us)
  }
}
const rows = (from: Map<string, number>) =>
  [...from]
    .sort(([, a], [, b]) => b - a)
    .slice(0, shownMax)
    .map(([name, us]) => `${((us / busyUs) * 100).toFixed(1).padStart(6)} %  ${name}`)
console.log(`${sliceCount} busy slices, ${(busyUs / 1e6).toFixed(1)} s of work`)
const table = (title: string, from: Map<string, number>) => ['', title, ...rows(from)]
console.log(
  [
    ...table('by area', areas),
    ...table('by function, without what it calls', functions),
    ...table('by function of ours, with what it calls', withCalled),
  ].join('\n'),
)
