import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { must } from '../../../src/lib/assert.ts'
import { talliesByHolder, talliesByKind, talliesOfCopies } from './heap-kinds.ts'
import { type HeapSnapshot, parseHeapSnapshot } from './heap-snapshot.ts'
import { growthBetween, rowsOf, totalOf } from './heap-table.ts'

// npm run heap -- FOLDER [--per 10000]: what the memory of the nodes is made of, from the snapshots below it
// (npm run bench -- --heap --folder FOLDER); and what of it came between the beginning and the end of what was measured.

const command = new Command('heap')
  .argument('<folder...>')
  .option('--per <n>', 'divide what grew by so many viewers or auctions', whole)
  .parse()
const { per } = command.opts<{ per?: number }>()

const suffix = /-(start|end)\.heapsnapshot$/
for (const folder of command.args) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    suffix.test(name),
  )
  if (files.length === 0) console.log(`no heap snapshots below ${folder}`)
  for (const node of [...new Set(files.map((file) => file.replace(suffix, '')))].sort()) {
    const open = (moment: string): HeapSnapshot | undefined => {
      const file = `${node}-${moment}.heapsnapshot`
      return files.includes(file) ? parseHeapSnapshot(readFileSync(join(folder, file))) : undefined
    }
    tell(relative('', join(folder, node)), open('start'), open('end'))
  }
}

function tell(node: string, start: HeapSnapshot | undefined, end: HeapSnapshot | undefined) {
  const last = must(end ?? start, 'snapshot')
  const kinds = talliesByKind(last)
  section(`${node}, at the ${end === undefined ? 'start' : 'end'}: by kind`, rowsOf(kinds))
  section('strings that are there more than once: the copies', rowsOf(talliesOfCopies(last)))
  if (start === undefined || end === undefined) return
  const grown = growthBetween(talliesByKind(start), kinds)
  section('what grew since the start', rowsOf(grown, per))
  const parts = growthBetween(talliesByHolder(start), talliesByHolder(end))
  section('of these, strings, arrays and numbers by what holds them', rowsOf(parts, per))
  const copies = growthBetween(talliesOfCopies(start), talliesOfCopies(end))
  section('of these, copies of strings', rowsOf(copies, per))
  const each = per === undefined ? '' : `, ${Math.round(totalOf(grown) / per)} for each of ${per}`
  console.log(`${totalOf(grown)} bytes more than at the start${each}\n`)
}

function section(title: string, rows: readonly string[]) {
  console.log([title, ...rows, ''].join('\n'))
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Use a whole number.')
  return Number(text)
}
