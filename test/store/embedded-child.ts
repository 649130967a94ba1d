/** Programs that a test runs as processes of their own: `embedded-child.ts <program> <folder> [argument]`. */
import { existsSync, mkdirSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { open } from 'lmdb'
import { asError } from '../../src/lib/clock.ts'
import { OperatingError } from '../../src/lib/errors.ts'
import { eventually } from '../support/eventually.ts'
import { create, outcomeOf, put, textOf, win } from './conformance/words.ts'
import { openEmbedded } from './embedded-open.ts'

const [program, folder = '', argument = ''] = process.argv.slice(2)
const nothing = new Int32Array(new SharedArrayBuffer(4))

/** Before it goes on, so that what was said was said before a kill; waits while the pipe is full, until its reader is gone. */
function say(line: string): void {
  const bytes = Buffer.from(`${line}\n`)
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(nothing, 0, 0, 1)
    }
  }
}

/** Commits one after the other, saying each number before it is sent and after it is acknowledged. */
async function write(first: number, count: number) {
  const store = await openEmbedded(folder)
  say(`open ${store.wasCleanStop ? 'clean' : 'unclean'}`)
  const { revision } = await win(store, [create(`locks/${store.session.id}`, 'x', store.session)])
  say(`lock ${revision}`)
  for (let number = first; number < first + count; number++) {
    say(`send ${number}`)
    await win(store, [create(`log/${number}`, String(number)), create(`copy/${number}`)])
    say(`acknowledged ${number}`)
  }
  await store.close()
  say('closed')
}

/** Sixteen at a time. */
async function writeMany(first: number) {
  const store = await openEmbedded(folder)
  let next = first
  const work = async () => {
    for (;;) {
      const number = next++
      await win(store, [create(`log/${number}`, String(number))])
      say(`acknowledged ${number}`)
    }
  }
  await Promise.all(Array.from({ length: 16 }, work))
}

/** Opens and waits to be told to stop. */
async function hold() {
  const store = await openEmbedded(folder)
  say('open')
  process.stdin.once('data', () => {
    void store.close().then(() => {
      say('closed')
      process.stdin.destroy()
    })
  })
}

/** Runs under a library that fails the file's writes or syncs while `<folder>/../<argument>` exists. */
async function fail() {
  const flag = `${folder}/../${argument}`
  const store = await openEmbedded(folder)
  const states: string[] = []
  store.onSessionChange((session) => states.push(session.state))
  await win(store, [create('perm/a', 'before')])
  writeFileSync(flag, '')
  const during = await outcomeOf(win(store, [put('perm/a', 'during'), create('during')]))
  const after = await outcomeOf(win(store, [create('refused')]))
  const seen = await eventually(async () => textOf(await store.get('perm/a')))
  const stateThen = store.session.state
  const isFull = store.health().isFull
  rmSync(flag)
  await eventually(() => store.session.state === 'serving')
  const isThere = (await store.get('during', { fresh: true })) !== undefined
  const text = textOf(await store.get('perm/a', { fresh: true }))
  await win(store, [put('perm/a', 'healed'), create('healed')])
  const refused = await store.get('refused', { fresh: true })
  await store.close()
  const reopened = await openEmbedded(folder)
  const healed = textOf(await reopened.get('perm/a'))
  await reopened.close()
  say(
    JSON.stringify({
      during,
      after,
      seen,
      stateThen,
      isFull,
      isWhole: isThere === (text === 'during'),
      states,
    }) + JSON.stringify({ refused: refused !== undefined, healed, clean: reopened.wasCleanStop }),
  )
}

/** Looks again and again while a commit is synced by a library that takes its time, and leaves `synced` when it is done. */
async function look() {
  const store = await openEmbedded(folder)
  writeFileSync(`${folder}/../${argument}`, '')
  const committing = win(store, [create('a')])
  await eventually(() => store.get('a', { fresh: true }), { everyMs: 1 })
  say(`visible, synced: ${existsSync(`${folder}/../synced`)}`)
  await committing
  say(`acknowledged, synced: ${existsSync(`${folder}/../synced`)}`)
  await store.close()
}

/** The same with lmdb as it comes. */
async function lookNaively() {
  mkdirSync(folder)
  const database = open({ path: `${folder}/data.mdb`, noSubdir: true })
  writeFileSync(`${folder}/../${argument}`, '')
  const putting = database.put('a', 'x')
  await eventually(() => database.get('a') as unknown, { everyMs: 1 })
  say(`visible, synced: ${existsSync(`${folder}/../synced`)}`)
  await putting
  await database.close()
}

/** Opens with lmdb alone what somebody else may have open. */
async function enterNaively() {
  await open({ path: `${folder}/data.mdb`, noSubdir: true }).put('intruder', 'x')
  say('let in')
}

const programs: Record<string, () => Promise<void>> = {
  write: () => write(Number(argument.split('+')[0]), Number(argument.split('+')[1])),
  writeMany: () => writeMany(Number(argument)),
  hold,
  fail,
  look,
  lookNaively,
  enterNaively,
}
try {
  await programs[program ?? '']?.()
} catch (error) {
  say(`failed ${error instanceof OperatingError ? error.code : ''}: ${asError(error).message}`)
  process.exitCode = 1
}
