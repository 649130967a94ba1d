/** A frame of another node that is not as it should be: of another build, or of somebody else. */
export class NotUnderstood extends Error {
  constructor(what: string) {
    super(`${what} is not as it should be`)
  }
}

/** @throws NotUnderstood, as all of these */
export function parseFrame(text: string): readonly unknown[] {
  let frame: unknown
  try {
    frame = JSON.parse(text)
  } catch {
    throw new NotUnderstood('the JSON')
  }
  return rowOf(frame, 'the frame', 1, Infinity)
}

export function rowOf(
  part: unknown,
  what: string,
  lengthMin: number,
  lengthMax = lengthMin,
): readonly unknown[] {
  if (Array.isArray(part) && part.length >= lengthMin && part.length <= lengthMax) return part
  throw new NotUnderstood(what)
}

export function textOf(part: unknown, what: string, lengthMax: number): string {
  if (typeof part === 'string' && part !== '' && part.length <= lengthMax) return part
  throw new NotUnderstood(what)
}

const idPattern = /^[A-Za-z0-9_.~-]+$/

/** Ids of bids and people: letters and digits of ASCII, so that none of it can pretend to be something else. */
export function idOf(part: unknown, what: string, lengthMax: number): string {
  const text = textOf(part, what, lengthMax)
  if (idPattern.test(text)) return text
  throw new NotUnderstood(what)
}

/** Counts, seqs, amounts: whole, not negative, exact. */
export function wholeOf(part: unknown, what: string): number {
  if (Number.isSafeInteger(part) && (part as number) >= 0) return part as number
  throw new NotUnderstood(what)
}

/** The last instant that a Date can be; formatting a later one throws. */
const instantMax = 8.64e15

/** Instants and durations in ms; may be fractional. */
export function msOf(part: unknown, what: string): number {
  if (typeof part === 'number' && part >= 0 && part <= instantMax) return part
  throw new NotUnderstood(what)
}

export function orNull<T>(part: unknown, what: string, read: (part: unknown, what: string) => T) {
  return part === null ? null : read(part, what)
}
