import { readFileSync } from 'node:fs'

/**
 * How many descriptors (files and sockets) this process may have open; undefined where the system does not say. Node raises its own
 * limit as far as it may when it starts, so this is `ulimit -Hn` of whoever started it.
 */
export function descriptorsMax(): number | undefined {
  try {
    return openFilesOf(readFileSync('/proc/self/limits', 'utf8'))
  } catch {
    return undefined
  }
}

/** The soft limit of a `/proc/PID/limits`. */
export function openFilesOf(limits: string): number | undefined {
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1]
  return soft === undefined ? undefined : Number(soft)
}
