/** Randomness as a dependency: the system's for a node, a seeded one for a test. */
export interface Entropy {
  /** A number in [0, 1). */
  random(): number
  /** `byteCount` random bytes as unpadded base64url; 32 bytes make a token. */
  token(byteCount: number): string
}

/** Cryptographic randomness of the platform (Node >= 20 and browsers). */
export const systemEntropy: Entropy = {
  random: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
  token(byteCount) {
    const bytes = crypto.getRandomValues(new Uint8Array(byteCount))
    return btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')
  },
}

/** Deterministic randomness (mulberry32): the same seed gives the same sequence. Not for tokens of real people. */
export function seededEntropy(seed: number): Entropy {
  let state = seed >>> 0
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return {
    random,
    token: (byteCount) =>
      Array.from({ length: Math.ceil((byteCount * 4) / 3) }, () =>
        alphabet.charAt(Math.floor(random() * 64)),
      ).join(''),
  }
}
