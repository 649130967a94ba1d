import { asError } from '../lib/clock.ts'
import { OperatingError } from '../lib/errors.ts'
import { type Batch, type Head, type Lot, schemaVersion } from './records.ts'

/** A record that this node cannot read: damaged, or of a newer schema. Its auction is out of service here; others go on. */
export class Unreadable extends OperatingError {
  constructor(key: string, why: string) {
    super('quarantined', `${key} cannot be read: ${why}`)
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

export function encodeJson(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value))
}

export function decodeJson(key: string, value: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(value))
  } catch (error) {
    throw new Unreadable(key, asError(error).message)
  }
}

export const encodeHead = (head: Head): Uint8Array => encodeJson(head)

export function decodeHead(key: string, value: Uint8Array): Head {
  const head = decodeRecord(key, value) as Partial<Head>
  const isWhole =
    typeof head.epoch === 'string' &&
    isCount(head.slot) &&
    isCount(head.seq) &&
    isObject(head.state) &&
    isObject(head.batch) &&
    Array.isArray(head.batch.events) &&
    isObject(head.ids) &&
    Array.isArray(head.ids.recent)
  if (!isWhole) throw new Unreadable(key, 'fields are missing or of a wrong type')
  return head as Head
}

export const encodeBatch = (batch: Batch): Uint8Array =>
  encodeJson({ schema: schemaVersion, ...batch })

export function decodeBatch(key: string, value: Uint8Array): Batch {
  const batch = decodeRecord(key, value) as Partial<Batch>
  const isWhole =
    typeof batch.batchId === 'string' &&
    isCount(batch.slot) &&
    isCount(batch.firstSeq) &&
    Array.isArray(batch.events)
  if (!isWhole) throw new Unreadable(key, 'fields are missing or of a wrong type')
  return batch as Batch
}

/**
 * The slot and the head of one append: what encodeBatch and encodeHead say, but the batch, which stands in both, is put in
 * words once. @param eventsText the batch's events as JSON, without the brackets, where somebody has it already
 */
export function encodeAppend(
  head: Head,
  eventsText = JSON.stringify(head.batch.events).slice(1, -1),
): { slot: Uint8Array; head: Uint8Array } {
  const { schema, epoch, slot, seq, state, ids } = head
  const { batchId, firstSeq, endsAtBefore } = head.batch
  const place = JSON.stringify({ batchId, slot: head.batch.slot, firstSeq, endsAtBefore })
  const batchText = `${place.slice(1, -1)},"events":[${eventsText}]}`
  const before = JSON.stringify({ schema, epoch, slot, seq, state }).slice(0, -1)
  return {
    slot: encoder.encode(`{"schema":${schemaVersion},${batchText}`),
    head: encoder.encode(`${before},"batch":{${batchText},"ids":${JSON.stringify(ids)}}`),
  }
}

export const encodeLot = (lot: Lot): Uint8Array => encodeJson({ schema: schemaVersion, ...lot })

export function decodeLot(key: string, value: Uint8Array): Lot {
  const lot = decodeRecord(key, value) as Partial<Lot>
  if (typeof lot.title !== 'string' || typeof lot.description !== 'string') {
    throw new Unreadable(key, 'fields are missing or of a wrong type')
  }
  return lot as Lot
}

function decodeRecord(key: string, value: Uint8Array): object {
  const record = decodeJson(key, value)
  if (!isObject(record) || !('schema' in record) || !isCount(record.schema)) {
    throw new Unreadable(key, 'it has no schema number')
  }
  if (record.schema > schemaVersion) {
    throw new Unreadable(key, `schema ${record.schema} is newer than ${schemaVersion}`)
  }
  return record
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const isCount = (value: unknown): value is number => Number.isSafeInteger(value)
