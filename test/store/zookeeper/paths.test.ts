import { expect, test } from 'vitest'
import { createPaths, isLeafName } from '../../../src/store/zookeeper/paths.ts'
import { parseServer } from '../../../src/store/zookeeper/server-address.ts'

test('directories are told from leaves by their names alone', () => {
  const paths = createPaths('lotkeeper')
  expect(paths.leaf('clock')).toBe('/lotkeeper/clock')
  expect(paths.leaf('head/7/01J')).toBe('/lotkeeper/head+/7+/01J')
  expect(paths.directory('head/7')).toBe('/lotkeeper/head+/7+')
  expect(paths.above('head/7/01J')).toEqual(['/lotkeeper/head+', '/lotkeeper/head+/7+'])
  expect(['01J', '7+', '+barrier'].map(isLeafName)).toEqual([true, false, false])
})

test('servers are named by host and port, of IPv6 too', () => {
  expect(parseServer('zoo.example:2182')).toEqual({ host: 'zoo.example', port: 2182 })
  expect(parseServer('zoo.example')).toEqual({ host: 'zoo.example', port: 2181 })
  expect(parseServer('[::1]:2183')).toEqual({ host: '::1', port: 2183 })
  expect(() => parseServer('a:b:c')).toThrow('bad server address')
})
