import type { Option } from 'commander'
import type { NodeConfig } from '../../src/node/config.ts'
import { flag, wholeNumber } from '../flag.ts'

/** How much the store may hold, where the store itself cannot say. */
export interface StoreSizeFlags {
  storeBytesMax?: number
}

export function storeBytesMaxFlag(): Option {
  return flag(
    '--store-bytes-max <n>',
    "what the store may hold: etcd's --quota-backend-bytes, or what you give it",
  ).argParser(wholeNumber(1024 ** 2, 2 ** 49))
}

export function storeSizeConfigOf({
  storeBytesMax,
}: StoreSizeFlags): Pick<NodeConfig, 'storeBytesMax'> {
  return storeBytesMax === undefined ? {} : { storeBytesMax }
}
