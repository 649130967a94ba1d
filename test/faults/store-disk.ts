import { execFileSync } from 'node:child_process'
import { mkdirSync, rmdirSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '../../src/ensemble/find-program.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'

/** A small file system in memory (Linux, root) that one store server keeps its data on. */
export interface StoreDisk {
  /** No page more than what is used just now. */
  fill(): void
  makeRoom(): void
  remove(): void
}

const roomyBytes = 1024 ** 3
const triesMax = 20

/** Why there can be none here; undefined when there can. */
export function lacksDisks(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'to mount a small disk takes Linux and root'
  if (findProgram('mount') === undefined) return 'mount is not installed'
  const folder = join(tmpdir(), `lotkeeper-disk-${systemEntropy.token(6)}`)
  try {
    mountDisk(folder).remove()
    return undefined
  } catch (error) {
    return `disks may not be mounted here: ${String(error).split('\n')[0] ?? ''}`
  } finally {
    rmdirSync(folder)
  }
}

export function mountDisk(folder: string): StoreDisk {
  mkdirSync(folder, { recursive: true })
  run('mount', '-t', 'tmpfs', '-o', `size=${roomyBytes}`, 'lotkeeper-faults', folder)
  const remove = () => {
    if (mounted.delete(remove)) run('umount', '--lazy', folder)
  }
  mounted.add(remove)
  if (!isWatchingExit) process.on('exit', () => mounted.forEach((again) => again()))
  isWatchingExit = true
  const resize = (bytes: number) => run('mount', '-o', `remount,size=${bytes}`, folder)
  return {
    fill() {
      for (let tries = 1; ; tries++) {
        const { blocks, bfree, bsize } = statfsSync(folder)
        try {
          resize((blocks - bfree) * bsize)
          return
        } catch (error) {
          // More was written since we looked.
          if (tries >= triesMax) throw error
        }
      }
    },
    makeRoom: () => resize(roomyBytes),
    remove,
  }
}

const mounted = new Set<() => void>()
let isWatchingExit = false

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
