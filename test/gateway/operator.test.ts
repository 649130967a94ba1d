import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { createOperator } from '../../src/gateway/operator.ts'

const asked = (authorization?: string) =>
  ({ headers: { authorization } }) as unknown as IncomingMessage

test('the operator is whoever has the token, and nobody without one', () => {
  const operator = createOperator('an-operator-token')
  expect(operator.isAsking(asked('Bearer an-operator-token'))).toBe(true)
  expect(operator.isAsking(asked('Bearer an-operator-tokem'))).toBe(false)
  expect(operator.isAsking(asked('an-operator-token'))).toBe(false)
  expect(operator.isAsking(asked())).toBe(false)
  expect(createOperator(undefined).isAsking(asked('Bearer undefined'))).toBe(false)
})
