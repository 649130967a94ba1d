import { expect } from 'vitest'
import type { StoreServer } from '../../src/store/survey.ts'

/** Three servers that all serve, one of them leading, each by the name that we asked it under. */
export function expectWholeEnsemble(
  told: readonly StoreServer[],
  servers: readonly string[],
): void {
  expect(told.map(({ role }) => role).sort()).toEqual(['follower', 'follower', 'leader'])
  expect(told.map(({ server }) => server)).toEqual(servers)
  expect(told.map(({ state }) => state)).toEqual(['serving', 'serving', 'serving'])
  for (const { version } of told) expect(version).toMatch(/^3\./)
}
