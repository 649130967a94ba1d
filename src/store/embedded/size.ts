import { stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { MeasureStore, StoreSize } from '../size.ts'
import { unknownSize } from '../size.ts'

/** What stands in the file: its leaves, and its bytes without pages that are free again. */
export interface InFile {
  readonly keys: number
  readonly bytes: number
}

/**
 * The file may grow by what is free on its disk.
 * @param options `inFile` is what the open store says of its file; without it all of the file counts, from outside
 */
export function createEmbeddedMeasure(options: {
  folder: string
  bytesMax: number | null
  inFile?: () => InFile
}): MeasureStore {
  const { folder, bytesMax, inFile } = options
  return async (): Promise<StoreSize> => {
    try {
      const [{ size }, { bavail, bsize }] = await Promise.all([
        stat(join(folder, 'data.mdb')),
        statfs(folder),
      ])
      const inside = inFile?.()
      const mayHold = Math.min(size + bavail * bsize, bytesMax ?? Infinity)
      return { keys: inside?.keys ?? null, bytes: inside?.bytes ?? size, bytesMax: mayHold }
    } catch {
      return unknownSize
    }
  }
}
