import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { create, win } from './conformance/words.ts'
import { openEmbedded } from './embedded-open.ts'

const childPath = join(import.meta.dirname, 'embedded-child.ts')
let folder: string
let base: string
let children: ChildProcess[]

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'lotkeeper-embedded-'))
  folder = join(base, 'data')
  children = []
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(base, { recursive: true, force: true })
})

interface Running {
  readonly process: ChildProcess
  readonly lines: string[]
  readonly exited: Promise<void>
  has(line: string): boolean
}

function run(program: string, argument = '', env: NodeJS.ProcessEnv = {}): Running {
  return start(process.execPath, ['--import', 'tsx', childPath, program, folder, argument], env)
}

function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  children.push(child)
  const lines: string[] = []
  let rest = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
  })
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return { process: child, lines, exited, has: (line) => lines.some((one) => one.startsWith(line)) }
}

const acknowledged = (running: Running) =>
  running.lines.flatMap((line) =>
    line.startsWith('acknowledged ') ? [Number(line.split(' ')[1])] : [],
  )

async function kill(running: Running) {
  running.process.kill('SIGKILL')
  await running.exited
}

describe('the embedded store is durable', () => {
  test('what was acknowledged before kill -9 is there afterwards, and its ephemerals are not', async () => {
    let first = 0
    for (let round = 0; round < 3; round++) {
      const child = run('write', `${first}+100000`)
      await eventually(() => acknowledged(child).length >= 100, { withinMs: 30_000 })
      await kill(child)
      const last = acknowledged(child).at(-1)!
      expect(child.lines[0]).toBe('open clean')
      const store = await openEmbedded(folder)
      expect(store.wasCleanStop).toBe(false)
      expect(await store.list('locks')).toEqual([])
      const there = new Set((await store.list('log')).map(({ key }) => key))
      for (let number = 0; number <= last; number++) expect(there).toContain(`log/${number}`)
      expect(await store.list('copy')).toHaveLength(there.size)
      first = there.size
      const lockRevision = BigInt(child.lines[1]!.split(' ')[1]!)
      const { revision } = await win(store, [create(`after/${round}`)])
      expect(revision, 'a forgotten lock’s revision').toBeGreaterThan(lockRevision + BigInt(last))
      await store.close()
    }
  })

  test('nor does kill -9 lose any of sixteen commits under way at a time', async () => {
    const child = run('writeMany', '0')
    await eventually(() => acknowledged(child).length >= 2_000, { withinMs: 30_000 })
    await kill(child)
    const store = await openEmbedded(folder)
    const there = new Set((await store.list('log')).map(({ key }) => key))
    const missing = acknowledged(child).filter((number) => !there.has(`log/${number}`))
    expect(missing).toEqual([])
    await store.close()
  })

  test('each commit was synced between its sending and its acknowledgement', async ({ skip }) => {
    const hasStrace = spawnSync('strace', ['-V']).status === 0
    skip(!hasStrace, 'strace is not installed: NOT TESTED that acknowledged means synced')
    const tracePath = join(base, 'trace')
    const traced = [
      '-f',
      '-y',
      '-e',
      'trace=fdatasync,fsync,write,writev,pwrite64,pwritev',
      '-o',
      tracePath,
    ]
    const child = [process.execPath, '--import', 'tsx', childPath, 'write', folder, '0+40']
    const running = start('strace', [...traced, ...child])
    await running.exited
    expect(running.has('closed')).toBe(true)
    const trace = readFileSync(tracePath, 'utf8').split('\n')
    for (let number = 0; number < 40; number++) {
      const sent = trace.findIndex((line) => line.includes(`"send ${number}\\n"`))
      const told = trace.findIndex((line) => line.includes(`"acknowledged ${number}\\n"`))
      expect(sent).toBeGreaterThan(0)
      expect(told).toBeGreaterThan(sent)
      expect(syncsIn(trace.slice(sent, told)), `syncs of commit ${number}`).toBeGreaterThan(0)
    }
  })
})

