import { protocolLimits } from '../../../src/protocol/limits.ts'

const limits = Object.entries(protocolLimits) as [string, number][]

/** Limits whose name fits. */
export function limitsNamed(pattern: RegExp): string[] {
  return limits.map(([name]) => name).filter((name) => pattern.test(name))
}

/** Flags of `serve` that give each of them that value. */
export function limitFlags(names: readonly string[], value: number): string[] {
  return names.flatMap((name) => ['--node-limit', `${name}=${value}`])
}

/** So many calls that what is behind the rates is reached. */
export function withoutRates(): string[] {
  return limitFlags(limitsNamed(/(?:PerSecond|Burst)$/), 10_000_000)
}
