// The program, in a process that collects its garbage and tells its memory when asked by SIGUSR2: into memory-PID.json of its
// working folder; or, where heap-PID.wanted is there and names a file, all that its heap holds, into that file.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
const wanted = `heap-${process.pid}.wanted`

function tellHeap() {
  const file = readFileSync(wanted, 'utf8')
  rmSync(wanted)
  writeHeapSnapshot(`${file}.part`)
  renameSync(`${file}.part`, file)
}

function tellMemory() {
  const file = `memory-${process.pid}.json`
  writeFileSync(`${file}.part`, JSON.stringify(process.memoryUsage()))
  renameSync(`${file}.part`, file)
}

process.on('SIGUSR2', () => {
  collect()
  collect()
  if (existsSync(wanted)) tellHeap()
  else tellMemory()
})
await import('../../dist/cmd/lotkeeper.js')