/** Syncs of the data file that began after its last page was written, and succeeded, within these lines. */
function syncsIn(lines: readonly string[]): number {
  const pageWrites = lines.map(
    (line) => / p?write(v|64|v64)?\(.*data\.mdb>/.test(line) && !isHead(line),
  )
  const begun = new Set<string>()
  let count = 0
  for (const line of lines.slice(pageWrites.lastIndexOf(true) + 1)) {
    const thread = line.split(' ')[0]!
    if (/f(data)?sync\(\d+<.*data\.mdb>/.test(line)) begun.add(thread)
    if (begun.has(thread) && /sync.*= 0$/.test(line)) count++
  }
  return count
}

/** The meta page that makes a commit the current one is written last, through a descriptor that syncs by itself. */
const isHead = (line: string) => /, (40|4136)\)? *(=|<)/.test(line)

describe('one process has the folder', () => {
  test('a second process is told what to do, also while the first stands still', async () => {
    const first = run('hold')
    await eventually(() => first.has('open'))
    for (const isStopped of [false, true]) {
      if (isStopped) first.process.kill('SIGSTOP')
      const second = run('hold')
      await second.exited
      expect(second.lines.join()).toContain('folder-in-use')
      expect(second.lines.join()).toContain(folder)
      if (!isStopped) expect(second.lines.join()).toContain(`process ${first.process.pid}`)
      expect(second.lines.join()).toContain('Stop it first')
    }
    first.process.kill('SIGCONT')
    first.process.stdin!.write('stop')
    await first.exited
    expect(first.has('closed')).toBe(true)
    const store = await openEmbedded(folder)
    expect(store.wasCleanStop).toBe(true)
    await store.close()
  })

  test('of four that find a killed holder’s socket exactly one takes over', async () => {
    for (let round = 0; round < 3; round++) {
      const killed = run('hold')
      await eventually(() => killed.has('open'))
      await kill(killed)
      const heirs = [run('hold'), run('hold'), run('hold'), run('hold')]
      await eventually(() => heirs.every(({ lines }) => lines.length > 0), { withinMs: 30_000 })
      expect(heirs.filter((heir) => heir.has('open'))).toHaveLength(1)
      expect(heirs.filter((heir) => heir.has('failed folder-in-use'))).toHaveLength(3)
      await Promise.all(heirs.map(kill))
    }
  })
})

describe('why lmdb is not used as it comes', () => {
  test('it shows what is not synced', async ({ skip }) => {
    const library = compileFaults()
    skip(library === undefined, 'no gcc: NOT TESTED what lmdb does by itself')
    const child = run('lookNaively', 'slow', { LD_PRELOAD: library!, FAULT_FOLDER: base })
    await child.exited
    expect(child.lines).toEqual(['visible, synced: false'])
  })

  test('it lets a second process in', async () => {
    const first = run('hold')
    await eventually(() => first.has('open'))
    const second = run('enterNaively')
    await second.exited
    expect(second.lines).toEqual(['let in'])
    first.process.stdin!.write('stop')
    await first.exited
  })
})

describe('a disk that fails does not end the process', () => {
  test('nor is a commit visible before a slow sync is over', async ({ skip }) => {
    const library = compileFaults()
    skip(library === undefined, 'no gcc: NOT TESTED that visible means synced')
    const child = run('look', 'slow', { LD_PRELOAD: library!, FAULT_FOLDER: base })
    await child.exited
    expect(child.lines).toEqual(['visible, synced: true', 'acknowledged, synced: true'])
  })

  for (const [what, flag] of [
    ['is full', 'full'],
    ['fails to sync', 'unsynced'],
    ['fails at the last step of a commit', 'headless'],
  ] as const) {
    test(`when it ${what}, commits are unknown, then refused, and come back`, async ({ skip }) => {
      const library = compileFaults()
      skip(library === undefined, 'no gcc: NOT TESTED what a failing disk does')
      const child = run('fail', flag, { LD_PRELOAD: library!, FAULT_FOLDER: base })
      await child.exited
      const [told] = child.lines
      expect(told).toBe(
        JSON.stringify({
          during: 'OutcomeUnknown',
          after: 'Suspended',
          seen: 'before',
          stateThen: 'suspended',
          isFull: flag !== 'unsynced',
          isWhole: true,
          states: ['suspended', 'serving', 'lost'],
        }) + JSON.stringify({ refused: false, healed: 'healed', clean: true }),
      )
    })
  }
})

/** A library that stands before libc's writes to `data.mdb`; undefined without a compiler. */
function compileFaults(): string | undefined {
  const source = join(base, 'faults.c')
  const library = join(base, 'faults.so')
  writeFileSync(source, faultSource)
  const { status } = spawnSync('gcc', ['-shared', '-fPIC', '-o', library, source, '-ldl'])
  return status === 0 ? library : undefined
}

/** Pages are written whole; the head of the file (its meta page), written last, by less than 200 bytes. */
const faultSource = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
static int is_on(const char *name) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", getenv("FAULT_FOLDER"), name);
  return access(path, F_OK) == 0;
}
static int is_data(int fd) {
  char link[64], path[512];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(link, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = 0;
  return size > 9 && strcmp(path + size - 9, "/data.mdb") == 0;
}
static int fails(int fd, size_t size) {
  return is_data(fd) && ((size >= 200 && is_on("full")) || (size < 200 && is_on("headless")));
}
#define REAL(name) static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)
#define FULL { errno = ENOSPC; return -1; }
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) { REAL(pwrite); if (fails(fd, n)) FULL return real(fd, b, n, o); }
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) { REAL(pwrite64); if (fails(fd, n)) FULL return real(fd, b, n, o); }
ssize_t write(int fd, const void *b, size_t n) { REAL(write); if (fails(fd, n)) FULL return real(fd, b, n); }
ssize_t writev(int fd, const struct iovec *v, int c) { REAL(writev); if (fails(fd, 4096)) FULL return real(fd, v, c); }
ssize_t pwritev(int fd, const struct iovec *v, int c, off_t o) { REAL(pwritev); if (fails(fd, 4096)) FULL return real(fd, v, c, o); }
ssize_t pwritev64(int fd, const struct iovec *v, int c, off64_t o) { REAL(pwritev64); if (fails(fd, 4096)) FULL return real(fd, v, c, o); }
int fdatasync(int fd) {
  REAL(fdatasync);
  if (!is_data(fd)) return real(fd);
  if (is_on("unsynced")) { errno = EIO; return -1; }
  if (!is_on("slow")) return real(fd);
  usleep(400000);
  int result = real(fd);
  char path[512];
  snprintf(path, sizeof path, "%s/synced", getenv("FAULT_FOLDER"));
  close(creat(path, 0600));
  return result;
}
`
