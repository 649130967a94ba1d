/** What TLS says when two do not trust each other, and what to do about it. */
const refusals: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [
    /self.signed certificate|unable to (get|verify)|issuer certificate|certificate has expired/,
    'the certificate of the store’s server is not to be trusted: is --store-ca its authority?',
  ],
  [
    /does not match certificate|altnames/,
    'the certificate of the store’s server is not for its name in --store',
  ],
  [
    /certificate required|bad certificate|unknown ca|handshake failure/i,
    'the store’s server refuses our certificate: check --store-cert and --store-key',
  ],
  [
    /wrong version number|packet length too long|disconnected before secure TLS/i,
    'the store’s server speaks no TLS there: name its TLS port, or leave out +tls in --store',
  ],
]

/** In words for whoever opens a store; undefined for any other failure. */
export function tlsRefusalOf({ message }: Error): string | undefined {
  return refusals.find(([pattern]) => pattern.test(message))?.[1]
}
