import type { Key } from '../store.ts'

/**
 * Where keys stand in ZooKeeper: `a/b/leaf` is `/root/a+/b+/leaf`. The mark tells a list which children are directories,
 * without reading them; no key contains it.
 */
export interface Paths {
  readonly root: string
  /** Written by everybody, read by nobody. */
  readonly barrier: string
  leaf(key: Key): string
  directory(dir: Key): string
  /** The directories on the way to a leaf, outermost first. */
  above(key: Key): string[]
}

const mark = '+'

export function createPaths(root: string): Paths {
  const base = `/${root}`
  const directory = (dir: Key) => `${base}/${dir.replaceAll('/', `${mark}/`)}${mark}`
  return {
    root: base,
    barrier: `${base}/${mark}barrier`,
    directory,
    leaf(key) {
      const end = key.lastIndexOf('/')
      return end < 0 ? `${base}/${key}` : `${directory(key.slice(0, end))}/${key.slice(end + 1)}`
    },
    above(key) {
      const directories: string[] = []
      for (let end = key.indexOf('/'); end >= 0; end = key.indexOf('/', end + 1)) {
        directories.push(directory(key.slice(0, end)))
      }
      return directories
    },
  }
}

export function isLeafName(name: string): boolean {
  return !name.includes(mark)
}
