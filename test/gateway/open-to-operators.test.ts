import { expect, it } from 'vitest'
import { defaultNodeConfig, type NodeConfig } from '../../src/node/config.ts'
import { isOpenToOperators } from '../../src/node/open-to-operators.ts'

const table: [string, Partial<NodeConfig>, boolean][] = [
  ['as it starts by default', {}, true],
  ['on localhost', { host: 'localhost' }, true],
  ['on ::1', { host: '::1' }, true],
  ['on another loopback address', { host: '127.0.0.3' }, true],
  ['advertised on loopback', { advertiseUrl: 'http://localhost:8081' }, true],
  ['of the demo', { demoControl: 'http://127.0.0.1:9000' }, true],
  ['with TLS of its own', { tls: { cert: Buffer.of(), key: Buffer.of() } }, true],
  ['on all addresses', { host: '0.0.0.0' }, false],
  ['on all addresses of IPv6', { host: '::' }, false],
  ['on an address of the network', { host: '10.0.0.2' }, false],
  ['on a name', { host: 'n1.example' }, false],
  ['behind TLS', { behindTls: true }, false],
  ['behind a trusted proxy', { trustedProxies: ['127.0.0.1'] }, false],
  ['with a page of another origin', { allowOrigins: ['https://a.example'] }, false],
  ['with another name', { allowHosts: ['a.example'] }, false],
  ['advertised elsewhere', { advertiseUrl: 'https://a.example' }, false],
]
it.each(table)('a node %s: open to everybody who reaches it is %3$s', (_what, over, isOpen) => {
  expect(isOpenToOperators({ ...defaultNodeConfig, ...over })).toBe(isOpen)
})
