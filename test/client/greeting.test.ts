import { expect, test } from 'vitest'
import { createGreeting } from '../../src/client/greeting.ts'
import type { Welcome } from '../../src/protocol/down.ts'

const anonymous: Welcome = { type: 'welcome', nodeId: 'n1', protocol: 1, serverTime: '' }
const named: Welcome = { ...anonymous, user: { id: 'p-ann', name: 'Ann' } }

test('without a token the first greeting is for us', () => {
  const greeting = createGreeting()
  greeting.opened()
  expect(greeting.heard(anonymous)).toBe(true)
  expect(greeting).toMatchObject({ isDone: true, isSettled: true })
})

test('after a hello the first greeting is not for us yet', () => {
  const greeting = createGreeting()
  greeting.opened()
  greeting.asks()
  expect(greeting.heard(anonymous)).toBe(false)
  expect(greeting.isDone).toBe(false)
  expect(greeting.heard(named)).toBe(true)
  expect(greeting).toMatchObject({ isDone: true, isSettled: true })
})

test('a greeting by name is for us, though another is on its way', () => {
  const greeting = createGreeting()
  greeting.opened()
  greeting.asks()
  expect(greeting.heard(named)).toBe(true)
  expect(greeting).toMatchObject({ isDone: true, isSettled: false })
})

test('a hello on a live socket is not settled before it is greeted', () => {
  const greeting = createGreeting()
  greeting.opened()
  greeting.heard(anonymous)
  greeting.asks()
  expect(greeting).toMatchObject({ isDone: true, isSettled: false })
})

test('a hello before the socket is open does not leave', () => {
  expect(createGreeting().asks()).toBe(false)
})

test('the greeting that came will do when the one by name is slow', () => {
  const greeting = createGreeting()
  expect(greeting.makeDo()).toBeUndefined()
  greeting.opened()
  greeting.asks()
  greeting.heard(anonymous)
  expect(greeting.makeDo()).toEqual(anonymous)
  expect(greeting).toMatchObject({ isDone: true, isSettled: false })
})
