import { execFileSync } from 'node:child_process'
import { systemEntropy } from '../../src/lib/entropy.ts'

/** The programs `ip` and `tc` of Linux, and what of their works has to be undone. */

export const ipProgram = 'ip'
/** A frame for it reaches the other end and is dropped there, as it is for somebody else. */
export const nobodysMac = '02:00:00:00:00:01'

/** One command, its words apart by single spaces. @throws with what it complained of */
export const ip = (command: string) => run(ipProgram, command)

/** Traffic control, the same way. */
export const tc = (command: string) => run('tc', command)

function run(program: string, command: string): string {
  return execFileSync(program, command.split(' '), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

export function macOf(command: string): string {
  const mac = /link\/ether ([0-9a-f:]+)/.exec(ip(command))?.[1]
  if (mac === undefined) throw new Error(`no address in ip ${command}`)
  return mac
}

/** Five letters and digits: names of links have room for no more. */
export const newToken = () => Math.floor(systemEntropy.random() * 36 ** 5).toString(36)

/** Two bytes of a private network, at random. */
export function newNet(): string {
  const octet = () => 1 + Math.floor(systemEntropy.random() * 250)
  return `10.${octet()}.${octet()}`
}

/** A namespace that is removed when asked to, or at our exit: it would outlive whoever made it. */
export function addNamespace(name: string): { remove: () => void } {
  ip(`netns add ${name}`)
  const remove = () => {
    if (standing.delete(remove)) ip(`netns del ${name}`)
  }
  standing.add(remove)
  if (!isWatchingExit) process.on('exit', () => standing.forEach((again) => again()))
  isWatchingExit = true
  return { remove }
}

const standing = new Set<() => void>()
let isWatchingExit = false
