import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Authority, createAuthority } from '../../support/certificates.ts'
import { eventually } from '../../support/eventually.ts'
import { bidsOf, type Holder, startAsker, startHolder } from './link-room.ts'

let authority: Authority
let stranger: Authority
let holder: Holder
let terminator: Server
beforeAll(() => {
  authority = createAuthority()
  stranger = createAuthority()
})
afterAll(() => {
  authority.remove()
  stranger.remove()
})
beforeEach(async () => {
  holder = await startHolder()
  const { cert, key } = authority.issue('holder')
  terminator = createServer({ cert, key }, (socket) => {
    const inner = connect(holder.port, '127.0.0.1')
    socket.on('error', () => inner.destroy())
    inner.on('error', () => socket.destroy())
    socket.pipe(inner).pipe(socket)
  })
  await new Promise<void>((resolve) => terminator.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  terminator.close()
  await holder.stop()
})

const address = () => ({
  ...holder.address,
  url: `https://127.0.0.1:${(terminator.address() as AddressInfo).port}`,
})

it('a link to an https URL is taken by TLS, from whom our authority signed', async () => {
  const asker = startAsker({ tls: { ca: authority.ca } })
  await asker.connect(address())
  expect(holder.taken.length).toBeGreaterThan(0)
  asker.links.close()
})

it('a certificate of another authority is refused, and no bid goes there', async () => {
  const asker = startAsker({ tls: { ca: stranger.ca } })
  await asker.links.forward(address(), bidsOf(1), 5_000)
  await eventually(() => asker.logged.length === 1)
  expect(JSON.stringify(asker.logged[0])).toMatch(/certificate/)
  expect(holder.taken).toEqual([])
  asker.links.close()
})
