import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { createAddresses } from '../../src/gateway/addresses.ts'
import { groupOf, parseCidr } from '../../src/lib/ip-address.ts'

const asked = (remoteAddress: string, forwarded?: string): IncomingMessage =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage

describe('who asks', () => {
  test('is the other end, whatever it says of itself', () => {
    const addresses = createAddresses([])
    expect(addresses.of(asked('203.0.113.5', '198.51.100.1'))).toBe('203.0.113.5')
    expect(addresses.of(asked('::ffff:203.0.113.5'))).toBe('203.0.113.5')
  })

  test.each([
    ['10.0.0.2', '198.51.100.1', '198.51.100.1'],
    ['10.0.0.2', '6.6.6.6, 198.51.100.1', '198.51.100.1'],
    ['10.0.0.2', '198.51.100.1, 10.0.0.9', '198.51.100.1'],
    ['10.0.0.2', '2001:db8::1', '2001:db8::1'],
    ['10.0.0.2', undefined, '10.0.0.2'],
    ['10.0.0.2', 'nonsense', '10.0.0.2'],
    ['10.0.0.2', '198.51.100.1, nonsense', '10.0.0.2'],
    ['10.0.0.2', Array(40).fill('1.2.3.4').join(','), '10.0.0.2'],
    ['203.0.113.5', '198.51.100.1', '203.0.113.5'],
  ])('behind a proxy of ours is whom that names last: %s, %s', (near, forwarded, expected) => {
    expect(createAddresses(['10.0.0.0/8']).of(asked(near, forwarded))).toBe(expected)
  })
})

test.each([
  ['203.0.113.5', '203.0.113.5'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s is counted as %s', (address, group) => {
  expect(groupOf(address)).toBe(group)
})

test.each(['10.0.0.0/33', 'fd00::/129', '10.0.0', 'a/8', '10.0.0.0/', '10.0.0.0/8/8', ''])(
  '%j is no range',
  (text) => {
    expect(parseCidr(text)).toBeUndefined()
  },
)
