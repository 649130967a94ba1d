import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { once } from 'node:events'
import { eventually } from '../support/eventually.ts'
import { startTestGateway } from './test-gateway.ts'

it.each<[string, (socket: WebSocket) => void]>([
  ['text', (socket) => socket.send('{"type":"time","t0":1}')],
  ['binary', (socket) => socket.send(Buffer.from('x'))],
  ['ping', (socket) => socket.ping()],
  ['pong', (socket) => socket.pong()],
])('a flood of %s frames is answered for a while, then its socket closed', async (_, send) => {
  const node = await startTestGateway({ limits: { framesPerSecond: 100, framesBurst: 200 } })
  const socket = new WebSocket(`ws://127.0.0.1:${node.port}/ws`, 'lotkeeper.v1')
  let answerCount = 0
  let code: number | undefined
  socket.on('message', () => answerCount++)
  socket.on('pong', () => answerCount++)
  socket.on('close', (why) => (code = why))
  socket.on('error', () => undefined)
  await once(socket, 'message')
  const sendSome = () => {
    for (let frame = 0; frame < 500 && socket.readyState === WebSocket.OPEN; frame++) send(socket)
  }
  await eventually(() => {
    sendSome()
    return code
  })
  // Pongs that the flooder does not read end it as well, without a closing.
  expect([4029, 1006]).toContain(code)
  expect(answerCount).toBeLessThan(1_500)
  await node.stop()
})
