import { z } from 'zod'

/**
 * What a schema makes of a value that a stranger sent. Never throws: the library compares the `length` of a value that is no text
 * as well, and JSON can make one that is not comparable, as in `{"name":{"length":{"toString":1}}}`.
 */
export function checkShape<T>(schema: z.ZodType<T>, value: unknown): z.ZodSafeParseResult<T> {
  try {
    return schema.safeParse(value)
  } catch {
    const path = pathToLength(value)
    const issue = { code: 'custom', path, message: 'not as described', input: value } as const
    return { success: false, error: new z.ZodRealError([issue]) as z.ZodError<T> }
  }
}

/** The first field that has a length without being text or a list. */
function pathToLength(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const fields = Object.entries(value) as [string, unknown][]
  const found = fields.find(([, field]) => isOddLength(field))
  return found === undefined ? [] : [found[0]]
}

function isOddLength(field: unknown): boolean {
  return typeof field === 'object' && field !== null && !Array.isArray(field) && 'length' in field
}
