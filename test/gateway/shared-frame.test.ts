import { expect, it } from 'vitest'
import { createSharedFrame } from '../../src/gateway/ws/shared-frame.ts'

it('turns a frame into bytes once, however many sockets get it', () => {
  const bytesOf = createSharedFrame()
  const frame = JSON.stringify({ type: 'presence', watchers: 3, name: 'Ünal' })
  const first = bytesOf(frame)
  expect(first.toString()).toBe(frame)
  for (let viewer = 0; viewer < 5; viewer++) expect(bytesOf(frame)).toBe(first)
  expect(bytesOf('another').toString()).toBe('another')
  expect(first.toString()).toBe(frame)
})
