import { openRaw, type Door } from '../stage/wire.ts'
import type { RawAnswer } from './oracle.ts'

/** Sends bytes, says that there are no more, and takes what comes until the node closes or the time is over. */
export async function exchange(
  door: Door,
  from: string,
  bytes: Buffer,
  withinMs: number,
): Promise<RawAnswer> {
  const connection = await openRaw(door, from)
  connection.socket.write(bytes)
  await connection.answered(withinMs)
  const isClosed = await connection.closed(connection.text === '' ? 0 : withinMs)
  connection.socket.destroy()
  return { text: connection.text, isClosed }
}
