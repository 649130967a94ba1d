import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { drawOf } from './fuzz/draw.ts'
import { framesStep, personMessage } from './fuzz/frames-step.ts'
import { httpStep } from './fuzz/http-step.ts'
import { isPolluted, judgeAnswer, wrongFrame } from './fuzz/oracle.ts'
import { frameBytes, opcodes } from './stage/frame-bytes.ts'
import { footprintOf, leftOver } from './stage/footprint.ts'
import { watchHealth } from './stage/health-watch.ts'
import { createNodeView, type NodeView } from './stage/node-view.ts'
import { closeCodeIn, textFramesIn } from './stage/text-frames.ts'
import { createCaller, openRaw } from './stage/wire.ts'
import { tableOf } from './table.ts'

// Each judge is shown something that it has to report: one that cannot fail shows nothing.

const undo: (() => void)[] = []
afterEach(() => {
  for (const one of undo.splice(0)) one()
})

async function serve(handle: RequestListener): Promise<{ url: string; port: number }> {
  return listen(createServer(handle))
}

async function listen(server: Server | ReturnType<typeof createTcpServer>) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  undo.push(() => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port }
}

function viewOf(url: string, log = ''): NodeView {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-judge-'))
  undo.push(() => rmSync(folder, { recursive: true, force: true }))
  const logFile = join(folder, 'log')
  writeFileSync(logFile, log)
  return createNodeView({ pid: process.pid, url, logFile }, 'operator', '127.0.0.1')
}

const problem = (over: object = {}, status = 404) =>
  `HTTP/1.1 ${status} X\r\nContent-Type: application/problem+json\r\n\r\n${JSON.stringify({
    ...{ type: 'x', title: 'x', status: 404, detail: 'x', code: 'no-such-route', requestId: 'x' },
    ...over,
  })}`
const told = (text: string) => judgeAnswer({ text, isClosed: true })

describe('what is left over', () => {
  it('is reported when sockets, watches or ephemerals stay, and not when they go', async () => {
    let held = 3
    const { url } = await serve((_, response) =>
      response.end(`lotkeeper_ws_connections ${held}\nlotkeeper_watches ${held}\n`),
    )
    const view = viewOf(url)
    const before = (await footprintOf(view))!
    expect(await leftOver(view, before, { withinMs: 50 })).toEqual([])
    held = 9
    const broken = await leftOver(view, before, { withinMs: 50 })
    expect(broken.join()).toMatch(/sockets: 3 before, 9 still.*watches: 3 before, 9 still/)
  })
  it('is reported when descriptors stay', async () => {
    const { url, port } = await serve((_, response) => response.end(''))
    const view = viewOf(url)
    const before = (await footprintOf(view))!
    const leaked = []
    for (let at = 0; at < 10; at++)
      leaked.push(await openRaw({ host: '127.0.0.1', port }, '127.0.0.1'))
    const broken = await leftOver(view, before, { withinMs: 50, of: ['descriptors'] })
    for (const { socket } of leaked) socket.destroy()
    expect(broken.join()).toMatch(/^descriptors: /)
  })
  it('is reported of a node that tells nothing any more', async () => {
    const { url } = await serve((_, response) => response.writeHead(500).end())
    const none = { descriptors: 0, sockets: 0, watches: 0, ephemerals: 0 }
    expect((await leftOver(viewOf(url), none, { withinMs: 50 })).join()).toMatch(/tells nothing/)
  })
})

describe('the watch of health', () => {
  it('reports a node that hangs', async () => {
    const { url } = await serve(() => undefined)
    const watch = watchHealth(viewOf(url), 30)
    expect((await watch.stop()).join()).toMatch(/1 of 1 without an answer/)
  })
  it('reports a node that fails, and none that answers', async () => {
    let status = 200
    const { url } = await serve((_, response) => response.writeHead(status).end())
    expect(await watchHealth(viewOf(url), 5_000).stop()).toEqual([])
    status = 500
    expect(await watchHealth(viewOf(url), 5_000).stop()).toHaveLength(1)
  })
})

describe('the reader of logs', () => {
  it('reports errors and stacks, once', async () => {
    const lines = ['{"level":30}', '{"level":50,"msg":"request failed"}', 'TypeError: x', '']
    const view = viewOf('http://127.0.0.1:1', lines.join('\n'))
    expect(view.newErrors()).toHaveLength(2)
    expect(view.newErrors()).toEqual([])
  })
})

