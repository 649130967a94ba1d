import { OperatingError } from '../../lib/errors.ts'

/** A durable leaf. Its version is the revision of the commit that wrote it last. */
export interface DurableLeaf {
  readonly value: Uint8Array
  readonly version: bigint
  readonly createRevision: bigint
}

const layout = 1
const headerBytes = 17

/** One byte of layout, createRevision and version as big-endian 64 bits, then the value. Copies the value. */
export function encodeLeaf(leaf: DurableLeaf): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes + leaf.value.byteLength)
  bytes.writeUInt8(layout, 0)
  bytes.writeBigUInt64BE(leaf.createRevision, 1)
  bytes.writeBigUInt64BE(leaf.version, 9)
  bytes.set(leaf.value, headerBytes)
  return bytes
}

/** The value shares the memory of `bytes`. */
export function decodeLeaf(bytes: Buffer): DurableLeaf {
  if (bytes[0] !== layout) {
    throw new OperatingError(
      'unknown-layout',
      `a leaf of layout ${bytes[0] ?? 'none'}: this folder was written by a newer Lotkeeper; use that one`,
    )
  }
  return {
    value: new Uint8Array(
      bytes.buffer,
      bytes.byteOffset + headerBytes,
      bytes.byteLength - headerBytes,
    ),
    createRevision: bytes.readBigUInt64BE(1),
    version: bytes.readBigUInt64BE(9),
  }
}
