import { readFileSync } from 'node:fs'

/** Of package.json, from `dist/src/node` as well as from `src/node`. */
export const version: string = readVersion(['../../package.json', '../../../package.json'])

function readVersion(paths: readonly string[]): string {
  for (const path of paths) {
    try {
      const text = readFileSync(new URL(path, import.meta.url), 'utf8')
      return (JSON.parse(text) as { version: string }).version
    } catch {
      // Not there: the other place.
    }
  }
  return '0.0.0'
}
