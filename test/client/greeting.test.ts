import { expect, test } from 'vitest'
import { createGreeting } from '../../src/client/greeting.ts'
import type { Welcome } from '../../src/protocol/down.ts'

const anonymous: Welcome = { type: 'welcome', nodeId: 'n1', protocol: 1, serverTime: '' }
const named: Welcome = { ...anonymous, user: { id: 'p-ann', name: 'Ann' } }

test('without a token the first greeting is for us', () => {
  const greeting = createGreeting()
  expect(greeting.heard(anonymous)).toBe(true)
  expect(greeting).toMatchObject({ isDone: true, isSettled: true })
})

test('after a hello the first greeting is not for us yet', () => {
  const greeting = createGreeting()
  greeting.asked()
  expect(greeting.heard(anonymous)).toBe(false)
  expect(greeting.isDone).toBe(false)
  expect(greeting.heard(named)).toBe(true)
  expect(greeting).toMatchObject({ isDone: true, isSettled: true })
})

test('a greeting by name is for us, though another is on its way', () => {
  const greeting = createGreeting()
  greeting.asked()
  expect(greeting.heard(named)).toBe(true)
  expect(greeting).toMatchObject({ isDone: true, isSettled: false })
})

test('a hello on a live socket is not settled before it is greeted', () => {
  const greeting = createGreeting()
  greeting.heard(anonymous)
  greeting.asked()
  expect(greeting).toMatchObject({ isDone: true, isSettled: false })
})
