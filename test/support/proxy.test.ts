import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { startProxy, type Proxy } from './proxy.ts'

interface Caller {
  readonly socket: Socket
  received: string
  isReset: boolean
}

let echo: Server
let heard: string
let proxy: Proxy

beforeEach(async () => {
  heard = ''
  echo = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      heard += chunk.toString()
      socket.write(chunk)
    })
  })
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  proxy = await startProxy({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port })
})

afterEach(async () => {
  await proxy.close()
  echo.close()
})

function call(): Caller {
  const socket = connect({ host: '127.0.0.1', port: proxy.port })
  const caller: Caller = { socket, received: '', isReset: false }
  socket.on('data', (chunk) => (caller.received += chunk.toString()))
  socket.on('error', () => (caller.isReset = true))
  return caller
}

async function callAndGreet(): Promise<Caller> {
  const caller = call()
  caller.socket.write('hello')
  await eventually(() => caller.received === 'hello')
  caller.received = ''
  return caller
}

describe('the proxy', () => {
  it('passes bytes both ways and counts its connections', async () => {
    const caller = await callAndGreet()
    expect(proxy.connectionCount).toBe(1)
    caller.socket.end()
    await eventually(() => proxy.connectionCount === 0)
  })

  it('resets everybody when cut, and lets nobody in until healed', async () => {
    const before = await callAndGreet()
    proxy.cut()
    const during = call()
    during.socket.write('anyone?')
    await eventually(() => before.isReset && during.isReset)
    proxy.heal()
    await callAndGreet()
    expect(heard).toBe('hellohello')
  })

  it('is silent toward the server and delivers what it held back', async () => {
    const caller = await callAndGreet()
    proxy.silence('to-server')
    caller.socket.write('question')
    const late = call()
    late.socket.write('late')
    await eventually(() => late.socket.readyState === 'open')
    expect(heard).toBe('hello')
    proxy.heal()
    await eventually(() => caller.received === 'question' && late.received === 'late')
  })

  it('is silent toward the client while the server hears everything', async () => {
    const caller = await callAndGreet()
    proxy.silence('to-client')
    caller.socket.write('question')
    await eventually(() => heard === 'helloquestion')
    expect(caller.received).toBe('')
    proxy.heal()
    await eventually(() => caller.received === 'question')
  })

  it('forgets what it held back when asked to, and resets those who lost something', async () => {
    const caller = await callAndGreet()
    const quiet = await callAndGreet()
    proxy.silence('both', 'dropped')
    caller.socket.write('question')
    await eventually(() => caller.socket.bytesWritten === 13)
    await moment()
    proxy.heal()
    await eventually(() => caller.isReset)
    quiet.socket.write('still here')
    await eventually(() => quiet.received === 'still here')
    expect(heard).not.toContain('question')
  })

  it('swallows the reply to the next request, and only to that', async () => {
    const caller = await callAndGreet()
    const other = await callAndGreet()
    const dropped = proxy.dropNextReply({ match: (chunk) => chunk.includes('bid') })
    other.socket.write('look')
    await eventually(() => other.received === 'look')
    caller.socket.write('bid')
    await dropped
    await eventually(() => caller.isReset)
    expect(heard).toContain('bid')
    expect(caller.received).toBe('')
    expect(other.isReset).toBe(false)
  })

  it('truncates the next reply', async () => {
    const caller = await callAndGreet()
    const truncated = proxy.truncateNextReply(3)
    caller.socket.write('question')
    await truncated
    await eventually(() => caller.isReset)
    expect(caller.received).toBe('que')
  })

  it('delays every chunk and keeps their order', async () => {
    const caller = await callAndGreet()
    proxy.delay(60)
    const startedAtMs = performance.now()
    caller.socket.write('one ')
    caller.socket.write('two')
    await eventually(() => caller.received === 'one two')
    expect(performance.now() - startedAtMs).toBeGreaterThan(115)
  })

  it('waits for whoever does not read, with one listener, and delivers all in order', async () => {
    const warnings: string[] = []
    const onWarning = ({ name }: Error) => warnings.push(name)
    process.on('warning', onWarning)
    const caller = await callAndGreet()
    caller.socket.pause()
    proxy.delay(300)
    const sent = Array.from({ length: 1_000_000 }, (_, line) => `line ${line} of many\n`).join('')
    for (let at = 0; at < sent.length; at += 65_536)
      caller.socket.write(sent.slice(at, at + 65_536))
    await eventually(() => caller.socket.readableLength > 0)
    caller.socket.resume()
    await eventually(() => caller.received.length === sent.length)
    process.off('warning', onWarning)
    expect(caller.received).toBe(sent)
    expect(warnings).toEqual([])
  })
})

/** Lets every socket on this machine pass on what it was given. */
async function moment(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setTimeout(resolve, 1))
}