describe('the oracle of answers', () => {
  it('passes sound problems and pages', () => {
    expect(told(problem())).toEqual({ status: 404 })
    expect(told('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>').wrong).toBeUndefined()
    expect(told('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n').wrong).toBeUndefined()
    const [head = '', body = ''] = problem().split('\r\n\r\n')
    const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
    const chunked = `${head}\r\nTransfer-Encoding: chunked\r\n\r\n`
    expect(told(chunked + chunks).wrong).toBeUndefined()
    expect(told(`${chunked}1\r\n{\r\n0\r\n\r\n`).wrong).toBeDefined()
    const paused = problem({ status: 503, code: 'store-unavailable' }, 503)
    expect(told(paused).wrong).toBeUndefined()
  })
  it.each([
    ['a failure', 'HTTP/1.1 500 X\r\n\r\n'],
    ['an undocumented 502', 'HTTP/1.1 502 X\r\n\r\n'],
    ['a stack', 'HTTP/1.1 400 X\r\n\r\nError: x\n    at run (/srv/app.js:3:4)'],
    ['what is no HTTP', 'SSH-2.0-OpenSSH'],
    ['a problem without its fields', problem({ requestId: undefined })],
    ['a code that does not exist', problem({ code: 'gone-fishing' })],
    ['a status that is another', problem({}, 400)],
    ['a code of another status', problem({ code: 'closed' })],
  ])('reports %s', (_, text) => expect(told(text).wrong).toBeDefined())
  it('reports frames that are none of the protocol, and failures', () => {
    expect(wrongFrame('{"type":"time","t0":1,"t1":2,"t2":3}')).toBeUndefined()
    expect(wrongFrame('{"type":"time"}')).toBeDefined()
    expect(wrongFrame('x')).toBeDefined()
    expect(wrongFrame('{"type":"error","code":"internal","message":"x"}')).toBeDefined()
  })
  it('sees a prototype that was written to', () => {
    expect(isPolluted('{"serverTime":"x"}')).toBe(false)
    expect(isPolluted('{"serverTime":"x","lotkeeperPolluted":true}')).toBe(true)
  })
})

describe('the fuzzers', () => {
  const known = {
    host: '127.0.0.1:1',
    token: 't'.repeat(43),
    auctionId: '01J0000000000000000000000A',
  }
  const requests = (seed: number) =>
    Array.from({ length: 300 }, (_, at) =>
      httpStep(drawOf(seed, at), known).bytes.toString('latin1'),
    )
  const frames = (seed: number) =>
    Array.from({ length: 300 }, (_, at) =>
      framesStep(drawOf(seed, at), personMessage(known.auctionId, known.token)).toString('latin1'),
    )
  it('do the same for the same seed and step, and something else for others', () => {
    for (const make of [requests, frames]) {
      expect(make(7)).toEqual(make(7))
      expect(new Set([...make(7), ...make(8)]).size).toBeGreaterThan(550)
    }
  })
  it('reach every method, path and kind of body', () => {
    const all = requests(1).join('\n')
    for (const part of [
      'POST /api/v1/auctions/',
      'DELETE ',
      '__proto__',
      '/bids',
      'Range:',
      '/session',
    ]) {
      expect(all).toContain(part)
    }
  })
})

describe('the wire', () => {
  it('reads the frames of a server, whatever their length', () => {
    const texts = ['{}', 'x'.repeat(200), 'y'.repeat(70_000)]
    const bytes = Buffer.concat(texts.map((text) => frameBytes(text, { isMasked: false })))
    expect(textFramesIn(`HTTP/1.1 101 X\r\n\r\n${bytes.toString('latin1')}`)).toEqual(texts)
    expect(textFramesIn(`HTTP/1.1 101 X\r\n\r\n${bytes.toString('latin1').slice(0, 150)}`)).toEqual(
      ['{}'],
    )
  })
  it('sees a goodbye and its code, and none where there is none', () => {
    const goodbye = frameBytes(Buffer.of(3, 240), { opcode: opcodes.close, isMasked: false })
    const answer = 'HTTP/1.1 101 X\r\n\r\n'
    const text = frameBytes('{}', { isMasked: false }).toString('latin1')
    expect(closeCodeIn(answer + text + goodbye.toString('latin1'))).toBe(1008)
    expect(closeCodeIn(answer + text)).toBeUndefined()
  })
  it('says when nothing comes, and when the other side closed', async () => {
    const { port } = await listen(
      createTcpServer((socket) => socket.once('data', () => socket.end())),
    )
    const connection = await openRaw({ host: '127.0.0.1', port }, '127.0.0.1')
    expect(await connection.answered(20)).toBe(false)
    expect(await connection.closed(20)).toBe(false)
    connection.socket.write('x')
    expect(await connection.closed(5_000)).toBe(true)
  })
  it('calls from the address that it is told', async () => {
    const { port } = await serve((request, response) => response.end(request.socket.remoteAddress))
    const caller = createCaller({ host: '127.0.0.1', port }, '127.1.2.3')
    const { text } = await caller.ask({ path: '/' })
    caller.close()
    expect(text).toContain('127.1.2.3')
  })
})

describe('the table', () => {
  it('names what was broken and what was not tried', () => {
    const common = { promise: 'p', store: 'embedded', way: 'direct', tookMs: 1 } as const
    const text = tableOf([
      { ...common, name: 'one', violations: ['it fell over'] },
      { ...common, name: 'two', violations: [], leftOut: 'no proxy' },
    ])
    expect(text).toContain('one on embedded: it fell over')
    expect(text).toContain('LEFT OUT: two on embedded: no proxy')
    expect(text).toContain('1 attacks, 1 broke something')
  })
})
